"""Processors, memory, heat, and what runs here."""

from __future__ import annotations

import math
import os
import platform
from dataclasses import dataclass

from player.machine._roots import Roots, matches, parse_int, read_int, read_text
from player.machine._shapes import Memory, Processor, System

_PROCESSOR_SENSORS = frozenset(
    {"cpu-thermal", "cpu_thermal", "soc-thermal", "soc_thermal", "x86_pkg_temp", "coretemp", "k10temp", "acpitz"}
)
_IDLE_FIELDS = slice(3, 5)
"""``idle`` and ``iowait`` (proc(5), /proc/stat)."""
_BUSY_FIELDS = slice(0, 8)
"""Without guest times, which are counted in user time already."""


@dataclass(slots=True)
class Meter:
    """The processor's load between two readings."""

    _before: tuple[int, int] | None = None

    def percent(self, roots: Roots = Roots()) -> float | None:  # noqa: B008 - frozen
        """0 to 100 of all cores since the reading before; None the first time."""
        now = _ticks(roots)
        before, self._before = self._before, now
        if now is None or before is None or now[1] <= before[1]:
            return None
        share = 1 - (now[0] - before[0]) / (now[1] - before[1])
        return round(100 * min(max(share, 0.0), 1.0), 1)


def read_processor(roots: Roots, meter: Meter | None) -> Processor:
    """Load and heat."""
    cores = sum(
        line.startswith("cpu") and line[3:4].isdigit() for line in (read_text(roots.proc / "stat") or "").splitlines()
    )
    return Processor(
        cores=cores or None,
        percent=meter.percent(roots) if meter is not None else None,
        load_1m=_load(roots),
        temperature_c=_temperature_c(roots),
    )


def read_memory(roots: Roots) -> Memory:
    """From ``/proc/meminfo``, and whether limits on it hold."""
    figures: dict[str, int] = {}
    for line in (read_text(roots.proc / "meminfo") or "").splitlines():
        name, _, rest = line.partition(":")
        figure = parse_int(rest.removesuffix("kB").strip())
        if figure is not None:
            figures[name] = figure * (1024 if rest.endswith("kB") else 1)
    return Memory(figures.get("MemTotal"), figures.get("MemAvailable"), _limits_hold(roots))


def read_system(roots: Roots) -> System:
    """Board, operating system, kernel and interpreter."""
    model = read_text(roots.proc / "device-tree" / "model") or read_text(roots.sys / "class/dmi/id/product_name")
    return System(
        model=model,
        os=_os_name(roots),
        kernel=platform.release(),
        architecture=platform.machine(),
        python=platform.python_version(),
    )


def read_uptime_s(roots: Roots = Roots()) -> float | None:  # noqa: B008 - frozen
    """Seconds since the kernel began."""
    words = (read_text(roots.proc / "uptime") or "").split()
    return _float(words[0]) if words else None


def _ticks(roots: Roots) -> tuple[int, int] | None:
    """Idle ticks and all ticks of all cores."""
    words = (read_text(roots.proc / "stat") or "").partition("\n")[0].split()
    ticks = [tick for word in words[1:] if (tick := parse_int(word)) is not None]
    if words[:1] != ["cpu"] or len(ticks) < 5 or len(ticks) < len(words) - 1:
        return None
    return sum(ticks[_IDLE_FIELDS]), sum(ticks[_BUSY_FIELDS])


def _load(roots: Roots) -> float | None:
    words = (read_text(roots.proc / "loadavg") or "").split()
    return _float(words[0]) if words else None


def _temperature_c(roots: Roots) -> float | None:
    """The processor's, by a sensor that is known to be it; else the hottest of all."""
    known: list[int] = []
    others: list[int] = []
    for zone in matches(roots.sys / "class/thermal", "thermal_zone*"):
        kind = read_text(zone / "type") or ""
        milli = read_int(zone / "temp")
        if milli is not None:
            (known if kind in _PROCESSOR_SENSORS else others).append(milli)
    for sensor in matches(roots.sys / "class/hwmon", "hwmon*"):
        kind = read_text(sensor / "name") or ""
        readings = [milli for path in matches(sensor, "temp*_input") if (milli := read_int(path)) is not None]
        (known if kind in _PROCESSOR_SENSORS else others).extend(readings)
    hottest = max(known or others, default=None)
    return None if hottest is None else round(hottest / 1000, 1)


def _limits_hold(roots: Roots) -> bool | None:
    """The memory controller of cgroup 2, or of 1 where that is in use."""
    unified = read_text(roots.sys / "fs/cgroup/cgroup.controllers")
    if unified is not None and "memory" in unified.split():
        return True
    for line in (read_text(roots.proc / "cgroups") or "").splitlines():
        words = line.split()
        if words[:1] == ["memory"] and len(words) == 4:
            return words[3] == "1"
    return False if unified is not None else None


def _os_name(roots: Roots) -> str | None:
    for line in (read_text(roots.etc / "os-release") or "").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip().strip("\"'")[:100] or None
    return os.uname().sysname


def _float(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
