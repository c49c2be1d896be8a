"""The trigger: when a job is due, kept on the monotonic clock and told to APScheduler in its own wall time.

APScheduler 3.11 plans in wall time. On a machine without a clock battery that stops a job for an hour when the clock
goes back an hour, and owes 15.6 million runs when it jumps half a year ahead (measured). So the due time is kept
here, monotonic; APScheduler only ever sees its translation, and never more than one run is owed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from apscheduler.triggers.base import BaseTrigger

from cache import Clock

_TICK = timedelta(microseconds=1)


class MonotonicTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler has no types
    """One job's next run. Once started it is due again after ``fallback_s``, unless ``set_due`` says otherwise."""

    def __init__(self, clock: Clock, first_in_s: float, fallback_s: float) -> None:
        self._clock = clock
        self._fallback_s = fallback_s
        self._due_ns = 0
        self.set_due(first_in_s)

    def set_due(self, in_s: float) -> None:
        """The next run is due ``in_s`` seconds from now."""
        self._due_ns = self._clock.monotonic_ns() + round(max(0.0, in_s) * 1e9)

    def left_s(self) -> float:
        """Seconds until it is due; 0 when it is."""
        return max(0, self._due_ns - self._clock.monotonic_ns()) / 1e9

    def due_at(self, now: datetime) -> datetime:
        """The due time as a wall clock that shows ``now`` would tell it; never before ``now``."""
        return now + timedelta(seconds=self.left_s())

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """APScheduler's question. After a run the answer lies after ``now``: however late it is, one run is owed."""
        if previous_fire_time is None:
            return self.due_at(now)
        self.set_due(self._fallback_s)
        return max(self.due_at(now), now + _TICK)
