"""The demo: starts everything, watches it, and judges what came out of the stream."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError

from cache import Board, Clock, Identity, Journal, LeaseState, ring
from config import USUAL_SIZE, LogConfig
from player import log
from player._version import player_version
from player.demo._children import agent_child, demo_environ, sandbox_children, screen_child
from player.demo._options import DemoOptions, DemoReport
from player.demo._place import Place, open_place
from player.demo._ports import Ports, free_ports, wait_until_listening
from player.demo._sheet import collect, contact_sheet
from player.demo._toml import REGION, STREAM, player_toml, write_key
from player.demo._verdict import Leases, judge, shown_ids
from player.demo._watch import View
from player.supervisor import Supervisor, stamp_death
from sandbox.reader import read_back, tally

_LOOK_S = 0.25
_WARM_S = 15.0
_DRAIN_S = 60.0
_LEASED = "vistar"
"""The dialect whose ad server knows of every lease how it ended."""
_SERVERS_UP_S = 30.0

T = TypeVar("T")
Tell = Callable[[View], None]


def run_demo(options: DemoOptions, clock: Clock, tell: Tell) -> DemoReport:
    """Play ``options.plays`` slots against the sandbox and count them in three places.

    ``tell`` is called a few times a second with what is going on. Raises ``OohError`` when a server does not start.
    """
    began_ns = clock.monotonic_ns()
    with open_place(options.keep) as place, _running(place, options, clock, tell) as demo:
        demo.warm_up()
        last = demo.play()
        demo.drain()
        report = demo.report(last)
        seconds = (clock.monotonic_ns() - began_ns) / 1e9
    return DemoReport(**report, seconds=seconds)


@contextmanager
def _running(place: Place, options: DemoOptions, clock: Clock, tell: Tell) -> Iterator[_Demo]:
    """The sandbox's servers, up and listening; everything is ended at the end."""
    log.set_up(LogConfig(), place.logs / "supervisor.log")  # the terminal is for the progress line
    ports = free_ports()
    size = options.size or (USUAL_SIZE if options.headless else None)
    toml = player_toml(
        ports,
        place.state,
        run=place.run,
        slot_seconds=options.slot_seconds,
        size=size,
        dialect=options.exchange,
    )
    write_key(place.state)
    place.toml.write_text(toml, encoding="utf-8")
    journal = Journal.open(place.state, clock, Identity("demo-screen", "sandbox-bar", player_version()))
    env = demo_environ(os.environ)
    servers = sandbox_children(ports, place.state, slot_ms=options.slot_ms, env=env, logs=place.logs)
    supervisor = Supervisor(
        servers, clock, on_exit=(stamp_death(place.run, clock),), board=Board(place.run, "supervisor")
    )
    try:
        supervisor.start()
        for port in (ports.stream, ports.exchange):
            wait_until_listening(port, _SERVERS_UP_S)
        yield _Demo(place, options, clock, tell, ports, env, supervisor, journal)
    finally:
        supervisor.stop()
        supervisor.close()
        journal.close()


