"""``identify``, ``pattern``, ``pause`` and ``resume``: exit codes, words, and what they ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cache import Doorbell, ServiceMode, SystemClock, read_service
from player.cli import cli


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A player's configuration with folders of its own."""
    path = tmp_path / "player.toml"
    path.write_text(f'[cache]\ndir = "{tmp_path}/state"\nrun_dir = "{tmp_path}/run"\n', "utf-8")
    (tmp_path / "run").mkdir()
    return path


@pytest.fixture
def bell(tmp_path: Path, config: Path) -> Iterator[Doorbell]:
    """A screen that listens."""
    assert config.exists()
    listening = Doorbell.listen(tmp_path / "run", "screen")
    yield listening
    listening.close()


def asked(tmp_path: Path) -> ServiceMode:
    return read_service(tmp_path / "run", SystemClock())


@pytest.mark.parametrize("command", ["identify", "pattern", "pause", "resume"])
def test_without_a_screen_it_says_so(config: Path, tmp_path: Path, command: str) -> None:
    done = CliRunner().invoke(cli, [command, "--config", str(config)])
    assert done.exit_code == 1
    assert "screen.not_running" in done.output
    told = CliRunner().invoke(cli, [command, "--json", "--config", str(config)])
    assert (told.exit_code, json.loads(told.output)["error"]["code"]) == (1, "screen.not_running")
    assert asked(tmp_path) == ServiceMode()


@pytest.mark.parametrize(
    ("arguments", "words", "card", "seconds"),
    [
        (["identify"], "identify card for 30 s\n", "identify", 30),
        (["identify", "--seconds", "600"], "identify card for 600 s\n", "identify", 600),
        (["pattern"], "pattern card for 60 s\n", "pattern", 60),
    ],
)
def test_a_card_is_asked_for(
    config: Path, bell: Doorbell, tmp_path: Path, arguments: list[str], words: str, card: str, seconds: int
) -> None:
    began_ns = SystemClock().monotonic_ns()
    done = CliRunner().invoke(cli, [*arguments, "--config", str(config)])
    assert (done.exit_code, done.output, bell.drain()) == (0, words, ("service",))
    told = asked(tmp_path)
    assert told.card == card
    assert told.card_until_ns is not None
    assert told.card_until_ns >= began_ns + seconds * 1_000_000_000


def test_a_pause_and_its_end(config: Path, bell: Doorbell, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["pause", "--minutes", "30", "--json", "--config", str(config)])
    assert (done.exit_code, json.loads(done.output)) == (0, {"paused_s": 1800})
    assert asked(tmp_path).paused_until_ns is not None
    done = CliRunner().invoke(cli, ["resume", "--config", str(config)])
    assert (done.exit_code, done.output) == (0, "the loop goes on\n")
    assert asked(tmp_path) == ServiceMode()
    assert bell.drain() == ("service",)


@pytest.mark.parametrize(
    "arguments", [["identify", "--seconds", "0"], ["pattern", "--seconds", "3601"], ["pause", "--minutes", "481"]]
)
def test_what_is_out_of_bounds_is_bad_usage(config: Path, bell: Doorbell, arguments: list[str]) -> None:
    assert CliRunner().invoke(cli, [*arguments, "--config", str(config)]).exit_code == 2
    assert bell.drain() == ()
