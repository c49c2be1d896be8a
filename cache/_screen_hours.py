"""The screen's hours by its own clock: is it to be on now, and when does that change?"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cache._clock import Clock
from config import Hours, ScreenConfig

_DOUBT_NS = 5_000_000_000
"""How often a clock that nobody has set yet is asked again."""


class ScreenHours:
    """``screen.hours``, for agent and screen. Without hours, and while the clock is known to be wrong, it is on.

    A clock is known to be wrong when a time service runs that has not set it yet (a Pi after a cold boot). Where no
    service will ever tell, the wall clock is believed; one that was set once in this process, too.
    """

    def __init__(self, screen: ScreenConfig, clock: Clock) -> None:
        self._hours = Hours.of(screen.hours)
        self._zone = zone_of(screen.timezone)
        self._clock = clock
        self._was_right = False
        self._asked_ns: int | None = None
        self._in_doubt = False
        self._on = True
        self._from: datetime | None = None
        self._until: datetime | None = None

    @property
    def limited(self) -> bool:
        """True when it is not always on."""
        return bool(self._hours.spans)

    def on(self) -> bool:
        """Is it to be on now? Cheap: worked out once from edge to edge."""
        if not self._hours.spans or self._doubts():
            return True
        now = self._clock.now()
        if self._from is None or now < self._from or (self._until is not None and now >= self._until):
            self._from, self._until = now, self._hours.next_edge(now, self._zone)
            self._on = self._hours.span_at(now, self._zone) is not None
        return self._on

    def on_at(self, at: datetime) -> bool:
        """Will it be on then?"""
        return not self._hours.spans or self._doubts() or self._hours.span_at(at, self._zone) is not None

    def look_again_ns(self) -> int | None:
        """Monotonic: until then ``on`` stays as it is, unless somebody sets the clock; None: for ever."""
        if not self._hours.spans:
            return None
        now_ns = self._clock.monotonic_ns()
        if self._doubts():
            return now_ns + _DOUBT_NS
        self.on()
        if self._until is None:
            return None
        return now_ns + max(0, round((self._until - self._clock.now()).total_seconds() * 1e9))

    def next_edge(self, at: datetime) -> datetime | None:
        """When a span begins or ends next, UTC; None without hours."""
        return self._hours.next_edge(at, self._zone)

    def _doubts(self) -> bool:
        """True while the clock is known to be wrong; asked now and then only, for asking costs 0.1 ms."""
        if self._was_right:
            return False
        now_ns = self._clock.monotonic_ns()
        if self._asked_ns is None or now_ns - self._asked_ns >= _DOUBT_NS:
            self._asked_ns = now_ns
            synced = self._clock.state().synced
            self._was_right, self._in_doubt = synced is True, synced is False
        return self._in_doubt


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of that name; None, the machine's, when there is no name or no such zone."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
