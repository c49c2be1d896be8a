"""Forecasts in Open-Meteo's shape, and the ways they differ."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Code, Config, OohError, PanelsConfig, ScreenConfig, WeatherConfig
from player import _loose as loose
from player.feeds.weather._open_meteo import forecast_url, read_forecast

NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
CONFIG = WeatherConfig(place="Berlin")


def forecast(**changes: object) -> dict[str, Any]:
    """A forecast for Berlin (UTC+1): it is 13:20 there."""
    whole: dict[str, Any] = {
        "utc_offset_seconds": 3600,
        "current_units": {"temperature_2m": "°C"},
        "current": {
            "time": "2026-11-22T13:15",
            "temperature_2m": 7.34,
            "apparent_temperature": 4.9,
            "weather_code": 61,
            "is_day": 1,
            "wind_speed_10m": 18.4,
            "relative_humidity_2m": 81,
        },
        "hourly_units": {"temperature_2m": "°C"},
        "hourly": {
            "time": [f"2026-11-22T{hour:02}:00" for hour in range(11, 24)],
            "temperature_2m": [float(hour) for hour in range(11, 24)],
            "weather_code": [3] * 13,
            "is_day": [1] * 6 + [0] * 7,
            "precipitation_probability": [None] + [40] * 12,
        },
        "daily_units": {"temperature_2m_max": "°C", "temperature_2m_min": "°C"},
        "daily": {
            "time": ["2026-11-21", "2026-11-22", "2026-11-23"],
            "weather_code": [0, 61, 71],
            "temperature_2m_max": [9.9, 8.0, 3.2],
            "temperature_2m_min": [1.0, 2.0, -1.5],
            "precipitation_probability_max": [0, 90, None],
        },
    }
    return {**whole, **changes}


def read(answer: object, config: WeatherConfig = CONFIG) -> dict[str, Any]:
    found = loose.decode(json.dumps(answer).encode())
    assert isinstance(found, dict)
    return read_forecast(found, Config(panels=PanelsConfig(weather=config)), NOW)


def test_the_whole_snapshot() -> None:
    data = read(forecast())

    assert (data["place"], data["units"], data["utc_offset_seconds"]) == ("Berlin", "celsius", 3600)
    assert data["now"] == {
        "temperature": 7.3,
        "feels_like": 4.9,
        "code": 61,
        "is_day": True,
        "wind_kmh": 18.4,
        "humidity": 81.0,
    }
    assert data["hours"][0] == {
        "time": "2026-11-22T12:00:00.000Z",
        "temperature": 13.0,
        "code": 3,
        "is_day": True,
        "rain_percent": 40.0,
    }
    assert len(data["hours"]) == 11
    assert data["days"] == [
        {"date": "2026-11-22", "low": 2.0, "high": 8.0, "code": 61, "rain_percent": 90.0},
        {"date": "2026-11-23", "low": -1.5, "high": 3.2, "code": 71, "rain_percent": None},
    ]


def test_hours_that_are_over_are_left_out_and_the_running_one_stays() -> None:
    assert [hour["temperature"] for hour in read(forecast())["hours"]][:2] == [13.0, 14.0]


def test_seconds_since_1970_are_times_too() -> None:
    at = int(NOW.timestamp())
    answer = forecast(
        hourly={"time": [at, at + 3600], "temperature_2m": [1, 2]},
        daily={"time": [at - 4000], "temperature_2m_max": [5], "temperature_2m_min": [1]},
    )

    assert read(answer)["hours"][0]["time"] == "2026-11-22T12:20:00.000Z"
    assert read(answer)["days"][0]["date"] == "2026-11-22"


def test_a_server_that_ignores_the_units_is_converted() -> None:
    data = read(forecast(), WeatherConfig(units="fahrenheit"))

    assert (data["units"], data["now"]["temperature"], data["days"][1]["low"]) == ("fahrenheit", 45.2, 29.3)
    back = forecast(current={"temperature_2m": 50}, current_units={"temperature_2m": "°F"})
    assert read(back)["now"]["temperature"] == 10.0


def test_the_older_form_of_current() -> None:
    answer = forecast(
        current=None, current_weather={"temperature": 3.1, "windspeed": 9.0, "weathercode": 2, "is_day": 0}
    )

    assert read(answer)["now"] == {
        "temperature": 3.1,
        "feels_like": None,
        "code": 2,
        "is_day": False,
        "wind_kmh": 9.0,
        "humidity": None,
    }


def test_without_a_current_block_the_running_hour_stands_in() -> None:
    assert read(forecast(current=None))["now"]["temperature"] == 13.0


@pytest.mark.parametrize("missing", ["hourly", "daily", "hourly_units", "current_units", "utc_offset_seconds"])
@pytest.mark.parametrize("value", [None, [], {}, "odd", 7])
def test_other_blocks_may_be_missing_or_odd(missing: str, value: object) -> None:
    assert read(forecast(**{missing: value}))["now"]["temperature"] == 7.3


def test_short_and_ragged_columns_lose_values_not_the_snapshot() -> None:
    answer = forecast(
        daily={
            "time": ["2026-11-22", "2026-11-23", "bad", None],
            "temperature_2m_max": [5, 6, 7, 8],
            "temperature_2m_min": [1],
        }
    )

    assert read(answer)["days"] == [{"date": "2026-11-22", "low": 1.0, "high": 5.0, "code": None, "rain_percent": None}]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"error": True, "reason": "Latitude must be in range"},
        {"current": {"temperature_2m": None}},
        {"current": {"temperature_2m": "warm"}},
        {"current": {"temperature_2m": 4000}},
        {"current": [], "hourly": {"time": ["2026-11-22T13:00"], "temperature_2m": [None]}},
    ],
)
def test_without_any_temperature_it_is_invalid(answer: dict[str, Any]) -> None:
    with pytest.raises(OohError) as found:
        read(answer)
    assert found.value.code is Code.FEED_INVALID
    if "reason" in answer:
        assert "Latitude" in found.value.detail


def test_the_url_asks_for_what_is_shown_and_keeps_a_customer_s_key() -> None:
    config = WeatherConfig(url="https://customer.example/v1/forecast?apikey=k%26y&latitude=1", units="fahrenheit")
    whole = Config(screen=ScreenConfig(latitude=52.5, longitude=-13.4), panels=PanelsConfig(weather=config))
    parts = urlsplit(forecast_url(whole))
    query = parse_qs(parts.query)

    assert (parts.netloc, parts.path) == ("customer.example", "/v1/forecast")
    assert (query["apikey"], query["latitude"], query["longitude"]) == (["k&y"], ["52.5"], ["-13.4"])
    assert query["temperature_unit"] == ["fahrenheit"]
    assert "weather_code" in query["current"][0]


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["0001-01-01T00:00", "9999-12-31T23:59", "2026-11-22"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["time", "temperature_2m", "weather_code"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(deadline=2_000)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(forecast(), ODD)))
def test_no_json_breaks_it(odd: dict[str, Any]) -> None:
    try:
        data = read({**forecast(), **odd})
    except OohError as error:
        data = {"code": error.code.code}
    json.dumps(data, allow_nan=False)
