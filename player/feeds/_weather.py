"""The weather feed: Open-Meteo's forecast answer becomes the weather panel's snapshot (docs/feeds.md)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from cache import Clock, FeedSnapshot, rfc3339
from config import Code, OohError, PanelKind, ScreenConfig, WeatherConfig
from player import _loose as loose
from player.feeds._ask import get_json
from player.fetch import Http

ATTRIBUTION = "Weather data by Open-Meteo.com"  # CC BY 4.0 asks for it

_HOURS = 12
_DAYS = 7
_CURRENT = "temperature_2m,apparent_temperature,weather_code,is_day,wind_speed_10m,relative_humidity_2m"
_HOURLY = "temperature_2m,weather_code,is_day,precipitation_probability"
_DAILY = "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max"
_COLDEST, _HOTTEST = -150.0, 200.0  # in either scale: outside it is a mistake
_MOST_ROWS = 1_000
_LONGEST_OFFSET_S = 14 * 3600


class WeatherFeed:
    """``Feed`` of one Open-Meteo forecast endpoint, for where the screen stands."""

    kind: PanelKind = "weather"

    def __init__(self, config: WeatherConfig, screen: ScreenConfig, http: Http, clock: Clock) -> None:
        self._config = config
        self._http = http
        self._clock = clock
        self._url = forecast_url(config, screen)

    @property
    def refresh_s(self) -> float:
        """Time between two requests, seconds."""
        return float(self._config.refresh_seconds)

    def fetch(self) -> FeedSnapshot:
        """See ``Feed.fetch``."""
        answer = get_json(self._http, self._url, self._clock)
        now = self._clock.now()
        return FeedSnapshot(
            kind=self.kind,
            fetched_at=now,
            max_age_ms=self._config.max_age_seconds * 1000,
            attribution=ATTRIBUTION,
            data=read_forecast(answer, self._config, now),
        )


def forecast_url(config: WeatherConfig, screen: ScreenConfig) -> str:
    """The whole URL; a query in the configured one (a customer's ``apikey``) is kept."""
    parts = urlsplit(config.url)
    query = {
        **dict(parse_qsl(parts.query)),
        "latitude": str(screen.latitude),
        "longitude": str(screen.longitude),
        "current": _CURRENT,
        "hourly": _HOURLY,
        "daily": _DAILY,
        "temperature_unit": config.units,
        "wind_speed_unit": "kmh",
        "timezone": "auto",
        "forecast_hours": str(_HOURS + 1),
        "forecast_days": str(_DAYS),
    }
    return urlunsplit(parts._replace(query=urlencode(query, safe=",")))


def read_forecast(answer: loose.Node, config: WeatherConfig, now: datetime) -> dict[str, Any]:
    """The snapshot's data. Raises ``OohError`` FEED_INVALID when it has no temperature for now."""
    offset_s = loose.whole(answer, "utc_offset_seconds", -_LONGEST_OFFSET_S, _LONGEST_OFFSET_S) or 0
    zone = timezone(timedelta(seconds=offset_s))
    hours = _hours(answer, config, zone, now)
    current = _now(answer, config) or _now_from(hours)
    if current is None:
        raise OohError(Code.FEED_INVALID, loose.label(answer, "reason", 200) or "it has no current temperature")
    return {
        "place": config.place or None,
        "units": config.units,
        "now": current,
        "hours": hours[:_HOURS],
        "days": _days(answer, config, zone, now),
        "utc_offset_seconds": offset_s,
    }


def _now(answer: loose.Node, config: WeatherConfig) -> dict[str, Any] | None:
    found = loose.node(answer, "current")
    units = loose.node(answer, "current_units")
    if not found:
        # The API's older form, which self-hosted servers still answer in.
        old = loose.node(answer, "current_weather")
        names = {"temperature_2m": "temperature", "weather_code": "weathercode", "wind_speed_10m": "windspeed"}
        found = {**old, **{new: old.get(name) for new, name in names.items()}}
        units = {"temperature_2m": loose.node(answer, "current_weather_units").get("temperature")}
    temperature = _degrees(found.get("temperature_2m"), units.get("temperature_2m"), config)
    if temperature is None:
        return None
    return {
        "temperature": temperature,
        "feels_like": _degrees(found.get("apparent_temperature"), units.get("apparent_temperature"), config),
        "code": loose.whole(found, "weather_code", 0, 99),
        "is_day": loose.whole(found, "is_day", 0, 1) != 0,
        "wind_kmh": loose.real(found, "wind_speed_10m", 0, 500),
        "humidity": loose.real(found, "relative_humidity_2m", 0, 100),
    }


def _now_from(hours: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The running hour's forecast, for an answer without a current block."""
    if not hours:
        return None
    first = {key: hours[0][key] for key in ("temperature", "code", "is_day")}
    return {**first, "feels_like": None, "wind_kmh": None, "humidity": None}


def _hours(answer: loose.Node, config: WeatherConfig, zone: timezone, now: datetime) -> list[dict[str, Any]]:
    """From the running hour on; rows without time or temperature are left out."""
    block = loose.node(answer, "hourly")
    unit = loose.node(answer, "hourly_units").get("temperature_2m")
    hours = []
    for row in _rows(block):
        at = _time(row.get("time"), zone)
        temperature = _degrees(row.get("temperature_2m"), unit, config)
        if at is None or temperature is None or at <= now - timedelta(hours=1):
            continue
        hours.append(
            {
                "time": rfc3339(at),
                "temperature": temperature,
                "code": loose.whole(row, "weather_code", 0, 99),
                "is_day": loose.whole(row, "is_day", 0, 1) != 0,
                "rain_percent": loose.real(row, "precipitation_probability", 0, 100),
            }
        )
    return sorted(hours, key=lambda hour: str(hour["time"]))


def _days(answer: loose.Node, config: WeatherConfig, zone: timezone, now: datetime) -> list[dict[str, Any]]:
    """From today on; rows without a date or a high and low are left out."""
    block = loose.node(answer, "daily")
    units = loose.node(answer, "daily_units")
    today = now.astimezone(zone).date()
    days = []
    for row in _rows(block):
        day = _date(row.get("time"), zone)
        low = _degrees(row.get("temperature_2m_min"), units.get("temperature_2m_min"), config)
        high = _degrees(row.get("temperature_2m_max"), units.get("temperature_2m_max"), config)
        if day is None or low is None or high is None or day < today:
            continue
        days.append(
            {
                "date": day.isoformat(),
                "low": low,
                "high": high,
                "code": loose.whole(row, "weather_code", 0, 99),
                "rain_percent": loose.real(row, "precipitation_probability_max", 0, 100),
            }
        )
    return sorted(days, key=lambda day: str(day["date"]))[:_DAYS]


def _rows(block: loose.Node) -> list[loose.Node]:
    """Open-Meteo sends columns; a column that is missing or short gives rows without that value."""
    columns = {key: column for key, column in block.items() if isinstance(column, list)}
    count = min(len(columns.get("time", [])), _MOST_ROWS)
    return [{key: column[nth] for key, column in columns.items() if nth < len(column)} for nth in range(count)]


def _degrees(found: object, unit: object, config: WeatherConfig) -> float | None:
    """In the configured scale: a server that ignores ``temperature_unit`` says so in its units."""
    degrees = loose.to_number(found)
    if degrees is None:
        return None
    told = str(unit or "").strip().upper().removeprefix("°")
    if told == "C" and config.units == "fahrenheit":
        degrees = degrees * 9 / 5 + 32
    elif told == "F" and config.units == "celsius":
        degrees = (degrees - 32) * 5 / 9
    rounded = loose.to_real(degrees, _COLDEST, _HOTTEST)
    return None if rounded is None else round(rounded, 1)


def _time(found: object, zone: timezone) -> datetime | None:
    """ISO 8601 in the place's own time, or seconds since 1970 (``timeformat=unixtime``)."""
    try:
        if isinstance(found, str):
            at = datetime.fromisoformat(found)
            return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        if isinstance(found, (int, Decimal)) and not isinstance(found, bool):
            return datetime.fromtimestamp(int(found), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _date(found: object, zone: timezone) -> date | None:
    at = _time(found, zone)
    return None if at is None else at.astimezone(zone).date()
