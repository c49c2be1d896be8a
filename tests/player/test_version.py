"""The version: as the installed distribution says it, and something to say where there is none."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

from player._version import player_version


@pytest.fixture(autouse=True)
def _afresh() -> None:
    player_version.cache_clear()


def test_it_is_what_the_installed_distribution_says() -> None:
    assert player_version() == importlib.metadata.version("ooh-player")


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"ooh_player-1.2.3.dist-info/METADATA": "Metadata-Version: 2.1\nName: ooh-player\nVersion: 1.2.3\n"}, "1.2.3"),
        ({"ooh_player-1.2.3.dist-info/METADATA": "Name: ooh-player\n"}, "0+source"),
        ({"ooh_player-1.2.3.dist-info/RECORD": ""}, "0+source"),
        ({"ooh_player_plus-9.dist-info/METADATA": "Version: 9\n"}, "0+source"),
        ({}, "0+source"),
    ],
)
def test_what_is_found(files: dict[str, str], version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "nowhere"), str(tmp_path)])
    assert player_version() == version
    player_version.cache_clear()
