"""OpenWeather: One Call 3.0, and 2.5's two answers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from config import Code, OohError
from player.feeds import Feed
from player.feeds.weather._open_weather_map_read import code_of
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.feeds.sources import BERLIN, Page, Source, one

NOW = 1_795_348_800  # 2026-11-22T12:00:00Z
ONE_CALL = "/data/3.0/onecall"
WEATHER, FORECAST = "/data/2.5/weather", "/data/2.5/forecast"
KEY = "0123456789abcdef"


def sky(number: int, icon: str = "10d") -> list[dict[str, object]]:
    return [{"id": number, "main": "x", "description": "x", "icon": icon}]


def one_call(**changes: object) -> dict[str, Any]:
    hour = {"temp": 9.4, "clouds": 80, "weather": sky(500), "pop": 0.35}
    day = {"temp": {"min": 3.21, "max": 11.0}, "weather": sky(803), "pop": 1}
    return {
        "timezone_offset": 3600,
        "current": {
            "dt": NOW - 300,
            "sunrise": NOW - 20_000,
            "sunset": NOW + 10_000,
            "temp": 9.87,
            "feels_like": 7.1,
            "humidity": 70,
            "clouds": 75,
            "wind_speed": 5,
            "weather": sky(804),
        },
        "hourly": [{"dt": NOW + 3600 * nth, **hour} for nth in range(-2, 40)],
        "daily": [{"dt": NOW - 3600 + 86_400 * nth, **day} for nth in range(-1, 8)],
        "alerts": [{"event": "Sturm", "end": NOW + 60}, {"event": "Vorbei", "end": NOW - 60}, {"event": "Sturm"}],
        **changes,
    }


def two_five() -> dict[str, Page]:
    main = {"temp": 5.0, "feels_like": 2.0, "temp_min": 4.0, "temp_max": 6.0, "humidity": 80}
    steps = [
        {
            "dt": NOW + 3600 * 3 * nth,
            "main": {**main, "temp": float(nth), "temp_min": nth - 1.0, "temp_max": nth + 1.0},
            "weather": sky(500 if nth % 2 else 800),
            "clouds": {"all": 40},
            "pop": 0.1,
            "sys": {"pod": "n"},
        }
        for nth in range(1, 20)
    ]
    current = {
        "dt": NOW - 120,
        "main": main,
        "weather": sky(601, "13n"),
        "clouds": {"all": 100},
        "wind": {"speed": 10},
        "sys": {"country": "NO"},
        "timezone": 3600,
        "name": "Tromsø",
        "cod": 200,
    }
    return {WEATHER: current, FORECAST: {"cod": "200", "list": steps, "city": {"name": "Tromsø", "timezone": 3600}}}


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    (tmp_path / "key").write_text(f"{KEY}\n")
    return str(tmp_path / "key")


def opened(found: dict[str, Page], key_file: str, url: str = "", **more: str) -> tuple[Feed, Source]:
    source = Source(found)
    section = {"provider": "openweathermap", "key_file": key_file, "url": url, **more}
    return one("weather", section, source, FakeClock()), source


def test_one_call(key_file: str) -> None:
    feed, source = opened({ONE_CALL: one_call()}, key_file)
    snapshot = feed.fetch()
    data = snapshot.data

    assert snapshot.attribution == "Weather data provided by OpenWeather"
    assert snapshot.fetched_at.timestamp() == NOW - 300
    assert data["now"] == {
        "temperature": 9.9,
        "feels_like": 7.1,
        "code": 3,
        "is_day": True,
        "wind_kmh": 18.0,
        "humidity": 70.0,
    }
    assert data["hours"][0] == {
        "time": "2026-11-22T12:00:00.000Z",
        "temperature": 9.4,
        "code": 61,
        "is_day": True,
        "rain_percent": 35.0,
    }
    assert data["days"][0] == {"date": "2026-11-22", "low": 3.2, "high": 11.0, "code": 3, "rain_percent": 100.0}
    assert (len(data["hours"]), len(data["days"]), data["utc_offset_seconds"]) == (12, 7, 3600)
    assert data["alerts"] == ["Sturm"]
    assert f"appid={KEY}" in source.asked[0].url
    assert f"lat={BERLIN.latitude}" in source.asked[0].url


@pytest.mark.parametrize(
    "url", ["https://x.test/data/2.5", "https://x.test/data/2.5/", "https://x.test/data/2.5/weather"]
)
def test_the_two_answers_of_2_5(key_file: str, url: str) -> None:
    feed, source = opened(two_five(), key_file, url)
    snapshot = feed.fetch()
    data = snapshot.data

    assert [asked.url.split("?")[0].rpartition("/")[2] for asked in source.asked] == ["weather", "forecast"]
    assert snapshot.fetched_at.timestamp() == NOW - 120
    assert (data["place"], data["now"]["code"], data["now"]["is_day"], data["now"]["wind_kmh"]) == (
        "Tromsø",
        73,
        False,
        36.0,
    )
    assert [row["time"][11:16] for row in data["hours"][:3]] == ["11:58", "15:00", "18:00"]
    assert data["days"][0] == {"date": "2026-11-22", "low": 0.0, "high": 4.0, "code": 61, "rain_percent": 10.0}
    assert data["days"][1]["date"] == "2026-11-23"
    assert (data["days"][1]["low"], data["days"][1]["high"]) == (3.0, 12.0)
    assert [day["date"] for day in data["days"]] == ["2026-11-22", "2026-11-23", "2026-11-24"]


def test_2_5_shows_the_present_when_the_forecast_fails(key_file: str) -> None:
    feed, _ = opened({**two_five(), FORECAST: HttpAnswer(500, {}, b"")}, key_file, "https://x.test/data/2.5")
    data = feed.fetch().data
    assert (data["now"]["temperature"], data["days"]) == (5.0, [])


def test_fahrenheit_is_converted_here(key_file: str) -> None:
    feed, source = opened({ONE_CALL: one_call()}, key_file, units="fahrenheit")
    assert feed.fetch().data["now"]["temperature"] == 49.8
    assert "units=metric" in source.asked[0].url


def test_a_wrong_key_is_told_and_not_shown(key_file: str) -> None:
    body = f'{{"cod":401,"message":"Invalid API key {KEY}. See the FAQ"}}'.encode()
    feed, _ = opened({ONE_CALL: HttpAnswer(401, {}, body)}, key_file)
    with pytest.raises(OohError) as found:
        feed.fetch()
    assert (found.value.code, found.value.detail) == (
        Code.FETCH_STATUS,
        "status 401: Invalid API key ***. See the FAQ",
    )


def test_an_error_with_status_200_is_invalid(key_file: str) -> None:
    feed, _ = opened({ONE_CALL: {"cod": "404", "message": "city not found"}}, key_file)
    with pytest.raises(OohError) as found:
        feed.fetch()
    assert (found.value.code, found.value.detail) == (Code.FEED_INVALID, "city not found")


def test_without_a_key_it_says_so(tmp_path: Path) -> None:
    for key_file in ("", str(tmp_path / "none"), "relative"):
        feed, source = opened({}, key_file)
        with pytest.raises(OohError) as found:
            feed.fetch()
        assert found.value.code is Code.FEED_PROVIDER
        assert source.asked == []


@pytest.mark.parametrize("block", ["current", "hourly", "daily", "alerts", "timezone_offset"])
@pytest.mark.parametrize("value", [None, [], {}, "odd", 7, [None, 3, {"dt": "x"}], [{"dt": NOW, "temp": {}}]])
def test_blocks_may_be_missing_or_odd(key_file: str, block: str, value: object) -> None:
    feed, _ = opened({ONE_CALL: one_call(**{block: value})}, key_file)
    assert feed.fetch().data["now"]["temperature"] in (9.9, 9.4)  # the running hour stands in


@pytest.mark.parametrize(
    ("sun", "icon", "expected"),
    [
        ({"sunrise": NOW - 9, "sunset": NOW + 9}, "01n", True),
        ({"sunrise": NOW + 9, "sunset": NOW + 99}, "01d", False),
        ({"sunrise": 0, "sunset": 0}, "01n", False),  # polar night
        ({}, "01d", True),
        ({}, "01n", False),
        ({}, None, True),
        ({"sunrise": None, "sunset": "x"}, "01n", False),
    ],
)
def test_day_and_night(key_file: str, sun: dict[str, object], icon: str | None, expected: bool) -> None:
    current = {"dt": NOW, "temp": 1, "weather": [{"id": 800, "icon": icon}], **sun}
    feed, _ = opened({ONE_CALL: one_call(current=current)}, key_file)
    assert feed.fetch().data["now"]["is_day"] is expected


@pytest.mark.parametrize(
    ("number", "clouds", "expected"),
    [
        (211, None, 95), (232, None, 95), (300, None, 51), (314, None, 82), (500, None, 61), (501, None, 63),
        (503, None, 65), (511, None, 66), (520, None, 80), (531, None, 81), (600, None, 71), (602, None, 75),
        (611, None, 66), (616, None, 67), (622, None, 86), (701, None, 45), (741, None, 45), (781, None, 95),
        (800, None, 0), (801, None, 1), (802, None, 2), (803, None, 3), (804, None, 3),
        (721, 5, 0), (721, 20, 1), (711, 50, 2), (761, 90, 3), (721, None, None), (899, None, None), (999, 50, None),
        ("500", None, 61), (None, 50, None), (True, 50, None), (Decimal("500.5"), 50, None),
    ],
)  # fmt: skip
def test_condition_ids(number: object, clouds: object, expected: int | None) -> None:
    conditions = None if number is None else [{"id": number}]
    assert code_of(conditions, clouds) == expected
