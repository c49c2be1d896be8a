"""What a running process should have: the files, and its own environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, config_hash, load
from player._running import wanted_hash


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "7").mkdir()
    config = tmp_path / "player.toml"
    config.write_text('[screen]\nid = "a-1"\n')
    return config


def test_a_units_environment_counts_and_the_shells_does_not(file: Path) -> None:
    (file.parent / "7/environ").write_bytes(b"PATH=/bin\0OOH_PLAYER_SCREEN__VENUE=v-1\0broken\0")
    told = wanted_hash(file, 7, {"OOH_PLAYER_SCREEN__VENUE": "v-2"}, file.parent)
    assert told == config_hash(load(file, {"OOH_PLAYER_SCREEN__VENUE": "v-1"}).config)


def test_where_it_cannot_be_read_the_shells_stands_for_it(file: Path) -> None:
    environ = {"OOH_PLAYER_SCREEN__VENUE": "v-2"}
    assert wanted_hash(file, 7, environ, file.parent) == config_hash(load(file, environ).config)


def test_a_mistake_in_it_is_told(file: Path) -> None:
    (file.parent / "7/environ").write_bytes(b"OOH_PLAYER_SCREEN__ROTATION=45\0")
    with pytest.raises(ConfigError, match="OOH_PLAYER_SCREEN__ROTATION"):
        wanted_hash(file, 7, {}, file.parent)
