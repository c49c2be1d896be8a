"""The demo: starts everything, watches it, and judges what came out of the stream."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cache import Board, Clock, Identity, Journal, record_json, ring
from player._version import player_version
from player.demo._children import demo_environ, player_children, sandbox_children
from player.demo._options import HEADLESS_SIZE, DemoOptions, DemoReport
from player.demo._ports import Ports, free_ports, wait_until_listening
from player.demo._sheet import collect, contact_sheet
from player.demo._toml import REGION, STREAM, player_toml
from player.demo._verdict import judge, shown_ids
from player.demo._watch import View
from player.supervisor import Supervisor, stamp_death
from sandbox.reader import read_back, tally

_LOOK_S = 0.25
_DRAIN_S = 60.0
_SERVERS_UP_S = 30.0
_FOLDERS = ("logs", "captures", "screens", "state", "run")
Tell = Callable[[View], None]


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one demo."""

    root: Path
    keep: Path | None

    @property
    def run(self) -> Path:
        """Doorbells, boards and the playhead."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.root / "logs"

    @property
    def captures(self) -> Path:
        """Where the screen dumps what it presented."""
        return self.root / "captures"

    @property
    def toml(self) -> Path:
        """The player's configuration."""
        return self.root / "player.toml"


def run_demo(options: DemoOptions, clock: Clock, tell: Tell) -> DemoReport:
    """Play ``options.plays`` slots against the sandbox and count them in three places.

    ``tell`` is called a few times a second with what is going on. Raises ``OohError`` when a server does not start.
    """
    began_ns = clock.monotonic_ns()
    ports = free_ports()
    with _place(options.keep) as place:
        _write_toml(place, ports, options)
        supervisor = _supervisor(place, ports, options, clock)
        journal = _journal(place, clock)
        try:
            view = _play(supervisor, place, journal, options, clock, tell, ports)
            _drain(supervisor, place, journal, clock, tell)
            report = _report(place, ports, journal, view, supervisor)
        finally:
            supervisor.stop()
            supervisor.close()
            journal.close()
    seconds = (clock.monotonic_ns() - began_ns) / 1e9
    return DemoReport(**report, seconds=seconds)


@contextmanager
def _place(keep: Path | None) -> Iterator[Place]:
    """A fresh one in ``keep``, or one that vanishes."""
    with tempfile.TemporaryDirectory(prefix="ooh-demo-") as temporary:
        root = keep.resolve() if keep else Path(temporary)
        for name in _FOLDERS:  # of an earlier demo that was kept here; nothing else is touched
            shutil.rmtree(root / name, ignore_errors=True)
            (root / name).mkdir(parents=True)
        yield Place(root, keep)


def _write_toml(place: Place, ports: Ports, options: DemoOptions) -> None:
    size = options.size or (HEADLESS_SIZE if options.headless else None)
    text = player_toml(ports, place.root / "state", run=place.run, slot_seconds=options.slot_seconds, size=size)
    place.toml.write_text(text, encoding="utf-8")


def _journal(place: Place, clock: Clock) -> Journal:
    return Journal.open(place.root / "state", clock, Identity("demo-screen", "sandbox-bar", player_version()))


def _supervisor(place: Place, ports: Ports, options: DemoOptions, clock: Clock) -> Supervisor:
    env = demo_environ(os.environ)
    slot_ms = round(options.slot_seconds * 1000)
    children = sandbox_children(ports, place.root / "state", slot_ms=slot_ms, env=env, logs=place.logs)
    children += player_children(
        place.toml,
        headless=options.headless,
        plays=options.plays,
        capture=place.captures,
        env=env,
        logs=place.logs,
    )
    return Supervisor(children, clock, on_exit=(stamp_death(place.run, clock),), board=Board(place.run, "supervisor"))


def _play(
    supervisor: Supervisor,
    place: Place,
    journal: Journal,
    options: DemoOptions,
    clock: Clock,
    tell: Tell,
    ports: Ports,
) -> View:
    """Run until the screen has ended by itself; returns the last view in which it was alive."""
    supervisor.start()
    for port in (ports.stream, ports.exchange):
        wait_until_listening(port, _SERVERS_UP_S)
    until_ns = clock.monotonic_ns() + round(options.time_limit_s * 1e9)
    view = View.of(place.run, journal)
    while not supervisor.states()["screen"].done and clock.monotonic_ns() < until_ns:
        supervisor.wait(_LOOK_S)
        view = View.of(place.run, journal)
        tell(view)
    return view


def _drain(supervisor: Supervisor, place: Place, journal: Journal, clock: Clock, tell: Tell) -> None:
    """Let the agent release what will not be shown and deliver what was."""
    supervisor.end("screen")  # nothing to end, but for one that is past the time limit
    until_ns = clock.monotonic_ns() + round(_DRAIN_S * 1e9)
    while clock.monotonic_ns() < until_ns:
        ring(place.run, "agent", "drain")  # again after a crash: the new agent does not know
        supervisor.wait(_LOOK_S)
        view = View.of(place.run, journal)
        tell(view)
        if view.agent.get("drained") and view.queue.pending == 0:
            break
    supervisor.end("agent")


def _report(place: Place, ports: Ports, journal: Journal, view: View, supervisor: Supervisor) -> dict[str, Any]:
    records = read_back(ports.stream_url, STREAM, REGION)
    frames = collect(place.captures, place.root / "screens")
    _export(journal, place.root / "plays.jsonl")
    return {
        "verdict": judge(shown_ids(place.logs / "screen.log"), journal, tally(records)),
        "creatives": _creatives(journal),
        "contact_sheet": contact_sheet(frames, _sheet_path(place)),
        "first_frame_ms": view.screen.get("first_frame_ms"),
        "first_picture_ms": view.screen.get("first_picture_ms"),
        "driver": view.screen.get("driver"),
        "size": view.screen.get("size"),
        "leases": {state.value: count for state, count in journal.lease_counts().items()},
        "exchange": _exchange_state(ports),
        "restarts": {name: state.restarts for name, state in supervisor.states().items()},
    }


def _creatives(journal: Journal) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.play.creative_id for row in journal.plays() if row.play.creative_id))


def _export(journal: Journal, file: Path) -> None:
    file.write_bytes(b"".join(record_json(row.play) + b"\n" for row in journal.plays()))


def _sheet_path(place: Place) -> Path:
    if place.keep is not None:
        return place.root / "contact-sheet.png"
    here = Path.cwd()
    return (here if os.access(here, os.W_OK) else Path(tempfile.gettempdir())) / "ooh-player-demo.png"


def _exchange_state(ports: Ports) -> dict[str, Any]:
    """What the exchange counted itself: asked, filled, billed, released."""
    with urllib.request.urlopen(f"{ports.exchange_url}/_state", timeout=10) as answer:  # noqa: S310 - loopback, ours
        state: dict[str, Any] = json.load(answer)
    return state
