"""Degrees, wind and times, whatever a source counts in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from player.feeds.weather import _terms as terms


@pytest.mark.parametrize(
    ("value", "unit", "celsius", "fahrenheit"),
    [
        (20, "°C", 20.0, 68.0),
        (68, "°F", 20.0, 68.0),
        (68, "F", 20.0, 68.0),
        (20, "wmoUnit:degC", 20.0, 68.0),
        (20, "unit:degC", 20.0, 68.0),
        (68, "wmoUnit:degF", 20.0, 68.0),
        (Decimal("293.15"), "K", 20.0, 68.0),
        ("20.04", "C", 20.0, 68.1),
        (-40, "C", -40.0, -40.0),
        (Decimal("-0.01"), "C", 0.0, 32.0),
        (20, None, 20.0, 20.0),
        (20, "furlong", 20.0, 20.0),
        (4000, "C", None, None),
        (None, "C", None, None),
        (True, "C", None, None),
        ("warm", "C", None, None),
        ("NaN", "C", None, None),
        ({}, "C", None, None),
    ],
)
def test_degrees(value: object, unit: object, celsius: float | None, fahrenheit: float | None) -> None:
    assert terms.degrees(value, unit, "celsius") == celsius
    assert terms.degrees(value, unit, "fahrenheit") == fahrenheit


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (10, "km/h", 10.0),
        (10, "m/s", 36.0),
        (10, "mp/h", 16.1),
        (10, "mph", 16.1),
        (10, "kn", 18.5),
        (10, "wmoUnit:km_h-1", 10.0),
        (10, "wmoUnit:m_s-1", 36.0),
        (10, None, 10.0),
        (-1, "km/h", None),
        (None, "km/h", None),
    ],
)
def test_wind(value: object, unit: object, expected: float | None) -> None:
    assert terms.kmh(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-22T13:00", "2026-11-22T07:30:00+00:00"),
        ("2026-11-22T13:00Z", "2026-11-22T13:00:00+00:00"),
        ("2026-11-22T13:00-05:00", "2026-11-22T18:00:00+00:00"),
        ("2026-11-22", "2026-11-21T18:30:00+00:00"),
        (1_795_000_000, "2026-11-18T11:06:40+00:00"),
        (None, None),
        (True, None),
        ("noon", None),
        ("0001-01-01T00:00", None),
        (10**15, None),
    ],
)
def test_times_without_zone_are_the_place_s_own(value: object, expected: str | None) -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    found = terms.moment(value, india)
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(19_800, 19_800), (20_700, 20_700), (-12_600, -12_600), ("3600", 3600), (None, 0), (10**6, 0), ("x", 0)],
)
def test_offsets(told: object, seconds: int) -> None:
    assert terms.zone_of(told).utcoffset(None).total_seconds() == seconds


def test_days_change_at_the_place_s_midnight() -> None:
    at = datetime(2026, 11, 22, 18, 45, tzinfo=UTC)
    assert terms.date_in(at, terms.zone_of(20_700)).isoformat() == "2026-11-23"  # Kathmandu
    assert terms.date_in(datetime.max.replace(tzinfo=UTC), terms.zone_of(3600)).year == 9999
