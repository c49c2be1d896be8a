"""Every built-in provider against the sandbox's feeds, which are written from the providers' documents alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from cache import FeedSnapshot
from config import PanelKind, ScreenConfig
from player.feeds import PROVIDERS
from player.fetch import HttpAnswer
from sandbox.feeds import add_feeds
from tests.fakes import FakeClock
from tests.player.feeds.sources import Source, one

ROOT = "http://sandbox.test"
HARBOUR = ScreenConfig(latitude=43.6, longitude=-70.25)

CASES: tuple[tuple[PanelKind, dict[str, Any]], ...] = (
    ("weather", {"provider": "open-meteo", "url": f"{ROOT}/weather"}),
    ("weather", {"provider": "nws", "url": f"{ROOT}/nws"}),
    ("weather", {"provider": "openweathermap", "url": f"{ROOT}/openweathermap/data/3.0/onecall"}),
    ("weather", {"provider": "openweathermap", "url": f"{ROOT}/openweathermap/data/2.5"}),
    ("scores", {"provider": "espn", "url": f"{ROOT}/scoreboard"}),
    ("scores", {"provider": "espn", "url": f"{ROOT}/golf"}),
    ("scores", {"provider": "mlb", "url": f"{ROOT}/mlb/api/v1/schedule"}),
    ("scores", {"provider": "nhl", "url": f"{ROOT}/nhl/v1/score/now"}),
    ("scores", {"provider": "nhl", "url": f"{ROOT}/nhl/v1/schedule/now"}),
    ("headlines", {"provider": "rss", "url": f"{ROOT}/headlines"}),
    ("headlines", {"provider": "rss", "url": f"{ROOT}/headlines.atom"}),
)
IDS = [urlsplit(case["url"]).path for _, case in CASES]


class Sandbox(Source):
    """The sandbox's application, asked without a socket."""

    def __init__(self) -> None:
        super().__init__({})
        app = Flask("sandbox")
        add_feeds(app)
        self.client = app.test_client()

    def request(self, method: str, url: str, *, headers: Mapping[str, str], **_: Any) -> HttpAnswer:
        answer = self.client.open(url.removeprefix(ROOT), method=method, headers=dict(headers), base_url=ROOT)
        self.statuses = [*getattr(self, "statuses", []), answer.status_code]
        date = {"date": datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")}
        told = {name.lower(): value for name, value in answer.headers.items()}
        return HttpAnswer(answer.status_code, date | told, answer.get_data())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(wall=datetime.now(UTC))


def fetched(kind: PanelKind, section: dict[str, Any], clock: FakeClock, tmp_path: Path) -> FeedSnapshot:
    key = tmp_path / "key"
    key.write_text("s3cret\n")
    return one(kind, {**section, "key_file": str(key)}, Sandbox(), clock, HARBOUR).fetch()


@pytest.mark.parametrize(("kind", "section"), CASES, ids=IDS)
def test_it_is_read_whole(kind: PanelKind, section: dict[str, Any], clock: FakeClock, tmp_path: Path) -> None:
    snapshot = fetched(kind, section, clock, tmp_path)
    data = json.loads(json.dumps(snapshot.data, allow_nan=False))

    assert snapshot.fresh(clock.now())
    assert snapshot.attribution
    if kind == "weather":
        assert -45 < data["now"]["temperature"] < 48
        assert data["now"]["code"] in (0, 1, 2, 3, 61, 63, 73)
        assert len(data["hours"]) == 12
        assert len(data["days"]) >= 5
        assert all(day["low"] <= day["high"] for day in data["days"])
    elif kind == "scores":
        assert data["games"]
        assert {game["state"] for game in data["games"]} <= {"live", "next", "final"}
    else:
        assert data["title"] == "Harbour City Courier"
        assert len(data["items"]) == 12
        assert not any("<" in item["title"] or "&amp" in item["title"] for item in data["items"])


def test_every_built_in_provider_is_served() -> None:
    assert {(kind, section["provider"]) for kind, section in CASES} == set(PROVIDERS)


def test_all_weather_providers_tell_the_same_sky(clock: FakeClock, tmp_path: Path) -> None:
    readings = [fetched(kind, section, clock, tmp_path).data for kind, section in CASES if kind == "weather"]
    degrees = [data["now"]["temperature"] for data in readings]
    assert max(degrees) - min(degrees) < 1.5  # each is renewed at its own pace
    highs = [{day["date"]: day["high"] for day in data["days"]} for data in readings]
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    assert max(high[tomorrow] for high in highs) - min(high[tomorrow] for high in highs) < 4


def test_a_second_visit_is_conditional_and_costs_no_body(clock: FakeClock) -> None:
    source = Sandbox()
    feed = one("headlines", {"url": f"{ROOT}/headlines"}, source, clock)
    first = feed.fetch()
    clock.advance(600)
    again = feed.fetch()
    assert source.statuses == [200, 304] or again.data != first.data  # a new story may come in between
    assert len(again.data["items"]) == 12


def test_openweathermap_without_a_key_is_refused() -> None:
    answer = Sandbox().request("GET", f"{ROOT}/openweathermap/data/2.5/weather?lat=1&lon=1", headers={})
    assert answer.status == 401
