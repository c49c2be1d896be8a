"""What api.weather.gov calls the sky: its icons (https://api.weather.gov/icons) and words as WMO 4677 codes."""

from __future__ import annotations

import re
from types import MappingProxyType

_ICON = re.compile(r"/icons/[a-z]+/(day|night)/([^?#]{1,80})")
_CODES = MappingProxyType(
    {
        "skc": 0,
        "hot": 0,
        "few": 1,
        "sct": 2,
        "bkn": 3,
        "ovc": 3,
        "fog": 45,
        "rain": 63,
        "rain_showers": 81,
        "rain_showers_hi": 80,
        "rain_sleet": 66,
        "rain_snow": 66,
        "rain_fzra": 66,
        "fzra": 67,
        "snow_fzra": 67,
        "sleet": 66,
        "snow_sleet": 66,
        "snow": 73,
        "blizzard": 75,
        "tsra": 95,
        "tsra_sct": 95,
        "tsra_hi": 95,
        "tornado": 95,
        "hurricane": 82,
        "tropical_storm": 82,
    }
)
# Dust, smoke, haze and cold say nothing of the sky that has a code of its own: then the words decide.
_LIGHTER = MappingProxyType({63: 61, 73: 71, 81: 80, 53: 51, 67: 66})
_HEAVIER = MappingProxyType({63: 65, 73: 75, 81: 82, 53: 55, 66: 67, 80: 81})
_WORDS: tuple[tuple[str, int], ...] = (
    ("thunder", 95),
    ("t-storm", 95),
    ("tornado", 95),
    ("blizzard", 75),
    ("freezing drizzle", 56),
    ("freezing rain", 66),
    ("sleet", 66),
    ("wintry mix", 66),
    ("ice pellets", 66),
    ("rain and snow", 66),
    ("snow showers", 85),
    ("flurries", 71),
    ("snow", 73),
    ("drizzle", 53),
    ("showers", 81),
    ("rain", 63),
    ("freezing fog", 48),
    ("fog", 45),
    ("mist", 45),
    ("mostly cloudy", 3),
    ("overcast", 3),
    ("partly", 2),
    ("mostly sunny", 1),
    ("mostly clear", 1),
    ("few clouds", 1),
    ("cloudy", 3),
    ("sunny", 0),
    ("clear", 0),
    ("fair", 0),
)
_LIKELY_PERCENT = 50


def is_day(icon: object) -> bool | None:
    """From the icon's address; None when it does not say."""
    found = _ICON.search(icon) if isinstance(icon, str) else None
    return None if found is None else found[1] == "day"


def code(icon: object, words: object) -> int | None:
    """The WMO code of an icon's address, made exact by the words beside it (``Light Rain``, ``Drizzle``).

    An icon of two parts (``tsra,20/rain,60``) tells of two halves of its period: the first counts, unless the second
    is likely.
    """
    text = words.lower()[:200] if isinstance(words, str) else ""
    found = _of_icon(icon)
    said = next((known for word, known in _WORDS if word in text), None)
    if found is None or (found in {63, 73} and said in {51, 53, 55, 56, 80, 81, 85}):
        found = said
    if found is None:
        return None
    if "light" in text or "slight" in text:
        return _LIGHTER.get(found, found)
    return _HEAVIER.get(found, found) if "heavy" in text else found


def _of_icon(icon: object) -> int | None:
    found = _ICON.search(icon) if isinstance(icon, str) else None
    if found is None:
        return None
    best = None
    for part in found[2].split("/"):
        name, _, chance = part.partition(",")
        known = _CODES.get(name.removeprefix("wind_"))
        if known is None:
            continue
        likely = chance.isascii() and chance.isdigit() and int(chance[:3]) >= _LIKELY_PERCENT
        if best is None or (likely and known > best):
            best = known
    return best
