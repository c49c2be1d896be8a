"""The exchange as a whole: statuses, errors, tokens, logs."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Code, ExchangeConfig, OohError, ScreenConfig
from player.backoff import ThrottledError
from player.exchange import ExplainingExchange, NoFill, Offered, Opportunity, ScreenIdentity, open_exchange
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.exchange.openrtb.answers import SCREEN, answer, bid
from tests.player.fake_http import FakeHttp

WANTED = Opportunity(screen=SCREEN, duration_ms=8_000)


@dataclass
class SlowHttp(FakeHttp):
    """Takes a quarter of a second to answer."""

    clock: FakeClock = field(default_factory=FakeClock)

    def request(self, *args: Any, **kwargs: Any) -> HttpAnswer:
        self.clock.advance(0.25)
        return super().request(*args, **kwargs)


def exchange(reply: HttpAnswer | OohError, token_file: str = "") -> tuple[ExplainingExchange, FakeHttp]:
    clock = FakeClock()
    http = SlowHttp(reply, clock=clock)
    config = ExchangeConfig(url="https://x.test/rtb", name="acme", token_file=token_file)
    return open_exchange(config, ScreenIdentity.of(ScreenConfig(), "1.2.3"), http, clock), http


def reply(status: int, body: bytes = b"", **headers: str) -> HttpAnswer:
    return HttpAnswer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def test_a_fill(caplog: pytest.LogCaptureFixture) -> None:
    acme, http = exchange(reply(200, answer(bid(), bid(id="bad", price=-1))))

    with caplog.at_level(logging.INFO, "ooh.exchange"):
        result = acme.ask(WANTED)

    assert isinstance(result, Offered)
    assert result.leases[0].exchange == acme.name == "acme"
    assert result.leases[0].lease_id != result.leases[0].request_id
    (asked,) = http.asked
    assert (asked.method, asked.url, asked.timeout_s) == ("POST", "https://x.test/rtb", 5.0)
    assert asked.headers["x-openrtb-version"] == "2.6"
    assert asked.headers["Content-Type"] == "application/json"
    assert json.loads(asked.body or b"")["id"] == result.leases[0].request_id
    assert [record.message for record in caplog.records] == ["bid.refused"]
    assert caplog.records[0].__dict__["facts"]["code"] == "exchange.invalid"


@pytest.mark.parametrize("answered", [reply(204), reply(200), reply(200, b"{}"), reply(200, b'{"nbr":1}')])
def test_a_no_fill(answered: HttpAnswer) -> None:
    assert isinstance(exchange(answered)[0].ask(WANTED), NoFill)


@pytest.mark.parametrize(("status", "header", "wait_s"), [(429, "30", 30.0), (503, "", None), (429, "soon", None)])
def test_throttling_says_when_to_come_back(status: int, header: str, wait_s: float | None) -> None:
    with pytest.raises(ThrottledError) as found:
        exchange(reply(status, b"slow down", retry_after=header))[0].ask(WANTED)

    assert (found.value.code, found.value.retry_after_s) == (Code.EXCHANGE_THROTTLED, wait_s)


@pytest.mark.parametrize(
    ("answered", "code"),
    [
        (reply(400, b"<h1>no\nimp</h1>"), Code.EXCHANGE_UNAVAILABLE),
        (reply(302, b""), Code.EXCHANGE_UNAVAILABLE),
        (reply(500, b"\xff\x00"), Code.EXCHANGE_UNAVAILABLE),
        (reply(200, b"<html>"), Code.EXCHANGE_INVALID),
        (reply(200, answer(bid(adm=None))), Code.EXCHANGE_NO_CREATIVE),
        (OohError(Code.FETCH_TIMEOUT, "late"), Code.EXCHANGE_UNAVAILABLE),
        (OohError(Code.FETCH_NETWORK, "down"), Code.EXCHANGE_UNAVAILABLE),
        (OohError(Code.FETCH_REFUSED, "plain http"), Code.EXCHANGE_UNAVAILABLE),
        (OohError(Code.FETCH_TOO_LARGE, "huge"), Code.EXCHANGE_INVALID),
    ],
)
def test_failures_have_the_exchange_s_own_codes(answered: HttpAnswer | OohError, code: Code) -> None:
    with pytest.raises(OohError) as found:
        exchange(answered)[0].ask(WANTED)

    assert found.value.code is code
    if isinstance(answered, OohError):
        assert answered.detail in found.value.detail


def test_the_token_comes_from_its_file_and_is_in_no_explanation(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hunter2\n")
    acme, http = exchange(reply(204), token_file=str(tmp_path / "token"))

    explained = acme.explain(WANTED)

    assert http.asked[0].headers["Authorization"] == "Bearer hunter2"
    assert "hunter2" not in repr(explained)


def test_an_explanation_tells_everything_and_never_raises() -> None:
    good = exchange(reply(200, answer(bid())))[0].explain(WANTED)
    assert (good.exchange, good.url, good.status, good.elapsed_ms) == ("acme", "https://x.test/rtb", 200, 250)
    assert json.loads(good.request)["imp"][0]["id"] == "1"
    assert json.loads(good.answer)["seatbid"]
    assert "bid bid-1 taken at 2.5 USD" in good.reasons

    dead = exchange(OohError(Code.FETCH_TIMEOUT, "late"))[0].explain(WANTED)
    assert (dead.status, dead.answer) == (None, b"")
    assert isinstance(dead.result, OohError)


@given(st.integers(200, 599), st.binary(max_size=200), st.text(max_size=20))
def test_no_answer_raises_anything_but_an_ooh_error(status: int, body: bytes, retry_after: str) -> None:
    acme, _ = exchange(reply(status, body, retry_after=retry_after))
    try:
        result = acme.ask(WANTED)
    except OohError:
        return
    assert isinstance(result, (Offered, NoFill))
