"""The clock: monotonic time for durations, wall time for records, and how far the wall can be trusted."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cache._sync import clock_sync

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class ClockState:
    """What is known of the wall clock. ``None`` is unknown, never a guess."""

    synced: bool | None
    source: str | None
    offset_ms: float | None
    """How far the wall was from its source; of a back-filled record, what was added to its times."""
    backfilled: bool = False


class Clock(Protocol):
    """Time, injected everywhere; tests use a fake that a test moves by hand."""

    def monotonic_ns(self) -> int:
        """Nanoseconds since boot or so; never goes back, not moved by the wall clock."""

    def now(self) -> datetime:
        """The wall clock, UTC, aware."""

    def boot_id(self) -> str:
        """The kernel's id of this boot: monotonic times compare only within one."""

    def state(self) -> ClockState:
        """How far the wall clock can be trusted now."""


class SystemClock:
    """The machine's own clock."""

    def monotonic_ns(self) -> int:
        """``CLOCK_MONOTONIC``: shared by all processes of one boot."""
        return time.monotonic_ns()

    def now(self) -> datetime:
        """UTC from the system."""
        return datetime.now(UTC)

    def boot_id(self) -> str:
        """From ``/proc``; empty where there is none."""
        try:
            return _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            return ""

    def state(self) -> ClockState:
        """By the kernel and the machine's time service: see ``cache._sync``."""
        return ClockState(*clock_sync())


def rfc3339(at: datetime) -> str:
    """UTC with milliseconds, ``2026-11-22T20:54:00.123Z`` (RFC 3339)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
