"""Whether a process is still the one that was meant: numbers are used again."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_STATE, _START = 0, 19
"""Fields of ``/proc/PID/stat``, counted from the one after the name (proc(5): fields 3 and 22)."""
_DEAD = ("Z", "X")


def process_birth(pid: int) -> str | None:
    """When a process began: ``BOOT:TICKS``, and nothing else ever has the same number and birth. None: not known."""
    fields = _stat(pid)
    return None if fields is None or fields[_STATE] in _DEAD else f"{_boot()}:{fields[_START]}"


def is_living(pid: object, birth: object = None) -> bool:
    """True while a process of this number, and of this birth when one is given, exists and is no zombie."""
    if not isinstance(pid, int) or isinstance(pid, bool) or not 0 < pid < 1 << 31:
        return False
    now = process_birth(pid)
    if now is None:
        return _is_hidden(pid)
    return not isinstance(birth, str) or _same(birth, now)


def _same(one: str, other: str) -> bool:
    """A boot that one of them could not read tells nothing (a unit with ``ProcSubset=pid`` sees none)."""
    (boot, _, ticks), (other_boot, _, other_ticks) = one.rpartition(":"), other.rpartition(":")
    return ticks == other_ticks and (boot == other_boot or not boot or not other_boot)


def _is_hidden(pid: int) -> bool:
    """True when it exists, is another user's, and ``/proc`` is mounted so that nothing of it can be read."""
    if (_PROC / str(pid)).exists():
        return False  # a zombie
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _stat(pid: int) -> list[str] | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # a program's name may hold blanks and brackets
    return fields if len(fields) > _START else None


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
