"""What a weather code means: words, and the parts of its icon (WMO 4677 as Open-Meteo numbers it)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fall = Literal["none", "drizzle", "rain", "pour", "sleet", "snow", "blizzard", "bolt", "hail", "fog"]
Cover = Literal["none", "little", "half", "full"]


@dataclass(frozen=True, slots=True)
class Sky:
    """One kind of sky."""

    day: str
    """In words, by day."""
    cover: Cover
    fall: Fall = "none"
    night: str = ""
    """In words, by night, where they differ."""

    def words(self, *, is_day: bool) -> str:
        """In words."""
        return self.day if is_day or not self.night else self.night


_SKIES: dict[int, Sky] = {
    0: Sky("Sunny", "none", night="Clear"),
    1: Sky("Mostly sunny", "little", night="Mostly clear"),
    2: Sky("Partly cloudy", "half"),
    3: Sky("Cloudy", "full"),
    45: Sky("Fog", "full", "fog"),
    48: Sky("Icy fog", "full", "fog"),
    51: Sky("Light drizzle", "full", "drizzle"),
    53: Sky("Drizzle", "full", "drizzle"),
    55: Sky("Heavy drizzle", "full", "rain"),
    56: Sky("Icy drizzle", "full", "sleet"),
    57: Sky("Icy drizzle", "full", "sleet"),
    61: Sky("Light rain", "full", "drizzle"),
    63: Sky("Rain", "full", "rain"),
    65: Sky("Heavy rain", "full", "pour"),
    66: Sky("Freezing rain", "full", "sleet"),
    67: Sky("Freezing rain", "full", "sleet"),
    71: Sky("Light snow", "full", "snow"),
    73: Sky("Snow", "full", "snow"),
    75: Sky("Heavy snow", "full", "blizzard"),
    77: Sky("Snow grains", "full", "snow"),
    80: Sky("Light showers", "half", "drizzle"),
    81: Sky("Showers", "half", "rain"),
    82: Sky("Heavy showers", "full", "pour"),
    85: Sky("Snow showers", "half", "snow"),
    86: Sky("Snow showers", "full", "blizzard"),
    95: Sky("Thunderstorm", "full", "bolt"),
    96: Sky("Hailstorm", "full", "hail"),
    99: Sky("Hailstorm", "full", "hail"),
}


def sky(code: int | None) -> Sky | None:
    """The sky of a weather code; None for codes that Open-Meteo does not use."""
    return None if code is None else _SKIES.get(code)


def codes() -> tuple[int, ...]:
    """Every code that has an icon."""
    return tuple(_SKIES)
