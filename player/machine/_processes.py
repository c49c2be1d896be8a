"""What the player's own processes take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from player.machine._roots import parse_int, read_text


def process_figures(pids: Mapping[str, int | None]) -> dict[str, dict[str, Any] | None]:
    """By process: memory, processor time and threads; None for one that does not run.

    ``pss_bytes`` shares out what several processes map together (proc(5), smaps_rollup); it is None where the kernel
    does not let this user read it.
    """
    return {name: None if pid is None else _process(pid) for name, pid in pids.items()}


def _process(pid: int) -> dict[str, Any] | None:
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            times = process.cpu_times()
            return {
                "pid": pid,
                "rss_bytes": process.memory_info().rss,
                "pss_bytes": _pss_bytes(pid),
                "cpu_s": round(times.user + times.system, 1),
                "threads": process.num_threads(),
            }
    except (psutil.Error, OSError):
        return None


def _pss_bytes(pid: int) -> int | None:
    for line in (read_text(Path("/proc") / str(pid) / "smaps_rollup") or "").splitlines():
        if line.startswith("Pss:"):
            pss_kb = parse_int(line.removeprefix("Pss:").removesuffix("kB").strip())
            return None if pss_kb is None else pss_kb * 1024
    return None
