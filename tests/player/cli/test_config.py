"""``config show``: every kind of source, and no secret."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.harness import last_json, ooh_player

FILE = """\
[screen]
id = "a-1"
hours = [
    "mon-fri 06:00-23:00",
]

[[exchange]]
name = "one"
url = "https://user:PLANTED@x.example/ads?api_key=PLANTED&size=3"
token_file = "/etc/ooh-player/token"

[[exchange]]
name = "two"
url = "https://y.example/ads?sig=PLANTED"

[panels.weather]
url = "https://w.example/data?appid=PLANTED&q=x"

[heartbeat]
url = "https://beat.example/?Auth=PLANTED"
"""
DROP_IN = '[screen]\nrotation = 90\nid = "a-2"\n'


def show(config: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return ooh_player(
        "config",
        "show",
        *options,
        "--config",
        config,
        home=config.parent,
        OOH_PLAYER_SCREEN__VENUE="v-1",
        OOH_PLAYER_EXCHANGE__1__FLOOR_CPM="2.5",
    )


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "player.d").mkdir()
    (tmp_path / "player.d/10-fleet.toml").write_text(DROP_IN)
    file = tmp_path / "player.toml"
    file.write_text(FILE)
    return file


def test_every_value_says_where_it_came_from(config: Path) -> None:
    done = show(config, "--json")
    assert done.returncode == 0, done.stderr
    told = last_json(done.stdout)
    drop_in = config.parent / "player.d/10-fleet.toml"
    assert told["screen.id"] == {"value": "a-2", "source": f"{drop_in}:3"}
    assert told["screen.rotation"] == {"value": 90, "source": f"{drop_in}:2"}
    assert told["screen.hours"] == {"value": ["mon-fri 06:00-23:00"], "source": f"{config}:3"}
    assert told["screen.venue"] == {"value": "v-1", "source": "environment OOH_PLAYER_SCREEN__VENUE"}
    assert told["exchange[0].name"] == {"value": "one", "source": f"{config}:8"}
    assert told["exchange[1].floor_cpm"]["source"] == "environment OOH_PLAYER_EXCHANGE__1__FLOOR_CPM"
    assert told["screen.size"] == {"value": "auto", "source": "default"}
    assert told["loop[0].seconds"] == {"value": 10.0, "source": "default"}
    assert told["exchange[0].url"]["value"] == "https://***@x.example/ads?api_key=***&size=3"


@pytest.mark.parametrize("options", [(), ("--json",), ("--changed",), ("exchange", "panels", "heartbeat")])
def test_no_secret_is_ever_printed(config: Path, options: tuple[str, ...]) -> None:
    done = ooh_player("config", "show", *options, "--config", config, home=config.parent)
    assert done.returncode == 0, done.stderr
    assert "PLANTED" not in done.stdout + done.stderr
    assert "***" in done.stdout


def test_a_tech_sees_what_was_set_and_nothing_else(config: Path) -> None:
    done = show(config, "--changed")
    keys = [line.split()[0] for line in done.stdout.splitlines()]
    assert keys[:4] == ["screen.id", "screen.venue", "screen.rotation", "screen.hours"]
    assert "default" not in done.stdout
    nothing = ooh_player("config", "show", "--changed", home=config.parent)
    assert nothing.stdout == "nothing is set\n"


def test_keys_are_chosen_by_how_they_begin(config: Path) -> None:
    done = ooh_player("config", "show", "exchange[1]", "screen.id", "--config", config, home=config.parent)
    keys = {line.split()[0] for line in done.stdout.splitlines()}
    assert "screen.id" in keys
    assert keys - {"screen.id"} == {key for key in keys if key.startswith("exchange[1].")}
    assert "no such key" in ooh_player("config", "show", "scren", home=config.parent).stdout
