"""The screen's language: the panels' own words (``words/*.toml``), names of days and months, orders of dates (CLDR)."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel.core import Locale as Cldr

WORDS = Path(__file__).with_name("words")
log = logging.getLogger("ooh.panels")

_MARKS = "\u200e\u200f\u061c"
"""Direction marks: each run's direction is worked out when it is set."""
_FIELDS = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Names, and patterns of CLDR (UTS 35, part 4: E, M, L, d, h, K, a and quoted text)."""

    weekdays: tuple[str, ...]
    """Monday first, as a heading."""
    weekdays_short: tuple[str, ...]
    months: tuple[str, ...]
    """As within a date."""
    months_short: tuple[str, ...]
    halves: tuple[str, str]
    """AM and PM."""
    long_date: str = "EEEE, d MMMM"
    short_date: str = "E, d MMM"
    day_month: str = "d MMMM"
    day_month_short: str = "d MMM"
    half_time: str = "h:mm a"
    half_hour: str = "h a"
    percent: str = "{}%"
    rtl: bool = False


_ENGLISH = Calendar(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    weekdays_short=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    months_short=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    halves=("AM", "PM"),
)
"""What most screens need, without loading CLDR (25 ms and 8 MB)."""


@dataclass(frozen=True, slots=True)
class Locale:
    """How one language says what panels say."""

    name: str
    calendar: Calendar
    words: Mapping[str, str]
    skies: Mapping[str, str]

    @property
    def rtl(self) -> bool:
        """True when it is written from right to left: the tile is then mirrored."""
        return self.calendar.rtl

    def word(self, key: str, **facts: object) -> str:
        """The panel's own word for ``key``, its ``{facts}`` filled in."""
        return self.words[key].format(**facts)

    def sky(self, code: int, *, is_day: bool) -> str:
        """A weather code in words; empty for one that is not known."""
        return (self.skies.get(f"{code}n", "") if not is_day else "") or self.skies.get(str(code), "")

    def weekday(self, at: date) -> str:
        """``Sunday``."""
        return _headed(self.calendar.weekdays[at.weekday()])

    def weekday_short(self, at: date) -> str:
        """``Sun``."""
        return _headed(self.calendar.weekdays_short[at.weekday()])

    def long_date(self, at: date) -> str:
        """``Sunday, 22 November``."""
        return _headed(self._filled(self.calendar.long_date, at))

    def short_date(self, at: date) -> str:
        """``Sun, 22 Nov``."""
        return _headed(self._filled(self.calendar.short_date, at))

    def day_month(self, at: date) -> str:
        """``22 November``."""
        return self._filled(self.calendar.day_month, at)

    def day_month_short(self, at: date) -> str:
        """``22 Nov``."""
        return self._filled(self.calendar.day_month_short, at)

    def half(self, at: datetime) -> str:
        """``AM`` or ``PM``."""
        return self.calendar.halves[at.hour >= 12]

    @property
    def half_first(self) -> bool:
        """True where it stands before the figures, as in Chinese, Japanese and Korean."""
        return self.calendar.half_time[:1] in {"a", "b", "B"}

    def half_hour(self, at: datetime) -> int:
        """The hour on a 12 hour clock: noon is 12, in Japan 0."""
        return at.hour % 12 or (0 if "K" in self.calendar.half_time else 12)

    def time(self, at: datetime, hours: int) -> str:
        """``19:30``, or ``7:30 PM``."""
        return f"{at:%H:%M}" if hours == 24 else self._filled(self.calendar.half_time, at)

    def hour(self, at: datetime, hours: int) -> str:
        """``19:00``, or ``7 PM``: a column's head."""
        return f"{at:%H:%M}" if hours == 24 else self._filled(self.calendar.half_hour, at)

    def percent(self, value: int) -> str:
        """``20%``, or ``20 %``."""
        return self.calendar.percent.format(value)

    def _filled(self, pattern: str, at: date) -> str:
        names = self.calendar
        return "".join(_field(found, names, at) for found in _FIELDS.finditer(pattern)).strip()


def _headed(text: str) -> str:
    """As at the beginning of a line: French and Spanish write their weekdays small within a sentence."""
    return text[:1].upper() + text[1:]


