"""The US National Weather Service's API (https://www.weather.gov/documentation/services-web-api), invented weather."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sandbox.feeds._place import Place, span

_CONTEXT = ["https://geojson.org/geojson-ld/geojson-context.jsonld", {"@version": "1.1"}]
_SKIES = {
    0: ("skc", "Sunny", "Clear"),
    1: ("few", "Mostly Sunny", "Mostly Clear"),
    2: ("sct", "Partly Sunny", "Partly Cloudy"),
    3: ("ovc", "Cloudy", "Cloudy"),
    61: ("rain", "Light Rain", "Light Rain"),
    63: ("rain", "Rain", "Rain"),
    73: ("snow", "Snow", "Snow"),
}
_GALE_KMH = 23.0


def point(place: Place, root: str) -> dict[str, Any]:
    """``/points/{lat},{lon}``: which grid covers a place, and where its forecasts are."""
    grid = f"{root}/gridpoints/SBX/{_cell(place)}"
    city = {"city": "Harbour City", "state": "SB", "distance": _value("m", 1200.0), "bearing": _value("degree", 210)}
    return _feature(
        {
            "@id": f"{root}/points/{_spot(place)}",
            "@type": "wx:Point",
            "cwa": "SBX",
            "gridId": "SBX",
            "gridX": int(_cell(place).split(",")[0]),
            "gridY": int(_cell(place).split(",")[1]),
            "forecast": f"{grid}/forecast",
            "forecastHourly": f"{grid}/forecast/hourly",
            "forecastGridData": grid,
            "observationStations": f"{grid}/stations",
            "relativeLocation": _feature(city),
            "timeZone": "Etc/GMT",
        },
    )


def place_of(cell: str) -> Place:
    """The place of a grid cell. Raises ``ValueError``."""
    x, _, y = cell.partition(",")
    return Place.of(str(int(y) / 100 - 90), str(int(x) / 100 - 180))


def stations(cell: str, root: str) -> dict[str, Any]:
    """``…/stations``, nearest first."""
    x, y = (int(part) for part in cell.split(","))
    names = [f"S{x:05d}{y:05d}", f"S{x + 20:05d}{y:05d}"]
    found = [
        _feature({"@id": f"{root}/stations/{name}", "stationIdentifier": name, "name": f"Harbour Field {number}"})
        for number, name in enumerate(names, 1)
    ]
    return {"@context": _CONTEXT, "type": "FeatureCollection", "features": found}


def observation(station: str, now: datetime) -> dict[str, Any]:
    """``/stations/{id}/observations/latest``: reported every 20 minutes. Raises ``ValueError``."""
    place = place_of(f"{int(station[1:6])},{int(station[6:11])}")
    at = now.replace(minute=now.minute // 20 * 20, second=0, microsecond=0)
    local, sky = place.local(at), place.sky
    name, day, night = _SKIES[sky.code(local)]
    light = sky.is_day(local)
    felt = sky.felt_celsius(local)
    chilly = sky.celsius(local) < 10
    return _feature(
        {
            "station": station,
            "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
            "textDescription": day if light else night,
            "icon": _icon(name, light=light),
            "presentWeather": [],
            "temperature": _value("degC", round(sky.celsius(local), 1), "V"),
            "dewpoint": _value("degC", None),
            "windDirection": _value("degree_(angle)", round(sky.wind_degrees(local)), "V"),
            "windSpeed": _value("km_h-1", round(sky.wind_kmh(local), 2), "V"),
            "windGust": _value("km_h-1", None),
            "relativeHumidity": _value("percent", sky.humidity(local), "V"),
            "windChill": _value("degC", round(felt, 1) if chilly else None),
            "heatIndex": _value("degC", None),
        },
    )


def hourly(cell: str, now: datetime) -> dict[str, Any]:
    """``…/forecast/hourly``: 156 hours, in Fahrenheit as the service's default is. Raises ``ValueError``."""
    place = place_of(cell)
    first = place.local(now).replace(minute=0, second=0, microsecond=0)
    periods = []
    for number in range(156):
        at = first + timedelta(hours=number)
        light = place.sky.is_day(at)
        period = _period(place, at, timedelta(hours=1), number + 1, light=light)
        period["name"] = ""
        periods.append(period)
    return _forecast(now, periods)


