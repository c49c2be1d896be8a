"""Reload from the page: the same check and the same signals as the command's."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from cache import Board
from player.web._reload import reloader


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """This very process stands for the player, and hears when it is told."""
    monkeypatch.delenv("OOH_PLAYER_CONFIG", raising=False)
    heard = threading.Event()

    def hear(_number: int, _frame: FrameType | None) -> None:
        heard.set()

    before = signal.signal(signal.SIGHUP, hear)
    yield heard
    signal.signal(signal.SIGHUP, before)


def test_who_runs_is_told(tmp_path: Path, told: threading.Event) -> None:
    config = tmp_path / "player.toml"
    config.write_text('[screen]\nid = "bar-7"\n')
    Board(tmp_path, "screen").write({"pid": os.getpid(), "config": "another"})
    assert reloader(config, tmp_path)() == "reload"
    assert told.wait(60)


def test_a_mistake_is_told_to_nobody(tmp_path: Path, told: threading.Event) -> None:
    config = tmp_path / "player.toml"
    config.write_text("[scren]\n")
    Board(tmp_path, "screen").write({"pid": os.getpid(), "config": "another"})
    assert reloader(config, tmp_path)() == "bad_config"
    assert not told.is_set()


def test_without_a_player_it_says_so(tmp_path: Path) -> None:
    config = tmp_path / "player.toml"
    config.write_text("")
    assert reloader(config, tmp_path)() == "no_screen"
