"""The weather panel's terms: degrees, hours, days and the place's clock, whatever the source counts in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal

from cache import rfc3339
from config import Code, Config, OohError
from player import _loose as loose

HOURS = 12
DAYS = 7
LONGEST_OFFSET_S = 14 * 3600
"""No place is further from UTC (Kiribati)."""

Scale = Literal["celsius", "fahrenheit"]
Row = dict[str, Any]

_COLDEST, _HOTTEST = -150.0, 150.0
"""In either scale: outside it is a mistake."""
_UNITS: dict[str, Scale] = {
    "c": "celsius",
    "degc": "celsius",
    "celsius": "celsius",
    "f": "fahrenheit",
    "degf": "fahrenheit",
    "fahrenheit": "fahrenheit",
}
_KMH = {"km/h": 1.0, "kmh": 1.0, "km_h-1": 1.0, "m/s": 3.6, "ms": 3.6, "m_s-1": 3.6, "mph": 1.609344, "mp/h": 1.609344}
_KMH |= {"kn": 1.852, "kt": 1.852, "knots": 1.852, "kmh-1": 1.0, "mi_h-1": 1.609344}


def degrees(found: object, unit: object, wanted: Scale) -> float | None:
    """A temperature in the wanted scale, to a tenth; one whose ``unit`` is not told is taken as it is.

    ``unit``: ``°C``, ``F``, ``wmoUnit:degC`` (api.weather.gov), ``unit:degC`` (its older answers), ``K``.
    """
    value = loose.to_number(found)
    if value is None:
        return None
    told = unit.strip().lower().rpartition(":")[2].removeprefix("°") if isinstance(unit, str) else ""
    if told in {"k", "kelvin"}:
        value, told = value - Decimal("273.15"), "c"
    scale = _UNITS.get(told, wanted)
    if scale == "celsius" and wanted == "fahrenheit":
        value = value * 9 / 5 + 32
    elif scale == "fahrenheit" and wanted == "celsius":
        value = (value - 32) * 5 / 9
    inside = loose.to_real(value, _COLDEST, _HOTTEST)
    return None if inside is None else round(inside, 1) + 0.0


def kmh(found: object, unit: object) -> float | None:
    """A wind speed in km/h, to a tenth; unknown units count as km/h."""
    told = unit.strip().lower().rpartition(":")[2] if isinstance(unit, str) else ""
    value = loose.to_real(found, 0, 500)
    return None if value is None else round(value * _KMH.get(told, 1.0), 1)


def percent(found: object) -> float | None:
    """0 to 100."""
    return loose.to_real(found, 0, 100)


def moment(found: object, zone: timezone = UTC) -> datetime | None:
    """ISO 8601 (without an offset: in ``zone``) or seconds since 1970, as UTC."""
    try:
        if isinstance(found, str):
            at = datetime.fromisoformat(found.strip())
            return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        if isinstance(found, (int, Decimal)) and not isinstance(found, bool):
            return datetime.fromtimestamp(int(found), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def date_in(at: datetime, zone: timezone) -> date:
    """The day of ``at`` at the place; at the ends of time, UTC's."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.date()


def zone_of(offset: object) -> timezone:
    """The place's clock from seconds east of UTC; UTC when it is not told."""
    seconds = loose.to_real(offset, -LONGEST_OFFSET_S, LONGEST_OFFSET_S)
    return timezone(timedelta(seconds=int(seconds or 0)))


def hour(at: datetime, temperature: float, code: int | None, rain: float | None, *, is_day: bool) -> Row:
    """One hour to come."""
    return {"time": rfc3339(at), "temperature": temperature, "code": code, "is_day": is_day, "rain_percent": rain}


def day(on: date, low: float, high: float, code: int | None, rain: float | None) -> Row:
    """One day."""
    return {
        "date": on.isoformat(),
        "low": min(low, high),
        "high": max(low, high),
        "code": code,
        "rain_percent": rain,
    }


def present(
    temperature: float | None,
    code: int | None,
    *,
    is_day: bool,
    feels_like: float | None = None,
    wind_kmh: float | None = None,
    humidity: float | None = None,
) -> Row | None:
    """The weather now; None without a temperature."""
    if temperature is None:
        return None
    return {
        "temperature": temperature,
        "feels_like": feels_like,
        "code": code,
        "is_day": is_day,
        "wind_kmh": wind_kmh,
        "humidity": humidity,
    }


def upcoming(hours: Iterable[Row], now: datetime, step: timedelta = timedelta(hours=1)) -> list[Row]:
    """From the running hour on, in order, each time once; ``step`` is how long a row holds."""
    by_time = {row["time"]: row for row in hours if datetime.fromisoformat(row["time"]) > now - step}
    return [by_time[at] for at in sorted(by_time)]


def forecast(
    config: Config,
    *,
    now: Row | None,
    hours: list[Row],
    days: Iterable[Row],
    zone: timezone,
    at: datetime,
    place: str | None = None,
    alerts: Iterable[str] = (),
    missing: str = "",
) -> Row:
    """The snapshot's data; without ``now`` the running hour stands in for it.

    Raises ``OohError`` FEED_INVALID when there is no temperature for now; ``missing`` says what the source said.
    """
    weather = config.panels.weather
    if now is None and hours:
        first = hours[0]
        now = present(first["temperature"], first["code"], is_day=first["is_day"])
    if now is None:
        raise OohError(Code.FEED_INVALID, missing or "it has no current temperature")
    today = at.astimezone(zone).date().isoformat()
    by_date = {row["date"]: row for row in days if row["date"] >= today}
    offset = zone.utcoffset(None)
    data = {
        "place": weather.place or place,
        "units": weather.units,
        "utc_offset_seconds": int(offset.total_seconds()),
        "now": now,
        "hours": hours[:HOURS],
        "days": [by_date[on] for on in sorted(by_date)][:DAYS],
    }
    told = list(dict.fromkeys(alerts))[:5]
    return {**data, "alerts": told} if told else data
