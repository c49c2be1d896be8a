"""What the weather panel knows: now, the hours and the days to come, in the units that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from cache import FeedSnapshot
from renderer.panels import _read as read
from renderer.panels._sky import Sky, sky
from renderer.panels._style import PanelSettings, Units
from renderer.panels._type import clean

_OBSERVATION_LASTS = timedelta(minutes=60)
"""After this, "now" is the forecast for the present hour, if the snapshot has it."""
_WORTH_FEELING = 1.5
"""Difference, degrees, from which "feels like" says something."""
_ALERTS = 3
"""Warnings read, at most; the first is shown."""
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour to come."""

    at: datetime
    """Its beginning, on the place's wall clock."""
    degrees: float | None
    sky: Sky | None
    is_day: bool
    rain_percent: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day: today or later."""

    on: date
    low: float
    high: float
    sky: Sky | None
    rain_percent: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Everything the panel may show, in ``units``."""

    place: str
    units: Units
    degrees: float
    sky: Sky | None
    is_day: bool
    words: str
    """The sky in words; empty when its code is unknown."""
    feels_like: float | None
    """Where it differs from the temperature by a whole degree and more."""
    alerts: tuple[str, ...]
    today: date
    hours: tuple[Hour, ...]
    """After now, soonest first."""
    days: tuple[Day, ...]
    """From today on."""
    attribution: str

    @property
    def range_today(self) -> tuple[float, float] | None:
        """Today's low and high, widened to hold the temperature of now."""
        for day in self.days:
            if day.on == self.today:
                return min(day.low, self.degrees), max(day.high, self.degrees)
        return None


def degrees_text(value: float | None) -> str:
    """``21°``, ``−3°``, never ``−0°``; ``—`` when unknown."""
    if value is None:
        return "—"
    rounded = int(value + 0.5) if value >= 0 else -int(-value + 0.5)
    return f"{_MINUS if rounded < 0 else ''}{abs(rounded)}°"


def forecast(snapshot: FeedSnapshot, settings: PanelSettings, now: datetime) -> Forecast | None:
    """Read a weather snapshot. None when it does not hold a present temperature."""
    data = read.root(snapshot.data)
    reader = _Reader(data, settings, now)
    current = read.table(data, "now")
    degrees, kind, is_day = (
        reader.degrees(current, "temperature"),
        reader.sky(current),
        current.get("is_day") is not False,
    )
    felt = reader.degrees(current, "feels_like")
    hours = reader.hours()
    running = [hour for hour in hours if hour.at <= reader.local]
    if running and running[-1].degrees is not None and now - snapshot.fetched_at > _OBSERVATION_LASTS:
        degrees, kind, is_day, felt = running[-1].degrees, running[-1].sky, running[-1].is_day, None
    if degrees is None:
        return None
    return Forecast(
        place=clean(settings.place) or read.text(data, "place"),
        units=settings.units,
        degrees=degrees,
        sky=kind,
        is_day=is_day,
        words=settings.language().sky(kind.code, is_day=is_day) if kind else "",
        feels_like=felt if felt is not None and abs(felt - degrees) >= _WORTH_FEELING else None,
        alerts=read.texts(data, "alerts", _ALERTS),
        today=reader.local.date(),
        hours=tuple(hour for hour in hours if hour.at > reader.local),
        days=reader.days(),
        attribution=clean(snapshot.attribution, 100),
    )


def place_clock(data: Mapping[str, Any], settings: PanelSettings, now: datetime) -> datetime:
    """``now`` on the wall clock of the forecast's place; the screen's own when the feed does not say."""
    offset = read.whole(data, "utc_offset_seconds", -86_399, 86_399)
    return settings.local(now) if offset is None else now.astimezone(timezone(timedelta(seconds=offset)))


class _Reader:
    """Reads one snapshot's parts into the shown units and the place's clock."""

    def __init__(self, data: Mapping[str, Any], settings: PanelSettings, now: datetime) -> None:
        self.data = data
        self.local = place_clock(data, settings, now)
        given = data.get("units")
        self.to_fahrenheit = given == "celsius" and settings.units == "fahrenheit"
        self.to_celsius = given == "fahrenheit" and settings.units == "celsius"

    def degrees(self, row: Mapping[str, Any], key: str) -> float | None:
        """A temperature in the units that are shown."""
        value = read.number(row, key, -150, 150)
        if value is None:
            return None
        if self.to_fahrenheit:
            return value * 1.8 + 32
        return (value - 32) / 1.8 if self.to_celsius else value

    def sky(self, row: Mapping[str, Any]) -> Sky | None:
        """The sky of a row's ``code``."""
        return sky(read.whole(row, "code", 0, 99))

    def hours(self) -> list[Hour]:
        """All hours of the snapshot, soonest first."""
        found = []
        for row in read.tables(self.data, "hours"):
            at = read.moment(row, "time")
            if at is not None:
                rain = read.number(row, "rain_percent", 0, 100)
                is_day = row.get("is_day") is not False
                local = at.astimezone(self.local.tzinfo)
                found.append(Hour(local, self.degrees(row, "temperature"), self.sky(row), is_day, rain))
        return sorted(found, key=lambda hour: hour.at)

    def days(self) -> tuple[Day, ...]:
        """The days that are not over; one without low and high is left out."""
        found = []
        for row in read.tables(self.data, "days"):
            low, high, on = self.degrees(row, "low"), self.degrees(row, "high"), _date(row.get("date"))
            if low is not None and high is not None and on is not None and on >= self.local.date():
                rain = read.number(row, "rain_percent", 0, 100)
                found.append(Day(on, min(low, high), max(low, high), self.sky(row), rain))
        return tuple(sorted(found, key=lambda day: day.on))


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
