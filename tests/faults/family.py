"""The processes below one that was started here: found by their names, hit by their ids."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROLES: Mapping[str, tuple[str, ...]] = {
    "screen": ("player", "screen"),
    "agent": ("player", "agent"),
    "stream": ("sandbox", "stream"),
    "exchange": ("sandbox", "exchange"),
    "prepare": ("renderer.prepare",),
}
"""What a process of each kind has right after ``-m``."""


@dataclass
class Family:
    """One process and all that it has begun. Every process ever seen is remembered, to find what outlives it."""

    root: int
    seen: dict[int, int] = field(default_factory=dict)
    """Process id → when it began (clock ticks since boot): together they name one process for good."""

    def find(self, role: str, wait_s: float = 0.0) -> int | None:
        """A living process of this kind; looked for again and again for ``wait_s``."""
        until = time.monotonic() + wait_s
        while True:
            for pid in self._below(self.root):
                if _role_of(pid) == role:
                    return pid
            if time.monotonic() >= until:
                return None
            time.sleep(0.005)

    def hit(self, pid: int, number: signal.Signals) -> bool:
        """Send a signal; False when it has ended meanwhile."""
        if self.seen.get(pid) != _began(pid):
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False

    def left(self) -> list[str]:
        """What was seen once and still lives."""
        return [f"{pid} {' '.join(_argv(pid))}" for pid, began in self.seen.items() if _began(pid) == began]

    def look(self) -> None:
        """Remember who is there now."""
        for _ in self._below(self.root):
            pass

    def _below(self, pid: int) -> Iterator[int]:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):
                for child in map(int, children.read_text().split()):
                    began = _began(child)
                    if began is not None:
                        self.seen[child] = began
                        yield child
                        yield from self._below(child)


def _role_of(pid: int) -> str | None:
    argv = _argv(pid)
    # Only once the interpreter itself runs: before that, setpriv and a shell carry the same words.
    if "-m" not in argv or "python" not in Path(argv[0]).name:
        return None
    words = tuple(argv[argv.index("-m") + 1 :])
    return next((role for role, begin in ROLES.items() if words[: len(begin)] == begin), None)


def _argv(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    return []


def _began(pid: int) -> int | None:
    """None for one that has ended, be it waited for or not (proc(5): fields 3 and 22 of ``stat``)."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[19]) if fields[0] not in "ZX" else None
    return None
