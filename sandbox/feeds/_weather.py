"""An Open-Meteo forecast (https://open-meteo.com/en/docs): the same shape and manners, plausible invented weather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.feeds._sky import Sky

_UNITS = {
    "temperature_2m": "°C",
    "apparent_temperature": "°C",
    "relative_humidity_2m": "%",
    "is_day": "",
    "weather_code": "wmo code",
    "wind_speed_10m": "km/h",
    "wind_direction_10m": "°",
    "precipitation": "mm",
    "precipitation_probability": "%",
    "cloud_cover": "%",
    "temperature_2m_max": "°C",
    "temperature_2m_min": "°C",
    "precipitation_probability_max": "%",
    "precipitation_sum": "mm",
    "sunrise": "iso8601",
    "sunset": "iso8601",
}
_DAILY = frozenset(
    {
        "weather_code",
        "temperature_2m_max",
        "temperature_2m_min",
        "precipitation_probability_max",
        "precipitation_sum",
        "sunrise",
        "sunset",
    }
)
_HOURLY = frozenset(_UNITS) - (_DAILY - {"weather_code"})
_MAX_DAYS = 16
_CURRENT_STEP = timedelta(minutes=15)
_STAMP = "%Y-%m-%dT%H:%M"


class BadQueryError(ValueError):
    """The query is not one that Open-Meteo takes; the message is its ``reason``."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """A query, read."""

    latitude: float
    longitude: float
    fahrenheit: bool
    zone: tzinfo
    zone_name: str
    days: int
    hours: int
    wanted: Mapping[str, tuple[str, ...]]


def forecast(query: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The document for this query. Raises :class:`BadQueryError`."""
    ask = _read(query)
    local = now.astimezone(ask.zone)
    sky = Sky(ask.latitude, ask.longitude)
    offset = local.utcoffset() or timedelta()
    document: dict[str, Any] = {
        "latitude": ask.latitude,
        "longitude": ask.longitude,
        "generationtime_ms": 0.1,
        "utc_offset_seconds": int(offset.total_seconds()),
        "timezone": ask.zone_name,
        "timezone_abbreviation": local.tzname() or "GMT",
        "elevation": 38.0,
    }
    if ask.wanted["current"]:
        at = local - (local - datetime.min.replace(tzinfo=local.tzinfo)) % _CURRENT_STEP
        document["current_units"] = {"time": "iso8601", "interval": "seconds", **_units(ask, "current")}
        values = {name: _hourly(sky, name, at, ask) for name in ask.wanted["current"]}
        document["current"] = {"time": at.strftime(_STAMP), "interval": 900, **values}
    if ask.wanted["hourly"]:
        document["hourly_units"] = {"time": "iso8601", **_units(ask, "hourly")}
        document["hourly"] = _hours(sky, ask, local)
    if ask.wanted["daily"]:
        document["daily_units"] = {"time": "iso8601", **_units(ask, "daily")}
        document["daily"] = _days(sky, ask, local)
    return document


def _read(query: Mapping[str, str]) -> _Ask:
    wanted = {}
    for block, known in (("current", _HOURLY), ("hourly", _HOURLY), ("daily", _DAILY)):
        names = tuple(name for name in query.get(block, "").split(",") if name)
        for name in names:
            if name not in known:
                msg = f"Data corrupted at path ''. Cannot initialize {block} variable from invalid String value {name}."
                raise BadQueryError(msg)
        wanted[block] = names
    units = query.get("temperature_unit", "celsius")
    if units not in ("celsius", "fahrenheit"):
        msg = f"Invalid temperature_unit {units}"
        raise BadQueryError(msg)
    zone, zone_name = _zone(query.get("timezone", "GMT"), _number(query, "longitude", -180, 180))
    days = int(_number(query, "forecast_days", 0, _MAX_DAYS, default=7))
    hours = int(_number(query, "forecast_hours", 0, 24 * _MAX_DAYS, default=0))
    return _Ask(
        latitude=_number(query, "latitude", -90, 90),
        longitude=_number(query, "longitude", -180, 180),
        fahrenheit=units == "fahrenheit",
        zone=zone,
        zone_name=zone_name,
        days=days,
        hours=hours,
        wanted=wanted,
    )


