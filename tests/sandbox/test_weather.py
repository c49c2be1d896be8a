"""The weather feed speaks Open-Meteo's dialect and the weather is plausible."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.feeds import BadQueryError, forecast

NOW = datetime(2026, 7, 3, 14, 40, tzinfo=UTC)
ASK = {
    "latitude": "52.52",
    "longitude": "13.41",
    "current": "temperature_2m,weather_code,is_day",
    "hourly": "temperature_2m,weather_code,precipitation_probability",
    "daily": "temperature_2m_max,temperature_2m_min,weather_code,sunrise,sunset",
    "timezone": "Europe/Berlin",
    "forecast_days": "5",
}


def test_the_shape_is_open_meteos() -> None:
    answer = forecast(ASK, NOW)
    assert (answer["latitude"], answer["utc_offset_seconds"], answer["timezone"]) == (52.52, 7200, "Europe/Berlin")
    assert answer["current"]["time"] == "2026-07-03T16:30"
    assert answer["current_units"]["temperature_2m"] == "°C"
    assert answer["hourly"]["time"][0] == "2026-07-03T00:00"
    assert {len(column) for column in answer["hourly"].values()} == {120}
    assert {len(column) for column in answer["daily"].values()} == {5}


def test_only_what_was_asked_for_is_answered() -> None:
    answer = forecast({"latitude": "0", "longitude": "0"}, NOW)
    assert not {"current", "hourly", "daily"} & set(answer)


def test_fahrenheit_is_the_same_weather() -> None:
    celsius = forecast(ASK, NOW)["current"]["temperature_2m"]
    answer = forecast(ASK | {"temperature_unit": "fahrenheit"}, NOW)
    assert answer["current"]["temperature_2m"] == pytest.approx(celsius * 9 / 5 + 32, abs=0.2)
    assert answer["current_units"]["temperature_2m"] == "°F"


def test_the_sun_is_up_when_it_is_day() -> None:
    answer = forecast(ASK, NOW)
    assert answer["current"]["is_day"] == 1
    assert answer["daily"]["sunrise"][0] < "2026-07-03T06:00"
    assert answer["daily"]["sunset"][0] > "2026-07-03T20:00"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"latitude": "52"}, "longitude"),
        ({"latitude": "91", "longitude": "0"}, "Latitude"),
        ({"latitude": "x", "longitude": "0"}, "latitude"),
        ({"latitude": "0", "longitude": "0", "current": "warmth"}, "warmth"),
        ({"latitude": "0", "longitude": "0", "timezone": "Mars/Base"}, "timezone"),
        ({"latitude": "0", "longitude": "0", "temperature_unit": "kelvin"}, "kelvin"),
    ],
)
def test_a_bad_query_is_told_why(query: dict[str, str], reason: str) -> None:
    with pytest.raises(BadQueryError, match=reason):
        forecast(query, NOW)


@given(st.floats(-90, 90), st.floats(-180, 180), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_the_weather_is_of_this_world(latitude: float, longitude: float, at: datetime) -> None:
    query = {"latitude": str(latitude), "longitude": str(longitude), "current": ASK["current"], "daily": ASK["daily"]}
    answer = forecast(query | {"forecast_days": "1"}, at.replace(tzinfo=UTC))
    assert -45 < answer["current"]["temperature_2m"] < 48
    assert answer["current"]["weather_code"] in (0, 1, 2, 3, 61, 63, 73)
    assert answer["daily"]["temperature_2m_min"][0] <= answer["daily"]["temperature_2m_max"][0]
