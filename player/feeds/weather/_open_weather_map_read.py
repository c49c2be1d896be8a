"""Reading OpenWeather's answers: metric units, times in seconds since 1970, condition ids of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType

from config import Config
from player import _loose as loose
from player.feeds.weather import _terms as terms
from player.feeds.weather._terms import Row, Scale

_MOST_ROWS = 400
_STEP = timedelta(hours=3)
_FEWEST_STEPS = 4
"""Of a day that is forecast in 3-hour steps: fewer tell neither its high nor its low. Today has what is left of it."""
_MIDDAY = 13
# https://openweathermap.org/weather-conditions. What has no code of its own (7xx: smoke, haze, dust) is told by clouds.
_CODES = MappingProxyType(
    {
        300: 51,
        301: 53,
        302: 55,
        310: 51,
        311: 53,
        312: 55,
        313: 81,
        314: 82,
        321: 80,
        500: 61,
        501: 63,
        502: 65,
        503: 65,
        504: 65,
        511: 66,
        520: 80,
        521: 81,
        522: 82,
        531: 81,
        600: 71,
        601: 73,
        602: 75,
        611: 66,
        612: 66,
        613: 67,
        615: 66,
        616: 67,
        620: 85,
        621: 85,
        622: 86,
        701: 45,
        741: 45,
        781: 95,
        800: 0,
        801: 1,
        802: 2,
        803: 3,
        804: 3,
    }
)


def code_of(conditions: object, clouds: object) -> int | None:
    """The WMO code of a ``weather`` list; of several conditions the first is the primary one."""
    first = loose.nodes({"weather": conditions}, "weather")[:1]
    number = loose.whole(first[0], "id", 200, 899) if first else None
    if number is not None and 200 <= number < 300:
        return 95
    if number is None:
        return None
    if number in _CODES:
        return _CODES[number]
    cover = terms.percent(clouds)
    if cover is None:
        return None
    return next(known for known, least in ((3, 70.0), (2, 30.0), (1, 11.0), (0, 0.0)) if cover >= least)


def one_call(answer: loose.Node, config: Config, now: datetime) -> tuple[Row, datetime | None]:
    """One Call 3.0's answer as the snapshot's data, and the time of its observation."""
    scale = config.panels.weather.units
    zone = terms.zone_of(answer.get("timezone_offset"))
    current = loose.node(answer, "current")
    hours = (_hour(row, row, row.get("clouds"), scale) for row in loose.nodes(answer, "hourly")[:_MOST_ROWS])
    data = terms.forecast(
        config,
        now=_present(current, current, current.get("wind_speed"), current.get("clouds"), current, scale),
        hours=terms.upcoming((row for row in hours if row is not None), now),
        days=_days(answer, scale, zone),
        zone=zone,
        at=now,
        alerts=(event for alert in loose.nodes(answer, "alerts") if (event := _alert(alert, now)) is not None),
        missing=loose.label(answer, "message", 200) or "",
    )
    return data, terms.moment(current.get("dt"))


def current_and_forecast(
    current: loose.Node, coming: loose.Node, config: Config, now: datetime
) -> tuple[Row, datetime | None]:
    """2.5's two answers as the snapshot's data, and the time of the observation."""
    scale = config.panels.weather.units
    city = loose.node(coming, "city")
    told = current.get("timezone")
    zone = terms.zone_of(told if told is not None else city.get("timezone"))
    steps = loose.nodes(coming, "list")[:_MOST_ROWS]
    # The steps begin in the future: the running one is the weather now.
    hours = (_hour(row, loose.node(row, "main"), _clouds(row), scale) for row in (current, *steps))
    wind = loose.node(current, "wind").get("speed")
    data = terms.forecast(
        config,
        now=_present(current, loose.node(current, "main"), wind, _clouds(current), loose.node(current, "sys"), scale),
        hours=terms.upcoming((row for row in hours if row is not None), now, _STEP),
        days=_days_of_steps(steps, scale, zone, terms.date_in(now, zone)),
        zone=zone,
        at=now,
        place=loose.label(current, "name") or loose.label(city, "name"),
        missing=loose.label(current, "message", 200) or "",
    )
    return data, terms.moment(current.get("dt"))


def _present(
    row: loose.Node, main: loose.Node, wind: object, clouds: object, sun: loose.Node, scale: Scale
) -> Row | None:
    return terms.present(
        terms.degrees(main.get("temp"), "C", scale),
        code_of(row.get("weather"), clouds),
        is_day=_is_day(row, sun),
        feels_like=terms.degrees(main.get("feels_like"), "C", scale),
        wind_kmh=terms.kmh(wind, "m/s"),
        humidity=terms.percent(main.get("humidity")),
    )


def _hour(row: loose.Node, main: loose.Node, clouds: object, scale: Scale) -> Row | None:
    at, temperature = terms.moment(row.get("dt")), terms.degrees(main.get("temp"), "C", scale)
    if at is None or temperature is None:
        return None
    code, is_day = code_of(row.get("weather"), clouds), _is_day(row, loose.node(row, "sys"))
    return terms.hour(at, temperature, code, _rain(row), is_day=is_day)


def _days(answer: loose.Node, scale: Scale, zone: timezone) -> Iterable[Row]:
    for row in loose.nodes(answer, "daily")[:_MOST_ROWS]:
        at, span = terms.moment(row.get("dt")), loose.node(row, "temp")
        low, high = terms.degrees(span.get("min"), "C", scale), terms.degrees(span.get("max"), "C", scale)
        if at is not None and low is not None and high is not None:
            code = code_of(row.get("weather"), row.get("clouds"))
            yield terms.day(terms.date_in(at, zone), low, high, code, _rain(row))


def _days_of_steps(steps: list[loose.Node], scale: Scale, zone: timezone, today: date) -> Iterable[Row]:
    by_date: dict[date, list[tuple[int, loose.Node]]] = defaultdict(list)
    for row in steps:
        at = terms.moment(row.get("dt"))
        if at is not None:
            local = terms.date_in(at, zone)
            hour = int((at.timestamp() + zone.utcoffset(None).total_seconds()) // 3600 % 24)
            by_date[local].append((hour, row))
    for on, rows in by_date.items():
        mains = [loose.node(row, "main") for _, row in rows]
        lows = [low for main in mains if (low := terms.degrees(_either(main, "temp_min"), "C", scale)) is not None]
        highs = [high for main in mains if (high := terms.degrees(_either(main, "temp_max"), "C", scale)) is not None]
        if not lows or not highs or (len(rows) < _FEWEST_STEPS and on != today):
            continue
        _, midday = min(rows, key=lambda pair: abs(pair[0] - _MIDDAY))
        rains = [rain for _, row in rows if (rain := _rain(row)) is not None]
        code = code_of(midday.get("weather"), _clouds(midday))
        yield terms.day(on, min(lows), max(highs), code, max(rains, default=None))


def _either(main: loose.Node, key: str) -> object:
    found = main.get(key)
    return found if found is not None else main.get("temp")


def _alert(alert: loose.Node, now: datetime) -> str | None:
    ends = terms.moment(alert.get("end"))
    return None if ends is not None and ends <= now else loose.label(alert, "event", 60)


def _is_day(row: loose.Node, sun: loose.Node) -> bool:
    """Between sunrise and sunset; without them (polar days, hours) by the icon's or the step's letter, else day."""
    at, rise, fall = (terms.moment(found) for found in (row.get("dt"), sun.get("sunrise"), sun.get("sunset")))
    if at is not None and rise is not None and fall is not None and rise < fall:
        return rise <= at < fall
    first = loose.nodes(row, "weather")[:1]
    icon = loose.text(first[0], "icon", 8) if first else None
    return (loose.text(sun, "pod", 2) or (icon or "")[-1:]) != "n"


def _clouds(row: loose.Node) -> object:
    return loose.node(row, "clouds").get("all")


def _rain(row: loose.Node) -> float | None:
    """``pop`` is a probability from 0 to 1."""
    chance = loose.real(row, "pop", 0, 1)
    return None if chance is None else round(chance * 100, 1)