def daily(cell: str, now: datetime) -> dict[str, Any]:
    """``…/forecast``: fourteen half days from the present one. Raises ``ValueError``."""
    place = place_of(cell)
    local = place.local(now)
    first = local.replace(hour=6 if 6 <= local.hour < 18 else 18, minute=0, second=0, microsecond=0)
    if local.hour < 6:
        first -= timedelta(days=1)
    periods = []
    for number in range(14):
        at = first + timedelta(hours=12 * number)
        light = at.hour == 6
        middle = at + timedelta(hours=8)
        period = _period(place, middle, timedelta(hours=12), number + 1, light=light)
        low, high = span(place.sky, at.replace(hour=0))
        coldest = span(place.sky, at.replace(hour=0) + timedelta(days=1))[0]
        period |= {
            "name": _name(at, number, light=light),
            "startTime": at.isoformat(),
            "endTime": (at + timedelta(hours=12)).isoformat(),
            "temperature": _fahrenheit(high if light else min(low, coldest)),
        }
        periods.append(period)
    return _forecast(now, periods)


def alerts(place: Place, now: datetime) -> dict[str, Any]:
    """``/alerts/active``: a warning when it blows, and always a test message, which is no warning."""
    found = [_alert("Test Message", "Test", "Unknown", now)]
    if place.sky.wind_kmh(place.local(now)) > _GALE_KMH:
        found.append(_alert("Wind Advisory", "Actual", "Moderate", now))
    return {"@context": _CONTEXT, "type": "FeatureCollection", "features": found, "title": "Current watches"}


def _alert(event: str, status: str, severity: str, now: datetime) -> dict[str, Any]:
    ends = now + timedelta(hours=6)
    words = {"event": event, "headline": f"{event} issued by SBX", "description": "…", "instruction": None}
    judged = {"severity": severity, "certainty": "Likely", "urgency": "Expected", "response": "Execute"}
    times = {"effective": now.isoformat(), "onset": now.isoformat(), "expires": ends.isoformat(), "ends": None}
    return _feature(
        {"id": f"urn:oid:sandbox.{event}", "status": status, "messageType": "Alert"} | words | judged | times
    )


def _period(place: Place, at: datetime, lasts: timedelta, number: int, *, light: bool) -> dict[str, Any]:
    sky = place.sky
    icon, day, night = _SKIES[sky.code(at)]
    chance = round(sky.rain_percent(at))
    wind = round(sky.wind_kmh(at) / 1.609)
    words = day if light else night
    return {
        "number": number,
        "startTime": at.isoformat(),
        "endTime": (at + lasts).isoformat(),
        "isDaytime": light,
        "temperature": _fahrenheit(sky.celsius(at)),
        "temperatureUnit": "F",
        "temperatureTrend": None,
        "probabilityOfPrecipitation": _value("percent", chance or None),
        "windSpeed": f"{wind} to {wind + 5} mph" if lasts > timedelta(hours=1) else f"{wind} mph",
        "windDirection": "SW",
        "icon": _icon(f"{icon},{chance}" if chance >= 20 else icon, light=light),
        "shortForecast": words,
        "detailedForecast": f"{words}. Southwest wind around {wind} mph.",
    }


def _forecast(now: datetime, periods: list[dict[str, Any]]) -> dict[str, Any]:
    stamp = now.strftime("%Y-%m-%dT%H:%M:00+00:00")
    head = {"units": "us", "forecastGenerator": "SandboxGenerator", "generatedAt": stamp, "updateTime": stamp}
    return _feature({**head, "validTimes": f"{stamp}/P7DT18H", "elevation": _value("m", 12.0), "periods": periods})


def _name(at: datetime, number: int, *, light: bool) -> str:
    if number == 0:
        return "Today" if light else "Tonight"
    return at.strftime("%A") if light else at.strftime("%A Night")


def _icon(name: str, *, light: bool) -> str:
    return f"https://api.weather.gov/icons/land/{'day' if light else 'night'}/{name}?size=medium"


def _fahrenheit(celsius: float) -> int:
    return round(celsius * 9 / 5 + 32)


def _value(unit: str, value: float | None, quality: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"unitCode": f"wmoUnit:{unit}", "value": value}
    return {**found, "qualityControl": quality} if quality else found


def _feature(properties: dict[str, Any]) -> dict[str, Any]:
    return {"@context": _CONTEXT, "type": "Feature", "geometry": None, "properties": properties}


def _spot(place: Place) -> str:
    return f"{place.latitude:g},{place.longitude:g}"


def _cell(place: Place) -> str:
    return f"{round((place.longitude + 180) * 100)},{round((place.latitude + 90) * 100)}"
