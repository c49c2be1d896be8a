"""The whole agent against the sandbox's own servers: ads made ready in spite of all that is broken, proof, drain."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cache import Board, Doorbell, Folders, Identity, Journal, LeaseState, PlayEnd, SystemClock, ring
from config import (
    CacheConfig,
    Config,
    ExchangeConfig,
    FetchConfig,
    HeartbeatConfig,
    PanelsConfig,
    ProofConfig,
    ScoresConfig,
    ScreenConfig,
    SlotConfig,
    WeatherConfig,
)
from player.agent import Agent, Edges
from player.exchange import MIMES
from sandbox.reader import read_back, tally
from tests.player.agent.rig import Rig, play
from tests.player.heartbeat.facts import faults

ROOT = Path(__file__).parents[3]
SLOT_MS = 2_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(*arguments: str, port: int) -> Iterator[str]:
    command = [sys.executable, "-m", "sandbox", *arguments, "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: listens(port), 15)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Any, timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


@dataclass
class World:
    config: Config
    folders: Folders
    exchange: str
    stream: str

    def state(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.exchange}/_state", timeout=5) as answer:  # noqa: S310 - loopback
            found: dict[str, Any] = json.load(answer)
        return found

    def board(self) -> dict[str, Any]:
        return Board.read(self.folders.run, "agent") or {}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    port, stream_port = free_port(), free_port()
    shares = ("--broken-share", "0.4", "--nofill-share", "0", "--throttle-share", "0", "--slow-share", "0")
    with (
        server("exchange", "--seed", "3", "--slot-ms", str(SLOT_MS), *shares, port=port) as url,
        server("stream", "--dir", str(tmp_path / "stream"), "--stream", "plays", port=stream_port) as stream,
    ):
        config = Config(
            screen=ScreenConfig(id="screen-1", latitude=52.5, longitude=13.4),
            exchange=(ExchangeConfig(url=f"{url}/openrtb", name="sandbox", look_ahead=4, look_ahead_minutes=0),),
            loop=(SlotConfig(seconds=2),),
            panels=PanelsConfig(
                weather=WeatherConfig(url=f"{url}/weather"), scores=ScoresConfig(url=f"{url}/scoreboard")
            ),
            fetch=FetchConfig(allow_hosts=(f"127.0.0.1:{port}",), timeout_seconds=5),
            proof=ProofConfig(stream="plays", endpoint=stream, flush_seconds=600),
            heartbeat=HeartbeatConfig(url=f"{url}/heartbeat", seconds=1),
        )
        folders = Folders.of(CacheConfig(dir=str(tmp_path / "state")), {})
        yield World(config, folders, url, stream)


@contextmanager
def running(world: World, luck: float) -> Iterator[Agent]:
    """``luck``: 0.9 makes the waits after failures short, 0.0 the spread at the start."""
    agent = Agent(world.config, world.folders, SystemClock(), "0.1.0", edges=Edges(draw=lambda: luck))
    thread = threading.Thread(target=agent.run)
    thread.start()
    try:
        yield agent
    finally:
        agent.stop()
        thread.join(60)
        assert not thread.is_alive()


def show_all(journal: Journal, rig: Rig, folders: Folders, count: int) -> None:
    """A screen that shows at once: first frame, end, ring."""
    clock = SystemClock()
    for _ in range(count):
        until(lambda: journal.held() and journal.held()[0].state is LeaseState.PREPARED)
        play_id = play(rig, clock)
        journal.close_play(play_id, PlayEnd(clock.now(), SLOT_MS, 60, 0, "complete"), ["kinesis"])
        ring(folders.run, "agent", "played")


@pytest.fixture(autouse=True)
def pictures_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages take seconds to draw; they have tests of their own."""
    monkeypatch.setattr("player.agent._ask.shown_mimes", lambda: MIMES)


