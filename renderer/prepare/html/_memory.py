"""How much memory the browser holds: cgroups are not to be had everywhere, so its processes are looked at."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from config import Code, OohError

_PROC = Path("/proc")
_KILOBYTE = 1_024
_MEGABYTE = 1_000_000
_LOOK_SECONDS = 0.25
_OWN = ("RssAnon:", "RssShmem:")


class MemoryWatch:
    """Looks at a process and all that came from it, four times a second at most."""

    def __init__(self, root: int, max_mb: int) -> None:
        self._root, self._max_mb = root, max_mb
        self._looked_at = 0.0
        self.peak_mb = 0.0

    def __call__(self) -> None:
        """Raises ``OohError`` (PREPARE_MEMORY)."""
        now = time.monotonic()
        if now - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = now
        held_mb = sum(map(_own_bytes, family(self._root))) / _MEGABYTE
        self.peak_mb = max(self.peak_mb, held_mb)
        if held_mb > self._max_mb:
            raise OohError(Code.PREPARE_MEMORY, f"its page needs over {self._max_mb} MB")


def family(root: int) -> Iterator[int]:
    """``root`` and all processes that descend from it."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            parent = _parent(folder)
            if parent is not None:
                children[parent].append(int(folder.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children[pid]


def _parent(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None  # it ended meanwhile


def _own_bytes(pid: int) -> int:
    """Pages of its own and shared memory, as everybody may read them (proc(5), status); files are nobody's."""
    try:
        lines = (_PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * _KILOBYTE for line in lines if line.startswith(_OWN))
