"""The machine's figures, by psutil: what a heartbeat and a tech want to know of the hardware."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

_CPU_SENSORS = ("cpu_thermal", "coretemp", "k10temp", "soc_thermal", "acpitz")


def machine_figures(folder: Path) -> dict[str, Any]:
    """Processor, memory, temperature and the disk that holds ``folder``; unknown is None.

    ``cpu_percent`` is the mean since ``psutil.cpu_percent`` was called before in this process.
    """
    memory = psutil.virtual_memory()
    disk = _disk(folder)
    return {
        "cpu_percent": psutil.cpu_percent(interval=None),
        "load_1m": round(os.getloadavg()[0], 2),
        "cores": psutil.cpu_count(),
        "memory_total_bytes": memory.total,
        "memory_available_bytes": memory.available,
        "temperature_c": _temperature_c(),
        "disk_total_bytes": disk[0],
        "disk_free_bytes": disk[1],
        "kernel": platform.release(),
        "architecture": platform.machine(),
    }


def process_figures(pids: Mapping[str, int | None]) -> dict[str, dict[str, Any] | None]:
    """By process: memory (resident set) and threads; None for one that does not run."""
    return {name: _process(pid) for name, pid in pids.items()}


def _process(pid: int | None) -> dict[str, Any] | None:
    if pid is None:
        return None
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            times = process.cpu_times()
            return {
                "pid": pid,
                "rss_bytes": process.memory_info().rss,
                "cpu_s": round(times.user + times.system, 1),
                "threads": process.num_threads(),
            }
    except psutil.Error:
        return None


def _disk(folder: Path) -> tuple[int | None, int | None]:
    try:
        usage = psutil.disk_usage(str(folder))
    except OSError:
        return None, None
    return usage.total, usage.free


def _temperature_c() -> float | None:
    """The processor's, by the first sensor that is known to be it; else the hottest of all."""
    try:
        sensors = psutil.sensors_temperatures()
    except (AttributeError, OSError):
        return None
    for name in _CPU_SENSORS:
        if sensors.get(name):
            return float(max(reading.current for reading in sensors[name]))
    return max((float(reading.current) for readings in sensors.values() for reading in readings), default=None)
