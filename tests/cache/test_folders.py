"""Where things are: the configuration first, then systemd, then the user's own folder."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cache import Folders
from config import CacheConfig, Code, OohError


def test_from_the_configuration(tmp_path: Path) -> None:
    config = CacheConfig(dir=str(tmp_path / "a"), run_dir=str(tmp_path / "b"))
    folders = Folders.of(config, {"STATE_DIRECTORY": "/never", "RUNTIME_DIRECTORY": "/never"})
    assert folders == Folders(tmp_path / "a", tmp_path / "b")
    assert folders.store == tmp_path / "a" / "store"
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (folders.state, folders.run)] == [0o700, 0o700]


def test_from_systemd(tmp_path: Path) -> None:
    environ = {"STATE_DIRECTORY": f"{tmp_path}/s:{tmp_path}/other", "RUNTIME_DIRECTORY": f"{tmp_path}/r"}
    assert Folders.of(CacheConfig(), environ) == Folders(tmp_path / "s", tmp_path / "r")


def test_from_the_user(tmp_path: Path) -> None:
    state = tmp_path / "x" / "ooh-player"
    assert Folders.of(CacheConfig(), {"XDG_STATE_HOME": f"{tmp_path}/x"}) == Folders(state, state / "run")
    state = tmp_path / ".local/state/ooh-player"
    # A relative XDG path is ignored, as its specification says.
    assert Folders.of(CacheConfig(), {"HOME": str(tmp_path), "XDG_STATE_HOME": "x"}).state == state


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OohError) as raised:
        Folders.of(CacheConfig(dir=str(tmp_path / "file" / "state")), {})
    assert raised.value.code is Code.CACHE_UNAVAILABLE
