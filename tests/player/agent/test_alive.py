"""The agent says itself when it is ready and that it is alive: from the turns of its main loop, nowhere else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cache import Folders, Notify, SystemClock, ring
from config import CacheConfig, Config
from player._ear import Ear
from player.agent._agent import Agent

ROOT = Path(__file__).parents[3]


class Hearing:
    """What was said so far."""

    def __init__(self) -> None:
        self.ear = Ear()
        self.said: list[dict[str, str]] = []

    def until(self, name: str, times: int = 1, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while len([said for said in self.said if name in said]) < times:
            assert time.monotonic() < end, self.said
            self.said += [said for _, said in self.ear.drain()]
            time.sleep(0.01)

    def names(self) -> list[str]:
        return [next(iter(said)) for said in self.said]


@pytest.fixture
def hearing() -> Iterator[Hearing]:
    made = Hearing()
    yield made
    made.ear.close()


@contextmanager
def agent(tmp_path: Path, hearing: Hearing, stuck: threading.Event | None = None) -> Iterator[Folders]:
    """With no exchange and no feed: nothing to do but to live. The word "config" holds its main loop up."""
    folders = Folders.of(CacheConfig(dir=str(tmp_path)), {})
    it = Agent(Config(), folders, SystemClock(), "0.1.0")

    def on_config() -> bool:
        if stuck is not None:
            stuck.wait(60)
        return False

    notify = Notify(hearing.ear.address, 0.05)
    thread = threading.Thread(target=it.run, args=(on_config,), kwargs={"notify": notify})
    thread.start()
    try:
        yield folders
    finally:
        if stuck is not None:
            stuck.set()
        it.stop()
        thread.join(60)
        assert not thread.is_alive()


def test_it_is_ready_and_then_alive(tmp_path: Path, hearing: Hearing) -> None:
    with agent(tmp_path, hearing):
        hearing.until("WATCHDOG", 5)
        hearing.until("STATUS")
    names = hearing.names()
    assert names.count("READY") == 1
    assert names.index("READY") < names.index("WATCHDOG")
    assert {"STATUS": "0 ads ready, 0 plays to deliver"} in hearing.said


def test_a_main_loop_that_hangs_is_not_alive_though_its_jobs_are(tmp_path: Path, hearing: Hearing) -> None:
    stuck = threading.Event()
    with agent(tmp_path, hearing, stuck) as folders:
        hearing.until("WATCHDOG")
        assert ring(folders.run, "agent", "config")
        silent_since, seen, end = time.monotonic(), 0, time.monotonic() + 30
        while time.monotonic() - silent_since < 0.5:  # ten times its rhythm
            hearing.said += [said for _, said in hearing.ear.drain()]
            if len(hearing.said) > seen:
                silent_since, seen = time.monotonic(), len(hearing.said)
            assert time.monotonic() < end, "it is never silent"
            time.sleep(0.01)
        stuck.set()
        before = len(hearing.said)
        hearing.until("WATCHDOG", hearing.names().count("WATCHDOG") + 1)
        assert len(hearing.said) > before


PROGRAM = """
import os, sys
from pathlib import Path
from cache import Folders, Notify, SystemClock
from config import CacheConfig, load
from player.agent import run_agent

def read():
    return load(Path(sys.argv[1]), {}).config

folders = Folders.of(CacheConfig(dir=sys.argv[2]), {})
notify = Notify.of(os.environ)
sys.exit(run_agent(read(), folders, SystemClock(), "0.1.0", reload=read, notify=notify))
"""


def test_a_reload_is_told_from_its_beginning_to_its_end(tmp_path: Path, hearing: Hearing) -> None:
    file = tmp_path / "player.toml"
    file.write_text("[screen]\nid = 'a'\n")
    argv = [sys.executable, "-c", PROGRAM, str(file), str(tmp_path / "state")]
    environ = {**os.environ, "NOTIFY_SOCKET": hearing.ear.address, "WATCHDOG_USEC": "60000000"}
    with subprocess.Popen(argv, cwd=ROOT, env=environ) as process:
        try:
            hearing.until("READY")
            for times, text in enumerate(("[screen]\nid = 'b'\n", "[screen]\nid = 7\n", "[screen]\nid = 'b'\n"), 1):
                file.write_text(text)  # taken, refused, nothing new
                process.send_signal(signal.SIGHUP)
                hearing.until("RELOADING", times)
                hearing.until("READY", times + 1)
            assert process.poll() is None
            process.terminate()
            assert process.wait(60) == 0
            hearing.until("STOPPING")
        finally:
            process.kill()
    told = [name for name in hearing.names() if name in ("READY", "RELOADING", "STOPPING")]
    assert told == ["READY", *(("RELOADING", "READY") * 3), "STOPPING"]
    (first,) = [said for said in hearing.said if "RELOADING" in said][:1]
    assert int(first["MONOTONIC_USEC"]) > 0
