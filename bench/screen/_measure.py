"""What a process and all it has started have cost so far: CPU, memory, wake-ups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Cost:
    """Of one player while it was watched."""

    cpu_s: float
    pss_mb: float
    woken: int


@dataclass(frozen=True)
class Meter:
    """Begins to count when it is made. ``alone``: the process without what it has started."""

    process: psutil.Process
    cpu_s: float
    woken: int
    alone: bool

    @classmethod
    def of(cls, process: psutil.Process, *, alone: bool = False) -> Meter:
        """Begin to count."""
        return cls(process, *_so_far(process, alone=alone), alone)

    def read(self) -> Cost:
        """Since it was made; the memory as it is now."""
        used_s, woken = _so_far(self.process, alone=self.alone)
        return Cost(used_s - self.cpu_s, self.pss_mb(), woken - self.woken)

    def pss_mb(self) -> float:
        """Memory now, each shared page counted by its share (PSS)."""
        return sum(each.memory_full_info().pss for each in _family(self.process, alone=self.alone)) / 1e6


def cpu_s(process: psutil.Process, *, alone: bool = False) -> float:
    """Since it, and all it has started, began."""
    return sum(times.user + times.system for times in (each.cpu_times() for each in _family(process, alone=alone)))


def _so_far(process: psutil.Process, *, alone: bool) -> tuple[float, int]:
    family = _family(process, alone=alone)
    return cpu_s(process, alone=alone), sum(_switches(each, one.id) for each in family for one in each.threads())


def _switches(process: psutil.Process, thread: int) -> int:
    """Each time a thread went to sleep by itself it was woken again (proc(5), ``voluntary_ctxt_switches``)."""
    status = Path(f"/proc/{process.pid}/task/{thread}/status")
    try:
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0  # it has ended meanwhile
    return next(int(line.split()[1]) for line in lines if line.startswith("voluntary"))


def _family(process: psutil.Process, *, alone: bool) -> list[psutil.Process]:
    return [process] if alone else [process, *process.children(recursive=True)]
