"""Bad input from the exchange: each kind gets its code, its lease is released, and the show goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from config import Size
from player.demo import demo_environ, player_toml
from player.demo._ports import free_ports, wait_until_listening
from tests.e2e.harness import COMMAND, environ, ooh_player

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(150)]

CODES = {
    "truncated": "creative.truncated",
    "tiny": "creative.too_small",
    "bomb": "creative.too_large",
    "html": "creative.not_an_image",
    "missing": "fetch.status",
    "empty": "creative.empty",
    "unknown_imp": "exchange.unknown_imp",
    "invalid_json": "exchange.invalid",
}
WITHOUT_LEASE = {"unknown_imp", "invalid_json"}


class Hostile:
    """A player against an exchange that breaks two answers of three."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.ports = folder, free_ports()
        self.config, self.log_file = folder / "player.toml", folder / "log"
        toml = player_toml(self.ports, folder / "state", slot_seconds=1.0, size=Size(640, 360))
        self.config.write_text(toml)
        mix = ("--broken-share", "0.66", "--nofill-share", "0", "--slow-share", "0", "--throttle-share", "0")
        server = (sys.executable, "-m", "sandbox")
        self._start(stack, *server, "exchange", "--port", str(self.ports.exchange), "--slot-ms", "1000", *mix)
        stream = ("stream", "--port", str(self.ports.stream), "--dir", str(folder / "stream"), "--stream", "ooh-plays")
        self._start(stack, *server, *stream)
        for port in (self.ports.exchange, self.ports.stream):
            wait_until_listening(port, 20)
        self.player = self._start(stack, str(COMMAND), "run", "--headless", "--config", str(self.config))

    def _start(self, stack: ExitStack, *argv: str) -> subprocess.Popen[bytes]:
        with self.log_file.open("ab") as log:
            env = demo_environ(environ(self.folder))
            process = subprocess.Popen(argv, env=env, stdout=log, stderr=log)
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        return process

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def exchange(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.ports.exchange_url}/_state", timeout=10) as answer:  # noqa: S310 - loopback
            state: dict[str, Any] = json.load(answer)
        return state


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """Run until every kind of broken answer came and some good ads were billed all the same."""
    with ExitStack() as stack:
        player = Hostile(tmp_path_factory.mktemp("hostile"), stack)
        for _ in range(900):
            state = player.exchange()
            if set(state["broken"]) >= set(CODES) and state["billed"] >= 4 and state["released"] >= 6:
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"{state}\n{player.log()}")
        yield player


@pytest.mark.parametrize(("kind", "code"), CODES.items(), ids=CODES)
def test_each_kind_is_refused_with_its_code(hostile: Hostile, kind: str, code: str) -> None:
    lines = [line for line in hostile.log().splitlines() if f"code={code}" in line]
    assert lines, f"{kind}: no line with {code}\n{hostile.log()}"
    assert "next_step=" in lines[0]
    if kind not in WITHOUT_LEASE:
        assert any("lease.failed" in line for line in lines)


def test_every_failed_lease_was_released_and_none_was_billed(hostile: Hostile) -> None:
    state = hostile.exchange()
    assert state["released"] >= sum(kind not in WITHOUT_LEASE for kind in CODES)
    assert state["billed_and_released"] == 0
    assert not state["bad_requests"]
    assert not state["bad_beacons"]


def test_the_processes_never_died(hostile: Hostile) -> None:
    assert "process.crashed" not in hostile.log()
    assert "Traceback" not in hostile.log()
    assert hostile.player.poll() is None


def test_what_was_shown_is_proven(hostile: Hostile) -> None:
    os.kill(hostile.player.pid, signal.SIGTERM)
    assert hostile.player.wait(20) == 0
    export = hostile.folder / "plays.jsonl"
    assert (
        ooh_player("plays", "export", "--out", export, "--config", hostile.config, home=hostile.folder).returncode == 0
    )
    assert ooh_player("plays", "verify", export, home=hostile.folder).returncode == 0
    plays = [json.loads(line) for line in export.read_bytes().splitlines()]
    assert sum(play["billable"] for play in plays) >= 4
    assert [play["seq"] for play in plays] == list(range(1, len(plays) + 1))
