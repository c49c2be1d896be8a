"""The whole ladder under `ooh-player run`: what an X server shows is wrong, and one step after the other is taken."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cache import Board, read_escalations
from config import Size
from tests.e2e.harness import COMMAND, environ, last_json, ooh_player
from tests.renderer.window.xpainter import painter
from tests.renderer.window.xserver import XServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SIZE = Size(640, 360)
CONFIG = """\
[screen]
id = "bar-7"

[layout]
panels = ["clock"]

[cache]
dir = "{dir}"

[watchdog]
seconds = {seconds}

[[loop]]
kind = "content"
seconds = 600
"""


class Daemon:
    """`ooh-player run` on a real X server."""

    def __init__(self, folder: Path, server: XServer, seconds: int = 20) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.config = folder / "player.toml"
        self.config.write_text(CONFIG.format(dir=self.state, seconds=seconds))
        with (folder / "log").open("wb") as log:
            argv = [str(COMMAND), "run", "--config", str(self.config)]
            env = environ(folder, DISPLAY=server.name, SDL_VIDEODRIVER="x11")
            self.process = subprocess.Popen(argv, env=env, cwd=folder, stderr=log)

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def until(self, true: Callable[[], object], seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.log()[-4000:]
            assert self.process.poll() is None, self.log()[-4000:]
            time.sleep(0.05)

    def board(self, name: Any) -> dict[str, Any]:
        return Board.read_living(self.state / "run", name) or {}

    def pid(self, name: str) -> int | None:
        child: dict[str, Any] = self.board("supervisor").get("children", {}).get(name, {})
        return child.get("pid")

    def until_ready(self) -> None:
        self.until(lambda: self.board("supervisor").get("children", {}).get("screen", {}).get("ready"))

    def counts(self) -> dict[str, int]:
        return {str(step): count for step, count in read_escalations(self.state).counts.items()}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[XServer]:
    running = XServer(tmp_path, SIZE)
    yield running
    running.stop()


@pytest.fixture
def daemon(tmp_path: Path, server: XServer, request: pytest.FixtureRequest) -> Iterator[Daemon]:
    started = Daemon(tmp_path, server, **getattr(request, "param", {}))
    try:
        started.until_ready()
        yield started
    finally:
        if started.process.poll() is None:
            started.process.terminate()
            started.process.wait(60)


def test_a_window_that_stays_above_all_is_fought_step_by_step_and_told_of(daemon: Daemon, server: XServer) -> None:
    daemon.until(lambda: "server" in daemon.board("screen")["watchdog"]["eyes"])
    screen, agent = daemon.pid("screen"), daemon.pid("agent")
    assert None not in (screen, agent)
    with painter(server.name, "stay") as other:
        daemon.until(lambda: daemon.counts()["service"] >= 1)
        daemon.until(lambda: daemon.pid("agent") not in (None, agent))
        daemon.until(lambda: daemon.pid("screen") not in (None, screen))
        daemon.until(lambda: daemon.board("screen").get("watchdog", {}).get("fault"))
        told = daemon.folder / "told"
        shown = ooh_player("status", "--config", daemon.config, home=daemon.folder)
        told.write_text(shown.stdout)
        assert "NOT AS IT SHOULD BE: watchdog.empty" in shown.stdout
        other.kill()
    counts = daemon.counts()
    assert (counts["renderer"], counts["process"], counts["service"], counts["reboot"]) == (1, 1, 1, 0)
    log = daemon.log()
    steps = [line.split(" step=")[1].split()[0] for line in log.splitlines() if "watchdog.escalates" in line]
    assert steps == ["renderer", "process", "service"]
    daemon.until(lambda: daemon.board("screen").get("watchdog", {"fault": True})["fault"] is None)
    daemon.until(lambda: max(server.pixel(20, 20)) > 0)
    document = last_json(ooh_player("status", "--json", "--config", daemon.config, home=daemon.folder).stdout)
    assert document["watchdog"]["fault"] is None
    assert document["watchdog"]["counts"] == counts
    assert document["watchdog"]["last"]["step"] == "service"


@pytest.mark.parametrize("daemon", [{"seconds": 2}], indirect=True, ids=["after 5 s"])
def test_a_screen_that_is_frozen_is_ended_and_back(daemon: Daemon) -> None:
    frozen = daemon.pid("screen")
    assert frozen is not None
    os.kill(frozen, signal.SIGSTOP)
    daemon.until(lambda: daemon.pid("screen") not in (None, frozen))
    daemon.until_ready()
    assert daemon.counts()["process"] >= 1
    assert "code=watchdog.frozen" in daemon.log()
