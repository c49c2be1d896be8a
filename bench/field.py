"""The whole player for ten minutes, at rest and playing stills, beside Chromium in kiosk mode showing the same.

``python -m bench.field [--minutes 10]`` prints its figures last: CPU, memory (PSS) and wake-ups of the agent, the
screen and the supervisor, and of all of Chromium's processes. All four run in the same minutes, each on an X server of
its own. At rest: one still for the whole time. Playing: four stills in turn, 10 s each, with fades, a clock and the
weather; the player's agent fetches the weather, sends heartbeats and delivers each proof of play, to this machine.
PSS counts a page that several processes share in parts: there are two of each here, so all figures are a little low.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import psutil

from bench.screen._cost import ROUND_S, cost_line
from bench.screen._loop import CREATIVES, FOLDER, Loop, make_loop
from bench.screen._measure import Cost, Meter
from bench.screen._players import Player, players, server, started, wait_for_picture
from bench.screen._start import probes
from cache import Board, SystemClock
from player.demo import Ports, demo_environ, sandbox_children
from player.demo._ports import free_ports, wait_until_listening
from player.supervisor import Supervisor

CONFIG = """\
[screen]
id = "{name}"
size = "1920x1080"
latitude = 52.52
longitude = 13.4
timezone = "UTC"
transition = "fade"
[layout]
panels = [{panels}]
[panels.weather]
url = "{exchange}/weather"
place = "Berlin"
[fetch]
allow_hosts = ["127.0.0.1:{port}"]
[cache]
dir = "{state}"
run_dir = "{run}"
[proof]
stream = "ooh-plays"
region = "us-east-1"
endpoint = "{stream}"
[heartbeat]
url = "{exchange}/heartbeat"
[[loop]]
kind = "house"
seconds = {seconds}
creatives = [{creatives}]
"""
STILL = (
    '<!doctype html><style>html,body{{margin:0;overflow:hidden}}img{{width:100vw;height:100vh}}</style><img src="{0}">'
)
SAMPLE_S = 15.0
PARTS = ("screen", "agent")


@dataclass
class Watched:
    """One process, or one family of them, and its memory over time."""

    meter: Meter
    pss_mb: list[float]

    @classmethod
    def of(cls, process: psutil.Process, *, alone: bool = False) -> Watched:
        """Begin to watch."""
        return cls(Meter.of(process, alone=alone), [])

    def cost(self) -> Cost:
        """Its memory is the median of the samples."""
        cost = self.meter.read()
        return Cost(cost.cpu_s, statistics.median(self.pss_mb), cost.woken)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0, help="how long")
    seconds = options.parse_args().minutes * 60
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as held:
        folder = Path(temporary)
        loop = make_loop(folder)
        ports = held.enter_context(_sandbox(folder))
        rest_page = folder / "still.html"
        rest_page.write_text(STILL.format(loop.pictures[1].name), encoding="utf-8")
        chromium = players(loop)[1]
        resting = Player("Chromium at rest", (*chromium.argv[:-1], rest_page.as_uri()))
        running = {
            "at rest": (_player(folder / "rest", ports, "at-rest", "", CREATIVES[1:2], 600), resting),
            "playing stills": (
                _player(folder / "play", ports, "playing", '"weather", "clock"', CREATIVES, 10),
                chromium,
            ),
        }
        print(*_compare(folder, loop, running, seconds), sep="\n")


def _compare(folder: Path, loop: Loop, running: dict[str, tuple[Player, Player]], seconds: float) -> list[str]:
    with ExitStack() as held:
        processes = {}
        for (what, pair), picture in zip(running.items(), (loop.pictures[1], loop.pictures[0]), strict=True):
            colours = probes(picture)
            for player in pair:
                home = folder / player.name.replace(" ", "-")
                display = held.enter_context(server(home))
                processes[what, player.name] = held.enter_context(started(player, display, home))
                wait_for_picture(display, colours, 120)
        time.sleep(ROUND_S)
        watched = {key: list(_watched(process)) for key, process in processes.items()}
        shown = _plays(folder / "play")
        _watch([each for family in watched.values() for _, each in family], seconds)
        shown = _plays(folder / "play") - shown
        costs = {key: {name: each.cost() for name, each in family} for key, family in watched.items()}
    lines = []
    for what, pair in running.items():
        base = costs[what, pair[1].name]["Chromium kiosk"]
        for player in pair:
            lines += [
                f"{what:15} {name:16} {cost_line(cost, base, seconds)}"
                for name, cost in costs[what, player.name].items()
            ]
    return [*lines, f"over {seconds / 60:g} minutes, with {shown} plays"]


def _watched(process: psutil.Process) -> Iterator[tuple[str, Watched]]:
    """The player's processes one by one and together, Chromium's as one."""
    parts = {part: child for child in process.children() for part in PARTS if part in child.cmdline()}
    if not parts:
        yield "Chromium kiosk", Watched.of(process)
        return
    for part in PARTS:
        yield part, Watched.of(parts[part])
    yield "supervisor", Watched.of(process, alone=True)
    yield "the whole player", Watched.of(process)


def _watch(watched: list[Watched], seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(SAMPLE_S, left))
        for each in watched:
            each.pss_mb.append(each.meter.pss_mb())


def _plays(folder: Path) -> int:
    return int((Board.read(folder / "run", "screen") or {}).get("plays_shown", 0))


def _player(folder: Path, ports: Ports, name: str, panels: str, creatives: tuple[str, ...], seconds: int) -> Player:
    """The whole player, as a desktop runs it."""
    folder.mkdir()
    toml = folder / "player.toml"
    toml.write_text(
        CONFIG.format(
            name=name,
            panels=panels,
            exchange=ports.exchange_url,
            port=ports.exchange,
            stream=ports.stream_url,
            state=folder / "state",
            run=folder / "run",
            seconds=seconds,
            creatives=", ".join(f'"{FOLDER / each}"' for each in creatives),
        ),
        encoding="utf-8",
    )
    return Player(f"ooh-player {name}", (sys.executable, "-m", "player", "run", "--config", str(toml)))


@contextmanager
def _sandbox(folder: Path) -> Iterator[Ports]:
    """The feeds, the heartbeat's receiver and the stream."""
    ports, stop = free_ports(), Event()
    environment = demo_environ(os.environ)
    os.environ.update(environment)
    supervisor = Supervisor(
        sandbox_children(ports, folder, slot_ms=10_000, env=environment, logs=folder), SystemClock()
    )
    thread = Thread(target=supervisor.run, args=(stop,))
    thread.start()
    try:
        for port in (ports.exchange, ports.stream):
            wait_until_listening(port, 60)
        yield ports
    finally:
        stop.set()
        thread.join()


if __name__ == "__main__":
    main()
