"""Reading api.weather.gov's answers (GeoJSON; values as ``{"unitCode": "wmoUnit:degC", "value": 21.1}``)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from player import _loose as loose
from player.feeds.weather import _nws_sky as sky
from player.feeds.weather import _terms as terms
from player.feeds.weather._terms import Row, Scale

_MOST_ROWS = 400
_STATION = re.compile(r"[A-Za-z0-9_-]{2,12}")
_SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
_NOON = 12


def properties(answer: loose.Node) -> loose.Node:
    """What GeoJSON wraps; JSON-LD answers (``Accept: application/ld+json``, mirrors) have it at the top."""
    return loose.node(answer, "properties") or answer


def city(point: loose.Node) -> str | None:
    """The nearest city's name."""
    return loose.label(properties(loose.node(point, "relativeLocation")), "city")


def first_station(answer: loose.Node) -> str | None:
    """The id of the nearest station: they are listed nearest first."""
    ids = (loose.text(properties(found), "stationIdentifier", 12) for found in loose.nodes(answer, "features"))
    return next((name for name in ids if name is not None and _STATION.fullmatch(name)), None)


def made_at(answer: loose.Node) -> datetime | None:
    """When the forecast was generated."""
    return terms.moment(properties(answer).get("generatedAt"))


def zone(*answers: loose.Node) -> timezone | None:
    """The place's offset, from the first time that tells one."""
    for answer in answers:
        for period in loose.nodes(properties(answer), "periods"):
            try:
                offset = datetime.fromisoformat(loose.text(period, "startTime", 40) or "").utcoffset()
            except ValueError:
                continue
            if offset is not None:
                return timezone(offset)
    return None


def report(answer: loose.Node, scale: Scale) -> tuple[Row | None, datetime | None]:
    """A station's latest report and its time. Stations leave out what they did not measure (``value: null``)."""
    found = properties(answer)
    at = terms.moment(found.get("timestamp"))
    chill, heat = _degrees(found, "windChill", scale), _degrees(found, "heatIndex", scale)
    is_day = sky.is_day(found.get("icon"))
    wind = loose.node(found, "windSpeed")
    now = terms.present(
        _degrees(found, "temperature", scale),
        sky.code(found.get("icon"), found.get("textDescription")),
        is_day=is_day is not False,
        feels_like=heat if heat is not None else chill,
        wind_kmh=terms.kmh(wind.get("value"), wind.get("unitCode")),
        humidity=_rounded(terms.percent(loose.node(found, "relativeHumidity").get("value"))),
    )
    return (now, at) if at is not None else (None, None)


def hours(answer: loose.Node, scale: Scale) -> list[Row]:
    """The hourly forecast; periods without start or temperature are left out."""
    rows = []
    for period in loose.nodes(properties(answer), "periods")[:_MOST_ROWS]:
        at = terms.moment(period.get("startTime"))
        temperature = _period_degrees(period, scale)
        if at is not None and temperature is not None:
            code = sky.code(period.get("icon"), period.get("shortForecast"))
            rows.append(terms.hour(at, temperature, code, _rain(period), is_day=_is_day(period)))
    return rows


def days(answer: loose.Node, hourly: list[Row], scale: Scale) -> list[Row]:
    """Twelve-hour periods as days: the day's high, the low of the night that follows it.

    In the evening the first period is "Tonight": the high of what is left of the day comes from the hours.
    """
    local = zone(answer)
    highs: dict[str, tuple[float, int | None, float | None]] = {}
    lows: dict[str, tuple[float, int | None, float | None]] = {}
    for period in loose.nodes(properties(answer), "periods")[:_MOST_ROWS]:
        at = terms.moment(period.get("startTime"))
        temperature = _period_degrees(period, scale)
        if at is None or temperature is None or local is None:
            continue
        start = at + (local.utcoffset(None) or timedelta())
        code = sky.code(period.get("icon"), period.get("shortForecast"))
        if _is_day(period):
            highs.setdefault(start.date().isoformat(), (temperature, code, _rain(period)))
        elif start.hour >= _NOON:
            lows.setdefault(start.date().isoformat(), (temperature, code, _rain(period)))
    rows = []
    for on in sorted(highs.keys() | lows.keys()):
        low = lows.get(on)
        high = highs.get(on) or _rest_of(on, hourly, local)
        if low is None or high is None:
            continue
        rains = [rain for rain in (high[2], low[2]) if rain is not None]
        code = high[1] if high[1] is not None else low[1]
        rows.append(terms.day(date.fromisoformat(on), low[0], high[0], code, max(rains, default=None)))
    return rows


def alerts(answer: loose.Node, now: datetime) -> list[str]:
    """What is warned of now, worst first. Tests, exercises, cancellations and what is over are left out."""
    found = []
    for feature in loose.nodes(answer, "features")[:_MOST_ROWS]:
        alert = properties(feature)
        ends = terms.moment(alert.get("ends")) or terms.moment(alert.get("expires"))
        event = loose.label(alert, "event", 60)
        actual = loose.text(alert, "status") in {None, "Actual"} and loose.text(alert, "messageType") != "Cancel"
        if event is None or not actual or (ends is not None and ends <= now):
            continue
        severity = loose.text(alert, "severity", 20) or "Unknown"
        found.append((_SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES), event))
    return [event for _, event in sorted(found, key=lambda pair: pair[0])]


def _rest_of(on: str, hourly: list[Row], local: timezone | None) -> tuple[float, int | None, float | None] | None:
    zoned = local or UTC
    rows = [row for row in hourly if terms.date_in(datetime.fromisoformat(row["time"]), zoned).isoformat() == on]
    if not rows:
        return None
    warmest = max(rows, key=lambda row: float(row["temperature"]))
    return warmest["temperature"], warmest["code"], None


def _degrees(found: loose.Node, key: str, scale: Scale) -> float | None:
    value = loose.node(found, key)
    return terms.degrees(value.get("value"), value.get("unitCode"), scale)


def _period_degrees(period: loose.Node, scale: Scale) -> float | None:
    """A bare number with ``temperatureUnit``, or a value with a unit (the API's ``forecast_temperature_qv`` form)."""
    if isinstance(period.get("temperature"), dict):
        return _degrees(period, "temperature", scale)
    return terms.degrees(period.get("temperature"), period.get("temperatureUnit") or "F", scale)


def _is_day(period: loose.Node) -> bool:
    told = period.get("isDaytime")
    return told if isinstance(told, bool) else sky.is_day(period.get("icon")) is not False


def _rain(period: loose.Node) -> float | None:
    return terms.percent(loose.node(period, "probabilityOfPrecipitation").get("value"))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
