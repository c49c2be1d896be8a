"""An animation's timing: which frame is due, and which came too late. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LATE_NS = 25_000_000
"""A frame presented later than this after it was due is late: more than one refresh at 60 Hz."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The changes to apply now, in order. All but the last are dropped: applied, but never presented."""

    frames: tuple[int, ...]
    late: int


class Motion:
    """Runs through the frames by their delays, round and round, from ``started_ns`` (frame 0 presented)."""

    def __init__(self, delays_ms: Sequence[int], started_ns: int) -> None:
        """``delays_ms``: how long each frame stands, at least 1 ms. Raises ``ValueError`` for fewer than two frames."""
        if len(delays_ms) < 2:
            message = "an animation has at least two frames"
            raise ValueError(message)
        self._delays_ns = [max(1, delay) * 1_000_000 for delay in delays_ms]
        self._cycle_ns = sum(self._delays_ns)
        self._next = 1
        self.due_ns = started_ns + self._delays_ns[0]
        """When the next frame is due."""

    def advance(self, now_ns: int) -> Steps:
        """Every frame that is due by now. Dropped frames count as late, and so does the last when it is."""
        skipped = self._skip_whole_cycles(now_ns)
        frames: list[int] = []
        last_due_ns = self.due_ns
        while self.due_ns <= now_ns:
            frames.append(self._next)
            last_due_ns = self.due_ns
            self.due_ns += self._delays_ns[self._next]
            self._next = (self._next + 1) % len(self._delays_ns)
        if not frames:
            return Steps((), skipped)
        late = len(frames) - 1 + (now_ns - last_due_ns > LATE_NS)
        return Steps(tuple(frames), skipped + late)

    def _skip_whole_cycles(self, now_ns: int) -> int:
        """After a long stop (a suspended machine) whole rounds are left out, not caught up with."""
        cycles = max(0, now_ns - self.due_ns) // self._cycle_ns
        self.due_ns += cycles * self._cycle_ns
        return cycles * len(self._delays_ns)
