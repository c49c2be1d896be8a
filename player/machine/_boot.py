"""Why the machine started: by what the hardware, the kernel and the ledger of the boot before say."""

from __future__ import annotations

from pathlib import Path

from player.machine._ledger import Ledger
from player.machine._roots import Roots, matches, read_int
from player.machine._shapes import BootReason

# linux/watchdog.h
_WDIOF_POWERUNDER = 0x0010
_WDIOF_CARDRESET = 0x0020

_GRANTED_WITHIN_MS = 10 * 60 * 1000

_CRASH_DUMPS = (("sys", "fs/pstore"), ("var", "lib/systemd/pstore"))


def boot_reason(roots: Roots, before: Ledger | None, rescue_asked_ms: int | None) -> BootReason | None:
    """``before`` is the ledger of the boot that ended; None when the player was not there, and then nobody may know.

    ``rescue_asked_ms``: when the player's own watchdog last asked for a reboot, ms since 1970.
    """
    status = 0
    for path in matches(roots.sys / "class/watchdog", "watchdog*/bootstatus"):
        status |= read_int(path) or 0
    if status & _WDIOF_CARDRESET:
        return "watchdog"
    if before is not None and _crashed_since(roots, before.began_ms):
        return "panic"
    if before is not None and rescue_asked_ms is not None and _was_granted(before, rescue_asked_ms):
        return "rescue"
    if status & _WDIOF_POWERUNDER:
        return "power"
    return None if before is None else "reboot" if before.stopped else "power"


def _was_granted(before: Ledger, asked_ms: int) -> bool:
    """Asked for in that boot, and the player did not live on for long."""
    return before.began_ms <= asked_ms and before.saved_ms <= asked_ms + _GRANTED_WITHIN_MS


def _crashed_since(roots: Roots, since_ms: int) -> bool:
    """The kernel leaves its last words in pstore; systemd moves them to its own folder at the next boot."""
    dumps = [
        path
        for root, folder in _CRASH_DUMPS
        for pattern in ("dmesg-*", "*/dmesg*")
        for path in matches(getattr(roots, root) / folder, pattern)
    ]
    return any(_changed_ms(path) > since_ms for path in dumps)


def _changed_ms(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns // 1_000_000
    except OSError:
        return 0
