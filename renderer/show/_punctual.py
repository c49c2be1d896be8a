"""Punctuality: how long before its time a frame must be given to the display, and what a late one may move."""

from __future__ import annotations

from dataclasses import dataclass, field

from renderer.window import Output

_MOST_LEAD_NS = 50_000_000
_SHARE = 0.25
"""How much of the newest measurement goes into the estimate."""


@dataclass(slots=True)
class Punctual:
    """Learns from every switch. Times are monotonic ns."""

    output: Output
    commit_ns: int = 3_000_000
    """How long the journal takes for one write, lately."""
    error_ns: int | None = None
    """How late the last switch was (negative: early); None when it had no time to keep."""
    _present_ns: int = 5_000_000
    refresh_ns: int = field(init=False)

    def __post_init__(self) -> None:
        self.refresh_ns = round(1e9 / self.output.refresh_hz)

    @property
    def lead_ns(self) -> int:
        """Before its time: rather early by a quarter of a refresh than late, for a slot must not be sold short.

        Where presenting waits for the panel it is half a refresh more, so that the error is no more than that.
        """
        takes_ns = self.refresh_ns // 2 if self.output.vsync else min(_MOST_LEAD_NS, self._present_ns)
        return takes_ns + self.refresh_ns // 4

    @property
    def hand_over_ns(self) -> int:
        """Before the end of a slot that is cut: time to close its play on disk, never more than half a refresh."""
        return min(self.refresh_ns // 2, self.commit_ns * 3 // 2 + self.lead_ns)

    def presented(self, took_ns: int) -> None:
        """A first frame was presented, and the call took so long."""
        self._present_ns = _blend(self._present_ns, took_ns)

    def committed(self, took_ns: int) -> None:
        """A play was closed on disk, and that took so long."""
        self.commit_ns = _blend(self.commit_ns, took_ns)

    def counted_from(self, started_ns: int, at_ns: int | None) -> int:
        """From when a slot's length is counted: from its planned time, so that errors do not add up.

        A start that is late by more than one refresh moves the plan by the rest: a slot shows for its length, give or
        take one frame.
        """
        if at_ns is None:
            self.error_ns = None
            return started_ns
        self.error_ns = started_ns - at_ns
        return max(at_ns, started_ns - self.refresh_ns)


def _blend(old_ns: int, new_ns: int) -> int:
    return round(old_ns + (new_ns - old_ns) * _SHARE)
