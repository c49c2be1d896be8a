"""Open-Meteo (https://open-meteo.com/en/docs): one forecast request, no key; data under CC BY 4.0."""

from __future__ import annotations

from datetime import datetime, timezone
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from config import Config
from player import _loose as loose
from player.feeds._ask import Ask
from player.feeds._shapes import Reading
from player.feeds._web_feed import WebFeed
from player.feeds.weather import _terms as terms
from player.feeds.weather._terms import Row

URL = "https://api.open-meteo.com/v1/forecast"
ATTRIBUTION = "Weather data by Open-Meteo.com (CC BY 4.0)"

_CURRENT = "temperature_2m,apparent_temperature,weather_code,is_day,wind_speed_10m,relative_humidity_2m"
_HOURLY = "temperature_2m,weather_code,is_day,precipitation_probability"
_DAILY = "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max"
_MOST_ROWS = 1_000
_OLD_NAMES = MappingProxyType(
    {"time": "time", "temperature_2m": "temperature", "weather_code": "weathercode", "wind_speed_10m": "windspeed"}
)


class OpenMeteoFeed(WebFeed):
    """``Feed`` of one Open-Meteo forecast endpoint, for where the screen stands."""

    def read(self, ask: Ask) -> Reading:
        """See ``WebFeed.read``."""
        config = self.setup.config
        answer = ask.json(forecast_url(config))
        zone = terms.zone_of(answer.get("utc_offset_seconds"))
        return Reading(read_forecast(answer, config, ask.now), ATTRIBUTION, _seen_at(answer, zone))


def forecast_url(config: Config) -> str:
    """The whole URL; a query in the configured one (a customer's ``apikey``) is kept."""
    weather, screen = config.panels.weather, config.screen
    parts = urlsplit(weather.url or URL)
    query = {
        **dict(parse_qsl(parts.query)),
        "latitude": str(screen.latitude),
        "longitude": str(screen.longitude),
        "current": _CURRENT,
        "hourly": _HOURLY,
        "daily": _DAILY,
        "temperature_unit": weather.units,
        "wind_speed_unit": "kmh",
        "timezone": "auto",
        "forecast_hours": str(terms.HOURS + 1),
        "forecast_days": str(terms.DAYS),
    }
    return urlunsplit(parts._replace(query=urlencode(query, safe=",")))


def read_forecast(answer: loose.Node, config: Config, now: datetime) -> Row:
    """The snapshot's data. Raises ``OohError`` FEED_INVALID when it has no temperature for now."""
    zone = terms.zone_of(answer.get("utc_offset_seconds"))
    units = config.panels.weather.units
    return terms.forecast(
        config,
        now=_now(answer, units),
        hours=terms.upcoming(_hours(answer, units, zone), now),
        days=_days(answer, units, zone),
        zone=zone,
        at=now,
        missing=loose.label(answer, "reason", 200) or "",
    )


def _seen_at(answer: loose.Node, zone: timezone) -> datetime | None:
    found = loose.node(answer, "current") or loose.node(answer, "current_weather")
    return terms.moment(found.get("time"), zone)


def _now(answer: loose.Node, scale: terms.Scale) -> Row | None:
    found = loose.node(answer, "current")
    units = loose.node(answer, "current_units")
    if not found:
        # The API's older form, which self-hosted servers still answer in.
        old, told = loose.node(answer, "current_weather"), loose.node(answer, "current_weather_units")
        found = {**old, **{new: old.get(name) for new, name in _OLD_NAMES.items()}}
        units = {new: told.get(name) for new, name in _OLD_NAMES.items()}
    return terms.present(
        terms.degrees(found.get("temperature_2m"), units.get("temperature_2m"), scale),
        loose.whole(found, "weather_code", 0, 99),
        is_day=loose.whole(found, "is_day", 0, 1) != 0,
        feels_like=terms.degrees(found.get("apparent_temperature"), units.get("apparent_temperature"), scale),
        wind_kmh=terms.kmh(found.get("wind_speed_10m"), units.get("wind_speed_10m")),
        humidity=terms.percent(found.get("relative_humidity_2m")),
    )


def _hours(answer: loose.Node, scale: terms.Scale, zone: timezone) -> list[Row]:
    """Rows without time or temperature are left out."""
    unit = loose.node(answer, "hourly_units").get("temperature_2m")
    hours = []
    for row in _rows(loose.node(answer, "hourly")):
        at = terms.moment(row.get("time"), zone)
        temperature = terms.degrees(row.get("temperature_2m"), unit, scale)
        if at is not None and temperature is not None:
            code, rain = loose.whole(row, "weather_code", 0, 99), terms.percent(row.get("precipitation_probability"))
            hours.append(terms.hour(at, temperature, code, rain, is_day=loose.whole(row, "is_day", 0, 1) != 0))
    return hours


def _days(answer: loose.Node, scale: terms.Scale, zone: timezone) -> list[Row]:
    """Rows without a date or a high and low are left out."""
    units = loose.node(answer, "daily_units")
    days = []
    for row in _rows(loose.node(answer, "daily")):
        at = terms.moment(row.get("time"), zone)
        low = terms.degrees(row.get("temperature_2m_min"), units.get("temperature_2m_min"), scale)
        high = terms.degrees(row.get("temperature_2m_max"), units.get("temperature_2m_max"), scale)
        if at is not None and low is not None and high is not None:
            rain = terms.percent(row.get("precipitation_probability_max"))
            days.append(terms.day(terms.date_in(at, zone), low, high, loose.whole(row, "weather_code", 0, 99), rain))
    return days


def _rows(block: loose.Node) -> list[loose.Node]:
    """Open-Meteo sends columns; a column that is missing or short gives rows without that value."""
    columns = {key: column for key, column in block.items() if isinstance(column, list)}
    count = min(len(columns.get("time", [])), _MOST_ROWS)
    return [{key: column[nth] for key, column in columns.items() if nth < len(column)} for nth in range(count)]
