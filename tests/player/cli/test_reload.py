"""``reload`` against a player that runs: a bad file is refused with its lines, a good one is taken by both."""

from __future__ import annotations

import re
import signal
import subprocess
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cache import Board
from player.setup import PARTS
from tests.e2e.harness import COMMAND, environ, last_json, ooh_player
from tests.player.cli.terminal import Terminal

CONFIG = """\
[screen]
id = "{id}"
size = "320x180"

[cache]
dir = "{state}"

[[loop]]
kind = "content"
seconds = 1
"""
_LONG_S = 90.0


@dataclass
class Player:
    home: Path

    @property
    def config(self) -> Path:
        return self.home / "player.toml"

    def write(self, name: str) -> None:
        self.config.write_text(CONFIG.format(id=name, state=self.home / "state"), encoding="utf-8")

    def configs(self) -> tuple[str, ...]:
        """What both run with; fewer than two while one is not there."""
        boards = (Board.read_living(self.home / "state/run", name) for name in PARTS)
        return tuple(board["config"] for board in boards if board is not None)


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    """Screen and agent under ``run``, without a display."""
    made = Player(tmp_path_factory.mktemp("player"))
    made.write("before-1")
    argv = (str(COMMAND), "run", "--headless", "--config", str(made.config))
    with (made.home / "log").open("wb") as log:
        process = subprocess.Popen(argv, env=environ(made.home), stdout=log, stderr=log)
    try:
        until = time.monotonic() + _LONG_S
        while len(made.configs()) < 2 and time.monotonic() < until:
            assert process.poll() is None, (made.home / "log").read_text()
            time.sleep(0.1)
        yield made
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_LONG_S)


def test_a_mistake_is_refused_with_its_line_and_nothing_changes(player: Player) -> None:
    before = player.configs()
    player.config.write_text(player.config.read_text() + "\n[screen.x]\n")
    done = ooh_player("reload", "--config", player.config, home=player.home, timeout_s=_LONG_S)
    player.write("before-1")
    assert done.returncode == 2
    assert f"{player.config}:12: screen.x: " in done.stderr
    assert player.configs() == before


def test_what_has_not_changed_is_in_force(player: Player) -> None:
    done = ooh_player("reload", "--config", player.config, home=player.home, timeout_s=_LONG_S)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("already") == 2


def test_new_settings_are_taken_by_screen_and_agent(player: Player) -> None:
    before = player.configs()
    player.write("after-1")
    done = ooh_player("reload", "--config", player.config, "--json", home=player.home, timeout_s=_LONG_S)
    told = last_json(done.stdout)
    assert done.returncode == 0, told
    assert {part["outcome"] for part in told["processes"].values()} == {"took"}
    after = player.configs()
    assert len(set(after)) == 1
    assert not set(after) & set(before)


def test_setup_asks_where_the_arrow_points_and_the_player_takes_it(player: Player) -> None:
    """The screen shows the pattern meanwhile, and the status card afterwards."""
    before = player.configs()
    terminal = Terminal(player.home)
    terminal.answer("Name of this screen", "")
    terminal.answer("Venue's id", "")
    terminal.answer("Its arrow points", "sideways")
    terminal.answer("is not one of", "left")
    for question in ("Time zone", "latitude, longitude", "paid ads", "Hours"):
        terminal.answer(question, "")
    terminal.answer("Write ", "")
    terminal.end()
    assert tomllib.loads(player.config.read_text())["screen"]["rotation"] == 90
    assert "screen.rotation: not set → 90" in terminal.screen
    for name in PARTS:
        assert re.search(rf"{name}: (took|started again with) the new settings", terminal.screen), terminal.screen
    assert "the screen shows its status card" in terminal.screen
    assert not set(player.configs()) & set(before)


def test_without_a_player_it_says_how_to_start_one(tmp_path: Path) -> None:
    done = ooh_player("reload", home=tmp_path, timeout_s=_LONG_S)
    assert done.returncode == 1
    assert "screen: not running" in done.stdout
    assert "ooh-player run" in done.stderr
