"""The daemon as systemd runs it: it plays offline, is asked what it does, reloads, and ends when told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests.e2e.harness import COMMAND, environ, last_json, ooh_player

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

CONFIG = """\
[screen]
id = "bar-7"
size = "800x450"

[layout]
panels = ["clock"]

[cache]
dir = "{dir}"

[[loop]]
kind = "content"
seconds = 1
"""


class Daemon:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "player.toml"
        self.config.write_text(CONFIG.format(dir=folder / "state"))
        self.log_file = folder / "log"
        with self.log_file.open("wb") as log:
            argv = [str(COMMAND), "run", "--headless", "--config", str(self.config)]
            self.process = subprocess.Popen(argv, env=environ(folder), cwd=folder, stderr=log)

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def ask(self, *args: str | Path) -> subprocess.CompletedProcess[str]:
        return ooh_player(*args, "--config", self.config, home=self.folder)

    def until(self, what: Callable[[], bool], timeout_s: float = 40) -> None:
        for _ in range(round(timeout_s / 0.1)):
            if what():
                return
            time.sleep(0.1)
        raise AssertionError(self.log())


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    started = Daemon(tmp_path)
    try:
        started.until(lambda: started.log().count("play.started") >= 2)
        yield started
    finally:  # also when it never came so far: a daemon that is left behind runs for ever
        if started.process.poll() is None:
            started.process.kill()
            started.process.wait(20)


def test_it_plays_content_without_any_network(daemon: Daemon) -> None:
    status = last_json(daemon.ask("status", "--json").stdout)
    assert status["processes"]["screen"]["running"]
    assert status["processes"]["agent"]["running"]
    assert status["plays"]["by_kind"] == {"content": status["plays"]["opened"]}
    assert status["display"]["size"] == "800x450"


def test_a_screenshot_shows_what_is_on(daemon: Daemon) -> None:
    done = daemon.ask("screenshot", daemon.folder / "now.png")
    assert done.returncode == 0, done.stderr
    with Image.open(daemon.folder / "now.png") as picture:
        assert picture.size == (800, 450)
        assert len(picture.convert("RGB").getcolors(maxcolors=1_000_000) or []) > 50


def test_sigterm_ends_everything_and_closes_the_play(daemon: Daemon) -> None:
    children = psutil.Process(daemon.process.pid).children(recursive=True)
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(20) == 0
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
    plays = [line for line in daemon.ask("plays").stdout.splitlines() if line]
    assert plays
    assert " cut " in plays[-1]
    export = daemon.ask("plays", "export", "--out", daemon.folder / "plays.jsonl")
    assert export.returncode == 0
    assert daemon.ask("plays", "verify", daemon.folder / "plays.jsonl").returncode == 0


def test_a_bad_new_configuration_is_refused_and_the_show_goes_on(daemon: Daemon) -> None:
    good = daemon.config.read_text()
    daemon.config.write_text(good + "\n[scren]\n")
    os.kill(daemon.process.pid, signal.SIGHUP)
    daemon.until(lambda: "config.refused" in daemon.log())
    shown = daemon.log().count("play.started")
    daemon.until(lambda: daemon.log().count("play.started") > shown)
    daemon.config.write_text(good.replace("seconds = 1", "seconds = 2"))
    os.kill(daemon.process.pid, signal.SIGHUP)
    daemon.until(
        lambda: "config.reloaded" in daemon.log() and re.search(r" shown_ms=(19|20)\d\d ", daemon.log()) is not None
    )


def test_no_orphan_survives_a_killed_daemon(daemon: Daemon) -> None:
    children = psutil.Process(daemon.process.pid).children(recursive=True)
    daemon.process.kill()
    daemon.process.wait(10)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
