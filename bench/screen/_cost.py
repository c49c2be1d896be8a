"""What showing the loop costs: CPU and memory of every process of a player, all players in the same minute."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.screen._loop import Loop, configured, warm
from bench.screen._players import ours, players, server, started, wait_for_picture
from bench.screen._start import probes

SETTLE_S = 5.0


@dataclass(frozen=True)
class Cost:
    """Of one player while it was watched."""

    cpu_s: float
    pss_mb: float
    woken: int


def compare_cost(loop: Loop, seconds: int) -> list[str]:
    """Side by side, at the same time, each on its own display."""
    colours = probes(loop.pictures[0])
    costs: dict[str, Cost] = {}
    with ExitStack() as held:
        running = {}
        for player in (*players(loop), ours(loop.cuts, "ooh-player, cuts")):
            home = loop.page.parent / player.name.replace(" ", "-")
            display = held.enter_context(server(home))
            running[player.name] = held.enter_context(started(player, display, home))
            wait_for_picture(display, colours)
        time.sleep(SETTLE_S)
        before = {name: _cpu_s(process) for name, process in running.items()}
        woken = {name: _woken(process) for name, process in running.items()}
        time.sleep(seconds)
        for name, process in running.items():
            costs[name] = Cost(_cpu_s(process) - before[name], _pss_mb(process), _woken(process) - woken[name])
    base = costs["Chromium kiosk"]
    return [f"the loop                  {name:16} {_line(cost, base, seconds)}" for name, cost in costs.items()]


def _line(cost: Cost, base: Cost, seconds: int) -> str:
    """A minute of it, and in brackets beside the base."""
    cpu = f"{60 * cost.cpu_s / seconds:5.2f} CPU s/min ({cost.cpu_s / base.cpu_s:.2f})"
    memory = f"{cost.pss_mb:4.0f} MB PSS ({cost.pss_mb / base.pss_mb:.2f})"
    return f"{cpu}   {memory}   {60 * cost.woken / seconds:5.0f} wake-ups/min"


def still_alone(folder: Path, seconds: int) -> list[str]:
    """One still for ten minutes: without panels, and with a clock."""
    lines = []
    for name, panels in (("a still alone", ""), ("a still and a clock", '"clock"')):
        home = folder / f"still{len(panels)}"
        toml, config, folders = configured(home, panels, 600)
        warm(config, folders, ("kestrel-300x250.jpg",))
        with server(home / "x") as display, started(ours(toml), display, home) as process:
            while not any(display.pixel(960, 540)):
                time.sleep(0.01)
            time.sleep(SETTLE_S)
            before, woken = _cpu_s(process), _woken(process)
            time.sleep(seconds)
            cost = Cost(_cpu_s(process) - before, _pss_mb(process), _woken(process) - woken)
        share = 100 * cost.cpu_s / seconds
        lines.append(
            f"{name:25} ooh-player      {share:5.2f} % of a core   {cost.pss_mb:4.0f} MB PSS   "
            f"{cost.woken} wake-ups in {seconds} s"
        )
    return lines


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _cpu_s(process: psutil.Process) -> float:
    return sum(times.user + times.system for times in (each.cpu_times() for each in _family(process)))


def _woken(process: psutil.Process) -> int:
    return sum(each.num_ctx_switches().voluntary for each in _family(process))


def _pss_mb(process: psutil.Process) -> float:
    return sum(each.memory_full_info().pss for each in _family(process)) / 1e6