@dataclass(frozen=True, slots=True)
class _Demo:
    """One demo under way."""

    place: Place
    options: DemoOptions
    clock: Clock
    tell: Tell
    ports: Ports
    env: dict[str, str]
    supervisor: Supervisor
    journal: Journal

    def warm_up(self) -> None:
        """Start the agent and let it get a first ad ready, so that the screen's start is that of a warm cache."""
        self.supervisor.add(agent_child(self.place, self.env))
        self._watch(_WARM_S, lambda view: view.leases[LeaseState.PREPARED] > 0)

    def play(self) -> View:
        """Run the screen until it has ended by itself; the last view in which it showed something."""
        self.supervisor.add(screen_child(self.place, self.options, self.env))
        screen = self._watch(
            self.options.time_limit_s,
            lambda _: self.supervisor.states()["screen"].done,
            keep=lambda view: view.screen.get("showing") is not None,
        )
        self.supervisor.end("screen")  # nothing to end, but for one that is past the time limit
        return screen

    def drain(self) -> None:
        """Let the agent release what will not be shown and deliver what was."""

        def drained(view: View) -> bool:
            ring(self.place.run, "agent", "drain")  # each time: one that crashed and came back does not know
            done = bool(view.agent.get("drained")) and view.queue.pending == 0
            # The verdict counts proofs, and one that was waved off is made again a little later.
            return done and (self.options.exchange != _LEASED or not self.journal.beacon_counts()["PENDING"])

        self._watch(_DRAIN_S, drained)
        self.supervisor.end("agent")

    def report(self, last: View) -> dict[str, Any]:
        """Read the stream back and count; draw the contact sheet."""
        records = self._asked(lambda: read_back(self.ports.stream_url, STREAM, REGION))
        frames = collect(self.place.captures, self.place.screens)
        rows = list(self.journal.plays())
        self.place.plays.write_bytes(b"".join(row.record + b"\n" for row in rows))
        recorded = {row.play.id for row in rows}
        shown = shown_ids(self.place.logs / "screen.log")
        exchange = self._asked(lambda: _exchange_state(self.ports, self.options.exchange))
        heartbeats = self._asked(lambda: _read(self.ports, "_state"))["heartbeats"]
        kept = self._asked(lambda: _read(self.ports, "_heartbeats"))
        self.place.heartbeats.write_text("".join(f"{json.dumps(one)}\n" for one in kept), encoding="utf-8")
        billable = sum(row.play.billable for row in rows)
        restarts = {name: state.restarts for name, state in self.supervisor.states().items()}
        return {
            "verdict": judge(shown, recorded, tally(records), billable, _leases(exchange, restarts.get("agent", 0))),
            "creatives": tuple(dict.fromkeys(row.play.creative_id for row in rows if row.play.creative_id)),
            "contact_sheet": contact_sheet(frames, self.place.contact_sheet),
            "first_frame_ms": last.screen.get("first_frame_ms"),
            "first_picture_ms": last.screen.get("first_picture_ms"),
            "driver": last.screen.get("driver"),
            "size": last.screen.get("size"),
            "leases": {state.value: count for state, count in self.journal.lease_counts().items()},
            "exchange": exchange,
            "restarts": restarts,
            "heartbeats": heartbeats,
        }

    def _asked(self, ask: Callable[[], T]) -> T:
        """A server's answer; one that has just died is back in a moment. Raises what the last try raised."""
        until_ns = self.clock.monotonic_ns() + round(_SERVERS_UP_S * 1e9)
        while True:
            try:
                return ask()
            except (OSError, BotoCoreError):
                if self.clock.monotonic_ns() >= until_ns:
                    raise
            self.supervisor.wait(_LOOK_S)

    def _watch(
        self, longest_s: float, enough: Callable[[View], bool], keep: Callable[[View], bool] = lambda _: True
    ) -> View:
        """Look until it is enough; returns the last view worth keeping."""
        until_ns = self.clock.monotonic_ns() + round(longest_s * 1e9)
        kept = view = View.of(self.place.run, self.journal)
        while not enough(view) and self.clock.monotonic_ns() < until_ns:
            self.supervisor.wait(_LOOK_S)
            view = View.of(self.place.run, self.journal)
            kept = view if keep(view) else kept
            self.tell(view)
        return kept


def _exchange_state(ports: Ports, dialect: str) -> dict[str, Any]:
    """What the exchange counted itself: asked, filled, billed, released."""
    state: dict[str, Any] = _read(ports, "_state" if dialect == "openrtb" else f"{dialect}/_state")
    # VAST bills impressions (VAST 4.2 section 1.3.1).
    return {"dialect": dialect, **state, "billed": state.get("billed", state.get("impressions"))}


def _read(ports: Ports, path: str) -> Any:  # noqa: ANN401 - any JSON value
    with urllib.request.urlopen(f"{ports.exchange_url}/{path}", timeout=10) as answer:  # noqa: S310 - loopback, ours
        return json.load(answer)


def _leases(exchange: dict[str, Any], deaths: int) -> Leases | None:
    if exchange["dialect"] != _LEASED:
        return None
    return Leases(exchange["leased"], exchange["proofs"], exchange["expirations"], deaths)
