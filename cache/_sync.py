"""Is the wall clock set from a time source? Asked of the kernel (adjtimex(2)) and of the time service's marks."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_RUN = Path("/run")
_TIMESYNC_MARK = "systemd/timesync/synchronized"
_SERVICES = (
    ("timesyncd", "systemd/timesync"),
    ("chrony", "chrony"),
    ("chrony", "chrony.pid"),
    ("ntpd", "ntpd.pid"),
    ("openntpd", "ntpd.sock"),
)
"""What a running time service leaves under ``/run``, by its name."""

# struct timex (adjtimex(2)): modes, offset, freq, maxerror, esterror, status, …
_TIMEX = struct.Struct("@Illlli")
_TIMEX_BYTES = 512
_TIME_ERROR = 5
_STA_PLL = 0x0001
_STA_UNSYNC = 0x0040
_STA_NANO = 0x2000


@dataclass(frozen=True, slots=True)
class KernelClock:
    """What the kernel knows. ``offset_ms`` is None when nobody steers by its phase-locked loop."""

    synced: bool
    offset_ms: float | None


def kernel_clock() -> KernelClock | None:
    """adjtimex(2) with ``modes = 0``, which needs no rights; None where it is not allowed or there is none."""
    buffer = ctypes.create_string_buffer(_TIMEX_BYTES)
    try:
        state = ctypes.CDLL(None).adjtimex(buffer)
    except (AttributeError, OSError):
        return None
    if state < 0:
        return None
    _, offset, _, _, _, status = _TIMEX.unpack_from(buffer)
    per_ms = 1_000_000 if status & _STA_NANO else 1_000
    synced = state != _TIME_ERROR and not status & _STA_UNSYNC
    return KernelClock(synced, offset / per_ms if synced and status & _STA_PLL else None)


def clock_sync(
    run: Path = _RUN, kernel: Callable[[], KernelClock | None] = kernel_clock
) -> tuple[bool | None, str | None, float | None]:
    """``synced``, ``source`` and ``offset_ms`` as the record tells them.

    * timesyncd's mark, or a kernel that is steered: synced, since in this boot somebody set the clock.
    * A time service that has not done so yet: not synced. It will, so plays are held for it.
    * No service at all: unknown. A virtual machine's clock may be its host's and right; nothing will ever tell.
    * A service other than timesyncd, and a kernel that may not be asked (systemd's ``ProtectClock=`` forbids even
      reading, with EPERM): unknown too, for nothing would ever tell that it was set.
    """
    told = kernel()
    offset_ms = told.offset_ms if told is not None else None
    if (run / _TIMESYNC_MARK).exists():
        return True, "timesyncd", offset_ms
    service = next((name for name, mark in _SERVICES if (run / mark).exists()), None)
    if told is not None and told.synced:
        return True, service or "kernel", offset_ms
    if service == "timesyncd" or (service is not None and told is not None):
        return False, service, None
    return None, None, None