def _number(query: Mapping[str, str], name: str, low: float, high: float, default: float | None = None) -> float:
    text = query.get(name)
    if text is None and default is not None:
        return default
    if text is None:
        msg = f"Parameter '{name}' is required."
        raise BadQueryError(msg)
    try:
        value = float(text)
    except ValueError as error:
        msg = f"Parameter '{name}' must be a number. Given: {text}."
        raise BadQueryError(msg) from error
    if not low <= value <= high:
        msg = f"{name.capitalize()} must be in range of {low} to {high}°. Given: {text}."
        raise BadQueryError(msg)
    return value


def _zone(name: str, longitude: float) -> tuple[tzinfo, str]:
    """``auto`` is the place's own zone at Open-Meteo; here, without a map of zones, it is the sun's."""
    if name == "auto":
        hours = round(longitude / 15)
        return timezone(timedelta(hours=hours)), f"Etc/GMT{-hours:+d}"
    if name in ("GMT", "UTC"):
        return UTC, "GMT"
    try:
        return ZoneInfo(name), name
    except (KeyError, ValueError, OSError) as error:
        msg = f"Invalid timezone {name}"
        raise BadQueryError(msg) from error


def _units(ask: _Ask, block: str) -> dict[str, str]:
    units = {name: _UNITS[name] for name in ask.wanted[block]}
    return {name: "°F" if unit == "°C" and ask.fahrenheit else unit for name, unit in units.items()}


def _hours(sky: Sky, ask: _Ask, local: datetime) -> dict[str, list[Any]]:
    """From midnight, or from this hour when ``forecast_hours`` was asked for."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    start = local.replace(minute=0, second=0, microsecond=0) if ask.hours else midnight
    times = [start + timedelta(hours=at) for at in range(ask.hours or 24 * ask.days)]
    block: dict[str, list[Any]] = {"time": [time.strftime(_STAMP) for time in times]}
    for name in ask.wanted["hourly"]:
        block[name] = [_hourly(sky, name, time, ask) for time in times]
    return block


def _days(sky: Sky, ask: _Ask, local: datetime) -> dict[str, list[Any]]:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    dates = [midnight + timedelta(days=at) for at in range(ask.days)]
    block: dict[str, list[Any]] = {"time": [date.strftime("%Y-%m-%d") for date in dates]}
    for name in ask.wanted["daily"]:
        block[name] = [_daily(sky, name, date, ask) for date in dates]
    return block


def _degrees(celsius: float, ask: _Ask) -> float:
    return round(celsius * 9 / 5 + 32 if ask.fahrenheit else celsius, 1)


def _hourly(sky: Sky, name: str, at: datetime, ask: _Ask) -> float | int:
    values: dict[str, float | int] = {
        "temperature_2m": _degrees(sky.celsius(at), ask),
        "apparent_temperature": _degrees(sky.felt_celsius(at), ask),
        "relative_humidity_2m": round(sky.humidity(at)),
        "is_day": int(sky.is_day(at)),
        "weather_code": sky.code(at),
        "wind_speed_10m": round(sky.wind_kmh(at), 1),
        "wind_direction_10m": round(sky.wind_degrees(at)),
        "precipitation": round(sky.rain_mm(at), 1),
        "precipitation_probability": round(sky.rain_percent(at)),
        "cloud_cover": round(sky.cloud_percent(at)),
    }
    return values[name]


def _daily(sky: Sky, name: str, date: datetime, ask: _Ask) -> float | int | str:
    hours = [date + timedelta(hours=at) for at in range(24)]
    temperatures = [sky.celsius(hour) for hour in hours]
    rise, fall = sky.sun(date)
    values: dict[str, float | int | str] = {
        "weather_code": max((sky.code(hour) for hour in hours[8:20]), default=0),
        "temperature_2m_max": _degrees(max(temperatures), ask),
        "temperature_2m_min": _degrees(min(temperatures), ask),
        "precipitation_probability_max": round(max(sky.rain_percent(hour) for hour in hours)),
        "precipitation_sum": round(sum(sky.rain_mm(hour) for hour in hours), 1),
        "sunrise": rise.strftime(_STAMP),
        "sunset": fall.strftime(_STAMP),
    }
    return values[name]
