"""OpenWeather's answers (https://openweathermap.org/api): One Call 3.0, current weather and 3-hour forecast 2.5."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.feeds._place import Place, span

_CONDITIONS = {
    0: (800, "Clear", "clear sky", "01"),
    1: (801, "Clouds", "few clouds", "02"),
    2: (802, "Clouds", "scattered clouds", "03"),
    3: (804, "Clouds", "overcast clouds", "04"),
    61: (500, "Rain", "light rain", "10"),
    63: (501, "Rain", "moderate rain", "10"),
    73: (601, "Snow", "snow", "13"),
}
_STEP = timedelta(minutes=10)
"""Current weather is renewed this often."""


def one_call(place: Place, now: datetime) -> dict[str, Any]:
    """``/data/3.0/onecall`` with ``units=metric``."""
    local = place.local(_stepped(now))
    first = local.replace(minute=0, second=0, microsecond=0)
    midnight = place.midnight(now)
    return {
        "lat": place.latitude,
        "lon": place.longitude,
        "timezone": "Etc/GMT",
        "timezone_offset": _offset_s(place),
        "current": {"dt": int(local.timestamp()), **_sun(place, midnight), **_moment(place, local)},
        "hourly": [
            {"dt": int(at.timestamp()), **_moment(place, at), "pop": _chance(place, at)}
            for at in (first + timedelta(hours=number) for number in range(48))
        ],
        "daily": [_day(place, midnight + timedelta(days=number)) for number in range(8)],
    }


def current(place: Place, now: datetime) -> dict[str, Any]:
    """``/data/2.5/weather`` with ``units=metric``."""
    local = place.local(_stepped(now))
    return {
        "coord": {"lon": place.longitude, "lat": place.latitude},
        "weather": [_condition(place, local)],
        "base": "stations",
        "main": _main(place, local),
        "visibility": 10000,
        "wind": _wind(place, local),
        "clouds": {"all": round(place.sky.cloud_percent(local))},
        "dt": int(local.timestamp()),
        "sys": {"type": 2, "id": 1, "country": "SB", **_sun(place, place.midnight(now))},
        "timezone": _offset_s(place),
        "id": 4600,
        "name": "Harbour City",
        "cod": 200,
    }


def forecast(place: Place, now: datetime) -> dict[str, Any]:
    """``/data/2.5/forecast`` with ``units=metric``: 40 steps of three hours."""
    hours = now.timestamp() // 3600 // 3 * 3
    first = place.local(datetime.fromtimestamp((hours + 3) * 3600, now.tzinfo))
    steps = [_step(place, first + timedelta(hours=3 * number)) for number in range(40)]
    city = {"id": 4600, "name": "Harbour City", "coord": {"lat": place.latitude, "lon": place.longitude}}
    city |= {"country": "SB", "population": 1, "timezone": _offset_s(place), **_sun(place, place.midnight(now))}
    return {"cod": "200", "message": 0, "cnt": len(steps), "list": steps, "city": city}


def _step(place: Place, at: datetime) -> dict[str, Any]:
    return {
        "dt": int(at.timestamp()),
        "main": _main(place, at),
        "weather": [_condition(place, at)],
        "clouds": {"all": round(place.sky.cloud_percent(at))},
        "wind": _wind(place, at),
        "visibility": 10000,
        "pop": _chance(place, at),
        "sys": {"pod": "d" if place.sky.is_day(at) else "n"},
        "dt_txt": at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
    }


def _day(place: Place, midnight: datetime) -> dict[str, Any]:
    noon = midnight + timedelta(hours=12)
    low, high = span(place.sky, midnight)
    degrees = {"day": high, "min": low, "max": high, "night": low, "eve": high - 2, "morn": low + 1}
    chance = max(_chance(place, midnight + timedelta(hours=hour)) for hour in range(24))
    return {
        "dt": int(noon.timestamp()),
        **_sun(place, midnight),
        "summary": "Expect a day",
        "temp": {name: round(value, 2) for name, value in degrees.items()},
        "pressure": 1015,
        "humidity": round(place.sky.humidity(noon)),
        **_flat_wind(place, noon),
        "weather": [_condition(place, noon)],
        "clouds": round(place.sky.cloud_percent(noon)),
        "pop": chance,
    }


def _moment(place: Place, at: datetime) -> dict[str, Any]:
    main = _main(place, at)
    return {
        **{key: main[key] for key in ("temp", "feels_like", "pressure", "humidity")},
        "clouds": round(place.sky.cloud_percent(at)),
        "visibility": 10000,
        **_flat_wind(place, at),
        "weather": [_condition(place, at)],
    }


def _main(place: Place, at: datetime) -> dict[str, Any]:
    degrees = round(place.sky.celsius(at), 2)
    return {
        "temp": degrees,
        "feels_like": round(place.sky.felt_celsius(at), 2),
        "temp_min": degrees,
        "temp_max": degrees,
        "pressure": 1015,
        "humidity": round(place.sky.humidity(at)),
    }


def _condition(place: Place, at: datetime) -> dict[str, Any]:
    number, group, words, icon = _CONDITIONS[place.sky.code(at)]
    letter = "d" if place.sky.is_day(at) else "n"
    return {"id": number, "main": group, "description": words, "icon": f"{icon}{letter}"}


def _wind(place: Place, at: datetime) -> dict[str, Any]:
    return {"speed": round(place.sky.wind_kmh(at) / 3.6, 2), "deg": round(place.sky.wind_degrees(at))}


def _flat_wind(place: Place, at: datetime) -> dict[str, Any]:
    wind = _wind(place, at)
    return {"wind_speed": wind["speed"], "wind_deg": wind["deg"]}


def _sun(place: Place, midnight: datetime) -> dict[str, int]:
    rise, fall = place.sky.sun(midnight)
    return {"sunrise": int(rise.timestamp()), "sunset": int(fall.timestamp())}


def _chance(place: Place, at: datetime) -> float:
    return round(place.sky.rain_percent(at) / 100, 2)


def _offset_s(place: Place) -> int:
    return int(place.zone.utcoffset(None).total_seconds())


def _stepped(now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // _STEP.total_seconds() * _STEP.total_seconds(), now.tzinfo)
