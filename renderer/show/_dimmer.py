"""The dimmer: how bright the picture is by the time of day, changed over seconds so that nobody sees it jump."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from cache import Clock, zone_of
from config import Hours, ScreenConfig

_RAMP_NS = 4_000_000_000
_STEP_NS = 100_000_000
"""40 steps: from 100 to 40 percent each is 1.5, which nobody can tell."""


class Dimmer:
    """``screen.dim``, else ``screen.brightness``. Quiet between two edges: it says when it is to be asked."""

    def __init__(self, screen: ScreenConfig, clock: Clock, apply: Callable[[int], None]) -> None:
        """``apply`` takes percent: the backlight or the display."""
        self._hours = Hours.of(screen.dim)
        self._usual = screen.brightness
        self._zone: tzinfo | None = zone_of(screen.timezone)
        self._clock = clock
        self._apply = apply
        self._from: datetime | None = None
        self._until: datetime | None = None
        self._now = self._usual
        self._began_ns: int | None = None
        self.percent = self._start = self._target = self._wanted()
        """As it is now."""
        apply(self.percent)

    def step(self) -> None:
        """Do what is due."""
        wanted = self._wanted()
        now_ns = self._clock.monotonic_ns()
        if wanted != self._target:
            self._target, self._start, self._began_ns = wanted, self.percent, now_ns
        if self._began_ns is None:
            return
        share = min(1.0, (now_ns - self._began_ns) / _RAMP_NS)
        if share >= 1.0:
            self._began_ns = None
        percent = round(self._start + (self._target - self._start) * share)
        if percent != self.percent:
            self.percent = percent
            self._apply(percent)

    def due_ns(self) -> list[int]:
        """When ``step`` has something to do."""
        now_ns = self._clock.monotonic_ns()
        if self._began_ns is not None:
            return [now_ns + _STEP_NS]
        if self._until is None:
            return []
        return [now_ns + max(0, round((self._until - self._clock.now()).total_seconds() * 1e9))]

    def _wanted(self) -> int:
        """By the wall clock; worked out once from edge to edge."""
        if not self._hours.spans:
            return self._usual
        now = self._clock.now()
        if self._from is None or now < self._from or (self._until is not None and now >= self._until):
            self._from, self._until = now, self._hours.next_edge(now, self._zone)
            span = self._hours.span_at(now, self._zone)
            self._now = self._usual if span is None or span.percent is None else span.percent
        return self._now
