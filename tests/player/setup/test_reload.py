"""Reload: who is told, and what is said of what they did."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cache import Board, BoardName
from config import Code, Config, OohError, ScreenConfig, config_hash
from player.setup import reload_player

OLD, NEW = Config(), Config(screen=ScreenConfig(id="new-1"))


def new(_pid: int) -> str:
    """What a process should have."""
    return config_hash(NEW)


def write(run: Path, name: BoardName, config: Config | None = OLD, **keys: Any) -> None:
    """A process that lives: this one stands for it."""
    told = {} if config is None else {"config": config_hash(config)}
    Board(run, name).write({"pid": os.getpid(), **told, **keys})


def when_told(act: Callable[[], None]) -> Callable[[int, int], None]:
    def send(pid: int, number: int) -> None:
        assert (pid, number) == (os.getpid(), signal.SIGHUP)
        act()

    return send


def test_each_process_that_lives_is_told_once_and_what_it_took_is_read(tmp_path: Path) -> None:
    write(tmp_path, "screen")
    write(tmp_path, "agent")
    told: list[str] = []

    def act() -> None:
        told.append("told")
        write(tmp_path, "screen" if len(told) == 1 else "agent", NEW)

    answers = reload_player(tmp_path, new, send=when_told(act))
    assert [(answer.name, answer.outcome, answer.again) for answer in answers] == [
        ("screen", "took", False),
        ("agent", "took", False),
    ]
    assert len(told) == 2
    assert "screen: took the new settings after " in str(answers[0])


def test_a_supervisor_tells_the_others(tmp_path: Path) -> None:
    for name in ("screen", "agent", "supervisor"):
        write(tmp_path, name)
    told: list[str] = []

    def act() -> None:
        told.append("told")
        write(tmp_path, "screen", NEW)
        write(tmp_path, "agent", NEW)

    assert all(answer.outcome == "took" for answer in reload_player(tmp_path, new, send=when_told(act)))
    assert told == ["told"]


def test_a_process_that_comes_back_as_another_has_started_again(tmp_path: Path) -> None:
    Board(tmp_path, "screen").write({"pid": os.getppid(), "config": config_hash(OLD)})

    def send(pid: int, _number: int) -> None:
        assert pid == os.getppid()
        write(tmp_path, "screen", NEW)

    screen, _ = reload_player(tmp_path, new, send=send)
    assert (screen.outcome, screen.again) == ("took", True)
    assert "started again with" in str(screen)


def test_what_is_in_force_already_is_said(tmp_path: Path) -> None:
    write(tmp_path, "screen", NEW)
    write(tmp_path, "agent", NEW)
    answers = reload_player(tmp_path, new, send=when_told(lambda: None))
    assert [answer.outcome for answer in answers] == ["had", "had"]
    assert "already" in str(answers[0])


def test_who_does_not_take_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, "screen")
    (answer, absent) = reload_player(tmp_path, new, send=when_told(lambda: None), longest_s=0.3)
    assert (answer.outcome, absent.outcome) == ("late", "absent")
    assert "look at its log" in str(answer)
    assert str(absent) == "agent: not running"


def test_nobody_there_is_no_error(tmp_path: Path) -> None:
    assert [answer.outcome for answer in reload_player(tmp_path, new)] == ["absent", "absent"]


def test_another_users_player_is_not_told_and_that_is_said(tmp_path: Path) -> None:
    write(tmp_path, "screen")

    def refuse(_pid: int, _number: int) -> None:
        raise PermissionError

    with pytest.raises(OohError) as caught:
        reload_player(tmp_path, new, send=refuse)
    assert caught.value.code is Code.PLAYER_OTHER_USER


def test_one_that_ends_just_then_is_awaited(tmp_path: Path) -> None:
    write(tmp_path, "screen")

    def gone(_pid: int, _number: int) -> None:
        write(tmp_path, "screen", NEW)
        raise ProcessLookupError

    assert reload_player(tmp_path, new, send=gone)[0].outcome == "took"