def test_from_the_ask_to_the_stream(world: World) -> None:
    clock = SystemClock()
    bell = Doorbell.listen(world.folders.run, "screen")
    journal = Journal.open(world.folders.state, clock, Identity("screen-1", None, "0.1.0"))
    with running(world, luck=0.9):
        show_all(journal, Rig(world.folders, journal, None, clock), world.folders, 12)  # type: ignore[arg-type]
        until(lambda: journal.lease_counts()[LeaseState.PREPARED] >= 1)
        assert journal.queue("kinesis").pending == 12, "600 s have not passed, 25 kB are not there"
        assert {"leases", "feeds"} <= set(bell.drain())
        until(lambda: world.state()["heartbeats"] >= 1)
        assert ring(world.folders.run, "agent", "drain")
        until(lambda: world.board().get("drained"))
        counts = journal.lease_counts()
        assert counts[LeaseState.PLAYED] == 12
        assert sum(counts[state] for state in (LeaseState.OFFERED, LeaseState.CACHED, LeaseState.PREPARED)) == 0
        assert counts[LeaseState.RELEASED] >= 1
        assert journal.beacon_counts()["PENDING"] == 0
    bell.close()
    queue = journal.queue("kinesis")
    assert (queue.pending, queue.delivered) == (0, 12)
    journal.close()
    told = world.state()
    assert told["impressions"] == told["billed"] == 12
    assert told["billed_and_released"] == told["bad_requests"] == 0
    assert sum(told["broken"].values()) >= 4
    assert counts[LeaseState.FAILED] >= 3
    refused = told["broken"].get("unknown_imp", 0)  # no lease comes of it; its bidder is told all the same
    assert told["released"] == counts[LeaseState.FAILED] + counts[LeaseState.RELEASED] + refused
    read = tally(read_back(world.stream, "plays", "us-east-1"))
    assert len(read.plays) == 12
    assert not read.repeats
    assert faults(told["last_heartbeat"]) == []
    assert told["last_heartbeat"]["processes"]["agent"]["rss_bytes"] > 1_000_000


def test_a_new_agent_goes_on_where_a_killed_one_was(world: World, tmp_path: Path) -> None:
    """kill -9 in the middle of the work; the next agent makes ready what was offered."""
    with agent_process(world, tmp_path) as process:
        journal = Journal.open(world.folders.state, SystemClock(), Identity("screen-1", None, "0.1.0"))
        until(lambda: sum(journal.lease_counts().values()) >= 1)
        process.kill()
    offered = sum(journal.lease_counts().values())
    with running(world, luck=0.0):
        until(lambda: journal.lease_counts()[LeaseState.PREPARED] == 4)
        assert sum(journal.lease_counts().values()) >= offered
    journal.close()


def test_the_process_ends_on_sigterm_and_reloads_on_sighup(world: World, tmp_path: Path) -> None:
    log, toml = tmp_path / "agent.log", tmp_path / "player.toml"
    with agent_process(world, tmp_path) as process:
        until(lambda: world.board().get("jobs", {}).get("ask", {}).get("runs"))
        toml.write_text("[screen]\nid = 'a b'\n")
        process.send_signal(signal.SIGHUP)
        until(lambda: "config.refused" in log.read_text())
        toml.write_text("[screen]\nid = 'renamed'\n")
        process.send_signal(signal.SIGHUP)
        until(lambda: "config.reloaded changed=True" in log.read_text())
        until(lambda: world.board().get("ask", {}).get("asked") == 0)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert "Traceback" not in log.read_text()


PROGRAM = """
import sys
from pathlib import Path
from cache import Folders, SystemClock
from config import CacheConfig, load
from player import log
from player.agent import run_agent

def read():
    return load(Path(sys.argv[1]), {}).config

config = read()
log.set_up(config.log)
folders = Folders.of(CacheConfig(dir=sys.argv[2]), {})
sys.exit(run_agent(config, folders, SystemClock(), "0.1.0", reload=read))
"""


@contextmanager
def agent_process(world: World, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The agent as a process of its own, without a browser on its path; killed at the end."""
    url = world.exchange
    (folder / "player.toml").write_text(
        f"[exchange]\nurl = '{url}/openrtb'\nname = 'sandbox'\nlook_ahead = 4\n"
        f"[fetch]\nallow_hosts = ['{url.removeprefix('http://')}']\n"
    )
    command = [sys.executable, "-c", PROGRAM, str(folder / "player.toml"), str(world.folders.state)]
    with (
        (folder / "agent.log").open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, stderr=log, env={**os.environ, "PATH": str(folder)}) as process,
    ):
        try:
            yield process
        finally:
            process.kill()
