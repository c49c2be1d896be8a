"""What a weather code means for an icon: cover and what falls (WMO 4677 as Open-Meteo numbers it)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fall = Literal["none", "drizzle", "rain", "pour", "sleet", "snow", "blizzard", "bolt", "hail", "fog"]
Cover = Literal["none", "little", "half", "full"]


@dataclass(frozen=True, slots=True)
class Sky:
    """One kind of sky."""

    code: int
    cover: Cover
    fall: Fall = "none"


_SKIES: dict[int, Sky] = {
    0: Sky(0, "none"),
    1: Sky(1, "little"),
    2: Sky(2, "half"),
    3: Sky(3, "full"),
    45: Sky(45, "full", "fog"),
    48: Sky(48, "full", "fog"),
    51: Sky(51, "full", "drizzle"),
    53: Sky(53, "full", "drizzle"),
    55: Sky(55, "full", "rain"),
    56: Sky(56, "full", "sleet"),
    57: Sky(57, "full", "sleet"),
    61: Sky(61, "full", "drizzle"),
    63: Sky(63, "full", "rain"),
    65: Sky(65, "full", "pour"),
    66: Sky(66, "full", "sleet"),
    67: Sky(67, "full", "sleet"),
    71: Sky(71, "full", "snow"),
    73: Sky(73, "full", "snow"),
    75: Sky(75, "full", "blizzard"),
    77: Sky(77, "full", "snow"),
    80: Sky(80, "half", "drizzle"),
    81: Sky(81, "half", "rain"),
    82: Sky(82, "full", "pour"),
    85: Sky(85, "half", "snow"),
    86: Sky(86, "full", "blizzard"),
    95: Sky(95, "full", "bolt"),
    96: Sky(96, "full", "hail"),
    99: Sky(99, "full", "hail"),
}


def sky(code: int | None) -> Sky | None:
    """The sky of a weather code; None for codes that Open-Meteo does not use."""
    return None if code is None else _SKIES.get(code)


def codes() -> tuple[int, ...]:
    """Every code that has an icon."""
    return tuple(_SKIES)
