"""Fakes of the outside edges, moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cache import ClockState


@dataclass
class FakeClock:
    """A clock that moves only when a test moves it; the wall may jump apart from the monotonic time."""

    wall: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    mono_ns: int = 1_000_000_000
    boot: str = "11111111-2222-3333-4444-555555555555"
    clock_state: ClockState = field(default_factory=lambda: ClockState(synced=True, source="fake", offset_ms=0.0))

    def monotonic_ns(self) -> int:
        return self.mono_ns

    def now(self) -> datetime:
        return self.wall

    def boot_id(self) -> str:
        return self.boot

    def state(self) -> ClockState:
        return self.clock_state

    def advance(self, seconds: float) -> None:
        """Let time pass: both clocks move."""
        self.mono_ns += round(seconds * 1e9)
        self.wall += timedelta(seconds=seconds)

    def jump(self, seconds: float) -> None:
        """Set the wall clock: the monotonic time does not move."""
        self.wall += timedelta(seconds=seconds)
