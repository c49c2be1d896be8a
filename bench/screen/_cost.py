"""What showing the loop costs: CPU and memory of every process of a player, all players in the same minute."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

from bench.screen._loop import SLOT_S, Loop, configured, warm
from bench.screen._measure import Cost, Meter
from bench.screen._players import ours, players, server, started, wait_for_picture
from bench.screen._start import probes

ROUND_S = 4 * SLOT_S + 5.0
"""Once round the loop: everybody has decoded, checked or uploaded each picture once before it is counted."""


def compare_cost(loop: Loop, seconds: int) -> list[str]:
    """Side by side, at the same time, each on its own display."""
    colours = probes(loop.pictures[0])
    with ExitStack() as held:
        running = {}
        for player in (*players(loop), ours(loop.cuts, "ooh-player, cuts")):
            home = loop.page.parent / player.name.replace(" ", "-")
            display = held.enter_context(server(home))
            running[player.name] = held.enter_context(started(player, display, home))
            wait_for_picture(display, colours)
        time.sleep(ROUND_S)
        meters = {name: Meter.of(process) for name, process in running.items()}
        time.sleep(seconds)
        costs = {name: meter.read() for name, meter in meters.items()}
    base = costs["Chromium kiosk"]
    return [f"the loop                  {name:16} {cost_line(cost, base, seconds)}" for name, cost in costs.items()]


def cost_line(cost: Cost, base: Cost, seconds: float) -> str:
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
            time.sleep(5.0)
            meter = Meter.of(process)
            time.sleep(seconds)
            cost = meter.read()
        share = 100 * cost.cpu_s / seconds
        lines.append(
            f"{name:25} ooh-player      {share:5.2f} % of a core   {cost.pss_mb:4.0f} MB PSS   "
            f"{cost.woken} wake-ups in {seconds} s"
        )
    return lines
