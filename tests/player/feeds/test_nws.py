"""The US National Weather Service: five answers become one snapshot, and each of them can be done without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from config import Code, OohError, ScreenConfig
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.feeds.sources import Page, Source, one

BOSTON = ScreenConfig(latitude=42.360082, longitude=-71.05888)
POINT = "/points/42.3601,-71.0589"
GRID = "/gridpoints/BOX/71,90"
REPORT = "/stations/KBOS/observations/latest"
ICON = "https://api.weather.gov/icons/land/"


def wmo(unit: str, value: object) -> dict[str, object]:
    return {"unitCode": f"wmoUnit:{unit}", "value": value, "qualityControl": "V"}


def period(
    start: str, degrees: object, words: str = "Sunny", icon: str = "day/skc", **more: object
) -> dict[str, object]:
    return {
        "startTime": start,
        "isDaytime": "/day" in f"/{icon}",
        "temperature": degrees,
        "temperatureUnit": "F",
        "probabilityOfPrecipitation": wmo("percent", 30),
        "windSpeed": "5 to 10 mph",
        "shortForecast": words,
        "icon": f"{ICON}{icon}?size=medium",
        **more,
    }


def pages(clock: FakeClock) -> dict[str, Page]:
    """It is 12:00 UTC on 22 November 2026: 07:00 in Boston."""
    links = {
        "forecast": f"https://api.weather.gov{GRID}/forecast",
        "forecastHourly": f"https://api.weather.gov{GRID}/forecast/hourly",
        "observationStations": f"https://api.weather.gov{GRID}/stations",
    }
    seen = clock.now() - timedelta(minutes=20)
    report = {
        "timestamp": seen.isoformat(),
        "textDescription": "Mostly Cloudy",
        "icon": f"{ICON}day/bkn?size=medium",
        "temperature": wmo("degC", 7.2),
        "windSpeed": wmo("km_h-1", 18.36),
        "windChill": wmo("degC", 4.1),
        "heatIndex": wmo("degC", None),
        "relativeHumidity": wmo("percent", 61.234),
    }
    hours = [period(f"2026-11-22T{hour:02}:00:00-05:00", 40 + hour) for hour in range(6, 20)]
    days = [
        period("2026-11-22T06:00:00-05:00", 52, "Rain", "day/rain,80"),
        period("2026-11-22T18:00:00-05:00", 38, "Clear", "night/skc", probabilityOfPrecipitation=wmo("percent", None)),
        period("2026-11-23T06:00:00-05:00", 50),
        period("2026-11-23T18:00:00-05:00", 33, "Clear", "night/skc"),
        period("2026-11-24T06:00:00-05:00", 48),
    ]
    city = {"properties": {"city": "Boston", "state": "MA"}}
    return {
        POINT: {"properties": {**links, "relativeLocation": city, "timeZone": "America/New_York"}},
        f"{GRID}/stations": {"features": [{"properties": {"stationIdentifier": "KBOS"}}]},
        REPORT: {"properties": report},
        f"{GRID}/forecast/hourly": {"properties": {"generatedAt": clock.now().isoformat(), "periods": hours}},
        f"{GRID}/forecast": {"properties": {"periods": days}},
        "/alerts/active": {"features": []},
    }


def fetch(clock: FakeClock, found: dict[str, Page], **section: Any) -> dict[str, Any]:
    return one("weather", {"provider": "nws", **section}, Source(found), clock, BOSTON).fetch().data


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_the_whole_snapshot(clock: FakeClock) -> None:
    source = Source(pages(clock))
    snapshot = one("weather", {"provider": "nws"}, source, clock, BOSTON).fetch()
    data = snapshot.data

    assert snapshot.attribution == "US National Weather Service"
    assert snapshot.fetched_at == clock.now() - timedelta(minutes=20)
    assert (data["place"], data["units"], data["utc_offset_seconds"]) == ("Boston", "celsius", -18_000)
    assert data["now"] == {
        "temperature": 7.2,
        "feels_like": 4.1,
        "code": 3,
        "is_day": True,
        "wind_kmh": 18.4,
        "humidity": 61.2,
    }
    assert data["hours"][0] == {
        "time": "2026-11-22T12:00:00.000Z",
        "temperature": 8.3,
        "code": 0,
        "is_day": True,
        "rain_percent": 30.0,
    }
    assert len(data["hours"]) == 12
    assert data["days"] == [
        {"date": "2026-11-22", "low": 3.3, "high": 11.1, "code": 63, "rain_percent": 30.0},
        {"date": "2026-11-23", "low": 0.6, "high": 10.0, "code": 0, "rain_percent": 30.0},
    ]
    assert "alerts" not in data
    assert [asked.headers["Accept"] for asked in source.asked] == ["application/geo+json"] * 6
    assert all(asked.headers["User-Agent"] for asked in source.asked)


def test_fahrenheit(clock: FakeClock) -> None:
    data = fetch(clock, pages(clock), units="fahrenheit")
    assert (data["units"], data["now"]["temperature"], data["days"][0]["high"]) == ("fahrenheit", 45.0, 52.0)


def test_the_place_is_found_once_a_day(clock: FakeClock) -> None:
    source = Source(pages(clock))
    feed = one("weather", {"provider": "nws"}, source, clock, BOSTON)
    feed.fetch()
    clock.advance(900)
    feed.fetch()
    assert len(source.asked) == 6 + 4
    clock.advance(86_400)
    source.pages |= pages(clock)
    feed.fetch()
    assert sum(POINT in asked.url for asked in source.asked) == 2


@pytest.mark.parametrize("minutes", [91, 60 * 24])
def test_an_old_report_gives_way_to_the_forecast_of_the_hour(clock: FakeClock, minutes: int) -> None:
    found = pages(clock)
    seen = clock.now() - timedelta(minutes=minutes)
    found[REPORT] = {"properties": {"timestamp": seen.isoformat(), "temperature": wmo("degC", -30)}}
    snapshot = one("weather", {"provider": "nws"}, Source(found), clock, BOSTON).fetch()
    assert snapshot.data["now"]["temperature"] == 8.3
    assert snapshot.fetched_at == clock.now()


@pytest.mark.parametrize(
    ("missing", "check"),
    [
        (f"{GRID}/stations", lambda data: data["now"]["temperature"] == 8.3),
        (REPORT, lambda data: data["now"]["temperature"] == 8.3),
        (f"{GRID}/forecast", lambda data: data["days"] == []),
        (f"{GRID}/forecast/hourly", lambda data: data["hours"] == [] and data["now"]["temperature"] == 7.2),
        ("/alerts/active", lambda data: "alerts" not in data),
    ],
)
@pytest.mark.parametrize(
    "instead",
    [
        HttpAnswer(404, {}, b"{}"),
        HttpAnswer(500, {}, b"<html>"),
        HttpAnswer(200, {}, b"<html>down</html>"),
        HttpAnswer(200, {}, b'{"properties":null,"features":null}'),
        HttpAnswer(429, {"retry-after": "5"}, b""),
        OohError(Code.FETCH_TIMEOUT, "slow"),
    ],
    ids=["404", "500", "html", "nulls", "429", "timeout"],
)
def test_each_part_can_be_done_without(
    clock: FakeClock, missing: str, check: Callable[[dict[str, Any]], bool], instead: Page
) -> None:
    assert check(fetch(clock, {**pages(clock), missing: instead}))


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (HttpAnswer(404, {}, b'{"title":"Data Unavailable For Requested Point"}'), Code.FETCH_STATUS),
        (HttpAnswer(200, {}, b'{"properties":{}}'), Code.FEED_INVALID),
        (HttpAnswer(200, {}, b"<html>"), Code.FEED_INVALID),
        (OohError(Code.FETCH_NETWORK, "no route"), Code.FETCH_NETWORK),
    ],
)
def test_without_the_point_there_is_nothing(clock: FakeClock, page: Page, code: Code) -> None:
    with pytest.raises(OohError) as found:
        fetch(clock, {**pages(clock), POINT: page})
    assert found.value.code is code


def test_a_grid_that_moved_is_looked_up_again(clock: FakeClock) -> None:
    source = Source(pages(clock))
    feed = one("weather", {"provider": "nws"}, source, clock, BOSTON)
    feed.fetch()
    whole = dict(source.pages)
    for path in (REPORT, f"{GRID}/forecast/hourly"):
        source.pages[path] = HttpAnswer(404, {}, b"{}")
    with pytest.raises(OohError):
        feed.fetch()
    source.pages = whole
    feed.fetch()
    assert sum(POINT in asked.url for asked in source.asked) == 2


def test_links_lead_nowhere_but_to_the_configured_server(clock: FakeClock) -> None:
    found = pages(clock)
    source = Source({f"/mirror{path}": page for path, page in found.items()})
    one("weather", {"provider": "nws", "url": "https://mirror.test/mirror/"}, source, clock, BOSTON).fetch()
    assert {asked.url.split("/mirror/")[0] for asked in source.asked} == {"https://mirror.test"}


def test_in_the_evening_today_has_the_high_of_its_last_hours(clock: FakeClock) -> None:
    clock.advance(3600 * 12)  # 19:00 in Boston
    found = pages(clock)
    tonight = [
        period("2026-11-22T18:00:00-05:00", 38, "Clear", "night/skc"),
        period("2026-11-23T06:00:00-05:00", 50),
        period("2026-11-23T18:00:00-05:00", 33, "Clear", "night/skc"),
    ]
    found[f"{GRID}/forecast"] = {"properties": {"periods": tonight}}
    found[f"{GRID}/forecast/hourly"] = {"properties": {"periods": [period("2026-11-22T19:00:00-05:00", 45)]}}
    today, tomorrow = fetch(clock, found)["days"]
    assert (today["date"], today["low"], today["high"]) == ("2026-11-22", 3.3, 7.2)
    assert (tomorrow["low"], tomorrow["high"]) == (0.6, 10.0)


@pytest.mark.parametrize(
    ("alert", "shown"),
    [
        ({"event": "Wind Advisory", "status": "Actual", "messageType": "Alert"}, ["Wind Advisory"]),
        ({"event": "Wind Advisory"}, ["Wind Advisory"]),
        ({"event": "Test Message", "status": "Test"}, []),
        ({"event": "Flood Watch", "status": "Actual", "messageType": "Cancel"}, []),
        ({"event": "Flood Watch", "expires": "2026-11-22T06:59:00-05:00"}, []),
        (
            {"event": "Flood Watch", "ends": "2026-11-22T20:00:00-05:00", "expires": "2026-11-22T06:00:00-05:00"},
            ["Flood Watch"],
        ),
        ({"event": None}, []),
        ({}, []),
    ],
)
def test_alerts(clock: FakeClock, alert: dict[str, object], shown: list[str]) -> None:
    found = {**pages(clock), "/alerts/active": {"features": [{"properties": alert}, None, {"properties": alert}]}}
    assert fetch(clock, found).get("alerts", []) == shown


def test_the_worst_alert_comes_first(clock: FakeClock) -> None:
    rows = [("Frost Advisory", "Minor"), ("Tornado Warning", "Extreme"), ("Odd", "What"), ("Flood Watch", "Severe")]
    features = [{"properties": {"event": event, "severity": severity}} for event, severity in rows]
    found = fetch(clock, {**pages(clock), "/alerts/active": {"features": features}})
    assert found["alerts"] == ["Tornado Warning", "Flood Watch", "Frost Advisory", "Odd"]


def test_the_temperature_may_be_a_value_with_a_unit(clock: FakeClock) -> None:
    rows = [period("2026-11-22T12:00:00+00:00", wmo("degC", 4.5))]
    found = {**pages(clock), f"{GRID}/forecast/hourly": {"properties": {"periods": rows}}}
    assert fetch(clock, found)["hours"][0]["temperature"] == 4.5
