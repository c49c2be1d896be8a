"""What the machine cannot tell itself: bytes written today, how the last boot ended, alarms seen in this one.

Two small files. The ledger, in the state folder, survives the power; it is written when the agent starts and ends, when
a day begins and once an hour: some 26 times a day. The latch, in the run folder, dies with the boot, as it should; it
is written when an alarm is first seen.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cache import read_json
from player.machine._shapes import BootReason

_LEDGER = "machine.json"
_LATCH = "power.json"


@dataclass(frozen=True, slots=True)
class Ledger:
    """One boot's account."""

    boot_id: str
    began_ms: int
    """When this boot's first agent opened it, ms since 1970."""
    reason: BootReason | None
    """Why the boot before ended."""
    day: str
    """Of the count, ``2026-11-23``, UTC."""
    today_bytes: int
    """Written on that day, up to the reading below."""
    since_boot_bytes: int
    """The disk's own count when that was written."""
    saved_ms: int
    """When this was written, ms since 1970."""
    stopped: bool = False
    """The agent ended in good order."""

    def today_at(self, boot_id: str, day: str, since_boot_bytes: int | None) -> int | None:
        """Bytes written on ``day`` when the disk's own count is ``since_boot_bytes``; None when it cannot be known."""
        if since_boot_bytes is None or (boot_id, day) != (self.boot_id, self.day):
            return None
        return self.today_bytes + max(0, since_boot_bytes - self.since_boot_bytes)


@dataclass(frozen=True, slots=True)
class Latch:
    """Alarms of one boot."""

    boot_id: str
    under_voltage: bool = False
    throttled: bool = False


def read_ledger(state: Path) -> Ledger | None:
    """As it was last written; None when there is none, or none that can be read."""
    return read_json(state / _LEDGER, Ledger)


def write_ledger(state: Path, ledger: Ledger) -> None:
    """Replace it, so that a power cut leaves the old one or the new one. Raises ``OSError``."""
    _replace(state / _LEDGER, ledger, sync=True)


def read_latch(run: Path, boot_id: str) -> Latch:
    """This boot's; nothing was seen when there is none."""
    latch = read_json(run / _LATCH, Latch)
    return latch if latch is not None and latch.boot_id == boot_id else Latch(boot_id)


def write_latch(run: Path, latch: Latch) -> None:
    """Replace it. Raises ``OSError``."""
    _replace(run / _LATCH, latch, sync=False)


def _replace(path: Path, value: object, *, sync: bool) -> None:
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(msgspec.json.encode(value))
        if sync:
            file.flush()
            os.fsync(file.fileno())
    new.replace(path)