def _field(found: re.Match[str], names: Calendar, at: date) -> str:
    """One part of a pattern: quoted text, a field, or what stands between."""
    if found[1] is not None:
        return found[1] or "'"
    if found[2] is None:
        return found[0]
    long, short, moment = len(found[0]) > 3, len(found[0]) < 3, at if isinstance(at, datetime) else None
    weekday, month = (at.weekday(), at.month - 1)
    values = {
        "E": (names.weekdays if long else names.weekdays_short)[weekday],
        "M": str(at.month) if short else (names.months if long else names.months_short)[month],
        "d": str(at.day),
    }
    if moment is not None:
        half = names.halves[moment.hour >= 12]
        values |= {"h": str(moment.hour % 12 or 12), "K": str(moment.hour % 12), "m": f"{moment.minute:02}"}
        values |= {"a": half, "b": half, "B": half}
    return values.get({"L": "M", "c": "E"}.get(found[2], found[2]), "")


@lru_cache(maxsize=4)
def locale_of(name: str) -> Locale:
    """The locale of ``[screen] locale``. An unknown one is English, said once in the log.

    Words fall back from ``pt_BR`` to ``pt`` to English; dates are CLDR's own in every language that it knows.
    """
    wanted = name.replace("-", "_")
    calendar, names = (_ENGLISH, ("en",)) if wanted in {"", "en", "en_GB"} else _cldr(wanted)
    english = _read("en") or {}
    table = next((found for each in names if (found := _read(each)) is not None), english)
    words = english.get("words", {}) | table.get("words", {})
    return Locale(name, calendar, words, table.get("sky", {}) or english.get("sky", {}))


def _read(name: str) -> dict[str, Any] | None:
    path = WORDS / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _cldr(name: str) -> tuple[Calendar, tuple[str, ...]]:
    """The calendar that Babel holds, and the names of word tables to try; the import is late, as English needs none."""
    from babel.core import Locale as Known  # noqa: PLC0415
    from babel.core import UnknownLocaleError  # noqa: PLC0415

    try:
        found = Known.parse(name)
    except (UnknownLocaleError, ValueError):
        try:
            found = Known.parse(name.split("_", maxsplit=1)[0])
        except (UnknownLocaleError, ValueError):
            log.warning("locale.unknown", extra={"facts": {"locale": name}})
            return _ENGLISH, ("en",)
    script = found.script or ("Hant" if found.territory in {"TW", "HK", "MO"} else "")
    return _calendar(found), (f"{found.language}_{script}", found.language)


def _calendar(found: Cldr) -> Calendar:
    """What panels need of a CLDR locale."""
    skeletons = found.datetime_skeletons

    def pattern(key: str, otherwise: str) -> str:
        found_pattern = str(skeletons[key].pattern) if key in skeletons else otherwise
        return "".join(c for c in found_pattern if c not in _MARKS).strip()

    day_month, day_month_short = pattern("MMMMd", "d MMMM"), pattern("MMMd", "d MMM")
    short_date = pattern("MMMEd", "E, d MMM")
    long_date = short_date.replace(day_month_short, day_month).replace("LLL", "LLLL").replace("LLLLL", "LLLL")
    periods = found.day_periods["format"]
    halves = next(names for width in ("abbreviated", "wide") if "am" in (names := periods.get(width, ())))
    return Calendar(
        weekdays=tuple(str(found.days["stand-alone"]["wide"][day]) for day in range(7)),
        weekdays_short=tuple(str(found.days["stand-alone"]["abbreviated"][day]) for day in range(7)),
        months=tuple(str(found.months["format"]["wide"][month]) for month in range(1, 13)),
        months_short=tuple(str(found.months["format"]["abbreviated"][month]) for month in range(1, 13)),
        halves=(str(halves["am"]), str(halves["pm"])),
        long_date=pattern("MMMMEEEEd", _widened(long_date)),
        short_date=short_date,
        day_month=day_month,
        day_month_short=day_month_short,
        half_time=pattern("hm", "h:mm a"),
        half_hour=pattern("h", "h a").replace(" 'Uhr'", ""),
        percent=re.sub(r"[#,.0]+", "{}", str(found.percent_formats[None].pattern), count=1),
        rtl=found.text_direction == "rtl",
    )


def _widened(pattern: str) -> str:
    """The weekday in full (CLDR's rule for missing widths: UTS 35, part 4, 2.6.2.2)."""
    return re.sub(r"E+", "EEEE", pattern)
