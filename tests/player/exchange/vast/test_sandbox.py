"""The dialect against the sandbox's own server, which shares no code with it: the book must add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from cache import Beacon
from config import ExchangeConfig, OohError
from player.exchange import NoFill, Offered, RefusedError
from player.exchange.vast import Vast
from player.fetch import HttpAnswer
from sandbox.exchange import Mix, make_app
from tests.fakes import FakeClock
from tests.player.exchange.vast.documents import SCREEN, SLOT, played

CONFIG = ExchangeConfig(url="http://localhost/vast?s=[PLAYERSIZE]&cb=[CACHEBUSTING]", kind="vast")


@dataclass
class Wire:
    """``Http`` straight into the application."""

    client: FlaskClient

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout_s: float,
        max_bytes: int,
    ) -> HttpAnswer:
        assert (method, body) == ("GET", None)
        assert timeout_s > 0
        assert max_bytes > 0
        parts = urlsplit(url)
        answer = self.client.get(f"{parts.path}?{parts.query}", headers=dict(headers))
        found = {name.lower(): value for name, value in answer.headers.items()}
        return HttpAnswer(answer.status_code, found, answer.data, url)

    def call(self, beacons: Iterable[Beacon]) -> None:
        """As delivery does."""
        for one in beacons:
            parts = urlsplit(one.url)
            assert self.client.get(f"{parts.path}?{parts.query}").status_code == 204, one


def run(asks: int, mix: Mix) -> tuple[dict[str, Any], int, int]:
    """Ask, show every other ad, give the rest back; the book, and how many were shown and released."""
    with make_app(mix).test_client() as client:
        wire, clock, dialect = Wire(client), FakeClock(), Vast()
        exchange = dialect.open(CONFIG, SCREEN, wire, clock)
        shown = released = 0
        for number in range(asks):
            clock.advance(1)
            try:
                answer = exchange.ask(SLOT)
            except OohError as error:
                if isinstance(error, RefusedError):
                    wire.call(error.notices)
                continue
            wire.call(answer.notices)
            if isinstance(answer, NoFill):
                continue
            assert isinstance(answer, Offered)
            for lease in answer.leases:
                began = (clock.now() + timedelta(seconds=1)).isoformat()
                if "broken" in lease.creative_url:
                    wire.call(dialect.release(lease, "creative.corrupt"))
                    released += 1
                elif number % 2:
                    wire.call(dialect.release(lease, "lease.expired"))
                    released += 1
                else:
                    wire.call(dialect.shown(lease, replace(played(lease), started_at=began)))
                    shown += 1
        book: dict[str, Any] = client.get("/vast/_state").get_json()
    return book, shown, released


def test_every_ad_is_settled_and_every_call_is_good() -> None:
    book, shown, released = run(120, Mix(slow_share=0))
    assert book["asked"] == 120
    assert book["bad_beacons"] == {}
    wrong = ("partial", "repeated_beacons", "shown_and_failed", "viewed_not_once", "unsettled")
    assert {name: book[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert (book["impressions"], book["starts"], book["completes"]) == (shown, shown, shown)
    assert book["released"] >= released, "those that were refused at once are released too"
    assert book["ads"] == shown + book["released"]
    assert {"206", "302", "405", "901"} <= set(book["errors"])
    assert set(book["shapes"]) == {
        *("inline", "film", "wrapped", "pod", "chain", "buffet", "odd"),
        *("loop", "cut", "broken", "none"),
    }
    assert book["quartiles"]["midpoint"] == book["not_verified"] > 0, "of films alone"
    assert book["no_ad"] > 0


def test_without_trouble_only_programs_are_refused() -> None:
    book, shown, released = run(70, Mix(broken_share=0, nofill_share=0, throttle_share=0, slow_share=0))
    assert set(book["errors"]) == {"206", "901"}
    assert shown + released + book["errors"]["901"] == book["ads"] == 70 // 7 * 9
