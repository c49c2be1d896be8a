"""Hours: spans of the week as a tech writes them, ``mon-fri 06:00-23:00``, and when they are by the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Self

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(_DAYS)
_SOME_DAYS = rf"(?:{_DAY})(?:-(?:{_DAY}))?"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_SPAN = rf"(?:{_SOME_DAYS}(?:,{_SOME_DAYS})* )?{_TIME}-(?:{_TIME}|24:00)"
HOURS_PATTERN = rf"^{_SPAN}$"
"""Days (none: every day), then from and to."""
DIM_PATTERN = rf"^{_SPAN} (?:[5-9]|[1-9]\d|100)$"
"""The same, and percent."""
_PARTS = re.compile(r"^(?:([a-z,-]+) )?(\d\d):(\d\d)-(\d\d):(\d\d)(?: (\d+))?$")
_WEEK = 7
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of time on some days of the week. Minutes are of the day; it belongs to the day it begins on."""

    days: frozenset[int]
    """0 is Monday."""
    starts: int
    ends: int
    """Up to 1440. No later than ``starts``: on the next day."""
    percent: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """As ``HOURS_PATTERN`` or ``DIM_PATTERN`` has it. Raises ``ValueError`` for anything else."""
        parts = _PARTS.match(text)
        if parts is None:
            message = f"no hours: {text}"
            raise ValueError(message)
        days, *numbers = parts.groups()
        from_hour, from_minute, to_hour, to_minute = (int(number) for number in numbers[:4])
        percent = None if numbers[4] is None else int(numbers[4])
        return cls(_days(days), from_hour * 60 + from_minute, to_hour * 60 + to_minute, percent)

    @property
    def empty(self) -> bool:
        """True when it ends as it starts: it never is."""
        return self.starts == self.ends

    def _on(self, day: date, zone: tzinfo | None) -> tuple[datetime, datetime]:
        """Its edges when it begins on that day, UTC."""
        last = day if self.starts < self.ends else day + timedelta(days=1)
        return _moment(day, self.starts, zone), _moment(last, self.ends, zone)

    def around(self, at: datetime, zone: tzinfo | None) -> Iterator[tuple[datetime, datetime]]:
        """Its edges (UTC), from two days before ``at`` to a week after."""
        today = at.astimezone(zone).date()
        for away in range(-2, _WEEK + 2):
            day = today + timedelta(days=away)
            if day.weekday() in self.days and not self.empty:
                yield self._on(day, zone)


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of the week, asked by aware times.

    They go by the wall clock of ``zone`` (None: the machine's). An hour that summer time leaves out is passed over; of
    one that comes twice, the first counts: nothing is switched twice.
    """

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """From what the config says. Raises ``ValueError`` for what the schema would refuse."""
        return cls(tuple(Span.parse(text) for text in texts))

    def span_at(self, at: datetime, zone: tzinfo | None) -> Span | None:
        """The first, in their order, that holds ``at``: its start belongs to it, its end does not."""
        held = (span for span in self.spans if any(start <= at < end for start, end in span.around(at, zone)))
        return next(held, None)

    def next_edge(self, at: datetime, zone: tzinfo | None) -> datetime | None:
        """When a span begins or ends next, after ``at``, UTC; None without spans."""
        edges = (edge for span in self.spans for pair in span.around(at, zone) for edge in pair if edge > at)
        return min(edges, default=None)


def _days(text: str | None) -> frozenset[int]:
    """``mon-fri,sun``; a range may go over Sunday. None: every day."""
    if text is None:
        return frozenset(range(_WEEK))
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start = _DAYS.index(first)
        length = (_DAYS.index(last) - start) % _WEEK + 1 if last else 1
        found.update((start + step) % _WEEK for step in range(length))
    return frozenset(found)


def _moment(day: date, minutes: int, zone: tzinfo | None) -> datetime:
    """When the wall clock reads that time on that day for the first time, or, if it never does, is past it."""
    if minutes == _DAY_MINUTES:
        day, minutes = day + timedelta(days=1), 0
    wall = datetime.combine(day, time(minutes // 60, minutes % 60))
    late = _utc(wall, zone)
    if _wall(late, zone) == wall:
        return late
    early = _utc(wall.replace(fold=1), zone)
    while late - early > timedelta(seconds=1):  # in a gap the two lie on its sides
        middle = early + (late - early) / 2
        early, late = (early, middle) if _wall(middle, zone) >= wall else (middle, late)
    return late.replace(microsecond=0)


def _utc(wall: datetime, zone: tzinfo | None) -> datetime:
    return (wall if zone is None else wall.replace(tzinfo=zone)).astimezone(UTC)


def _wall(at: datetime, zone: tzinfo | None) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)
