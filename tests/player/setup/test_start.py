"""After the file is written: reload, start, or say how."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cache import Board
from config import Config, config_hash
from player.setup import Applied, apply
from tests.fakes import FakeClock


@dataclass
class Programs:
    """What is called, and whether it succeeds."""

    works: bool = True
    called: list[str] = field(default_factory=list)

    def __call__(self, argv: Sequence[str], timeout_s: float) -> bool:
        assert timeout_s > 0
        self.called.append(" ".join(argv))
        return self.works or "cat" in argv


@pytest.fixture(autouse=True)
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def run(folder: Path, programs: Programs, *, secret: bool = False, systemd: bool = True) -> Applied:
    there = folder if systemd else folder / "none"
    return apply(
        folder, lambda _pid: config_hash(Config()), FakeClock(), new_secret=secret, systemd=there, run_program=programs
    )


def running(folder: Path) -> None:
    for name in ("screen", "agent"):
        Board(folder, name).write({"pid": os.getpid(), "config": config_hash(Config())})


def test_a_player_that_does_not_run_is_started_for_good(tmp_path: Path) -> None:
    programs = Programs()
    applied = run(tmp_path, programs)
    assert applied.outcome == "started"
    assert programs.called == ["systemctl cat ooh-player.target", "systemctl enable --now ooh-player.target"]
    assert "starts with the machine" in applied.lines()[0]


def test_one_that_cannot_be_started_says_where_to_look(tmp_path: Path) -> None:
    applied = run(tmp_path, Programs(works=False))
    assert applied.outcome == "failed"
    assert "journalctl" in applied.lines()[0]


def test_without_systemd_it_is_said_how_to_start_it(tmp_path: Path) -> None:
    programs = Programs()
    applied = run(tmp_path, programs, systemd=False)
    assert (applied.outcome, programs.called) == ("not_running", [])
    assert "ooh-player run" in applied.lines()[0]


def test_one_that_runs_is_reloaded_not_restarted(tmp_path: Path) -> None:
    running(tmp_path)
    programs = Programs()
    applied = run(tmp_path, programs)
    assert applied.outcome == "reloaded"
    assert programs.called == ["systemctl cat ooh-player.target"]


def test_a_new_secret_needs_a_new_start_of_the_agent(tmp_path: Path) -> None:
    running(tmp_path)
    programs = Programs()
    run(tmp_path, programs, secret=True)
    assert programs.called[-1] == "systemctl try-restart ooh-player-agent.service"
    assert "next start" in run(tmp_path, Programs(), secret=True, systemd=False).lines()[-1]
