"""Reading a weather snapshot: units, the running hour, days that are over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from renderer.panels import PanelSettings
from renderer.panels._forecast import Forecast, degrees_text, forecast
from tests.renderer.panels.samples import NOW, UTC_SETTINGS, aged, weather


def read(settings: PanelSettings = UTC_SETTINGS, *, after_minutes: float = 0, **changes: Any) -> Forecast:
    found = forecast(weather(**changes), settings, NOW + timedelta(minutes=after_minutes))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("degrees", "text"),
    [(21.4, "21°"), (21.5, "22°"), (-0.4, "0°"), (-0.5, "\N{MINUS SIGN}1°"), (-12.4, "\N{MINUS SIGN}12°"), (None, "—")],
)
def test_degrees_are_rounded_and_never_minus_nought(degrees: float | None, text: str) -> None:
    assert degrees_text(degrees) == text


def test_hours_that_have_begun_are_dropped() -> None:
    assert [hour.at.hour for hour in read().hours][:3] == [13, 14, 15]
    assert [hour.at.hour for hour in read(after_minutes=60).hours][:3] == [14, 15, 16]


def test_the_observation_is_now_for_an_hour_then_the_running_hours_forecast() -> None:
    assert read(after_minutes=59).degrees == 21.4
    assert read(after_minutes=61).degrees == 21.0, "13:48 lies in the hour from 13:00"
    assert read(after_minutes=61, hours=[]).degrees == 21.4


def test_hours_and_today_are_the_places_own() -> None:
    tokyo = read(utc_offset_seconds=9 * 3600, after_minutes=12 * 60)
    assert tokyo.today.day == 23
    assert [day.on.day for day in tokyo.days][:2] == [23, 24]
    assert read(utc_offset_seconds=9 * 3600).hours[0].at.hour == 22


def test_the_shown_units_are_the_settings() -> None:
    hot = read(PanelSettings(units="fahrenheit", timezone="UTC"))
    assert hot.degrees == pytest.approx(70.52)
    assert hot.days[0].low == pytest.approx(53.6)
    assert read(units="fahrenheit").degrees == pytest.approx(-5.89, abs=0.01)
    assert read(units=None).degrees == 21.4


def test_todays_range_holds_the_temperature_of_now() -> None:
    assert read().range_today == (12.0, 21.4)
    assert read(days=[]).range_today is None


@pytest.mark.parametrize(
    "now", [None, [], {}, {"temperature": None}, {"temperature": "21"}, {"temperature": 1e9}, {"temperature": True}]
)
def test_without_a_temperature_there_is_no_forecast(now: Any) -> None:
    assert forecast(weather(now=now), UTC_SETTINGS, NOW) is None


def test_an_old_snapshot_without_an_observation_lives_on_its_hours() -> None:
    found = forecast(aged(weather(now=None), 7200), UTC_SETTINGS, NOW)
    assert found is not None
    assert found.degrees == 20.0


def test_odd_rows_are_left_out_and_the_rest_is_kept() -> None:
    good = weather().data["days"][1]
    assert len(read(days=[good, None, 3, {"date": "soon"}, {**good, "low": None}]).days) == 1


def test_the_operators_place_wins() -> None:
    assert read().place == "Lisbon"
    assert read(PanelSettings(place="Lisboa")).place == "Lisboa"
    assert read(place="Lis\u202ebon\n  now\x00").place == "Lisbon now"
