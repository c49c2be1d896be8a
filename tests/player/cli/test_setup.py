"""``setup`` at a terminal of its own, and without one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from config import example_file
from tests.e2e.harness import last_json, ooh_player
from tests.player.cli.terminal import Terminal


def talk(terminal: Terminal) -> None:
    """A tech's answers, some of them wrong at first."""
    terminal.answer("Name of this screen", "bar 17")
    terminal.answer('screen.id: "bar 17" is not allowed', "bar-17")
    terminal.answer("Venue's id", "")
    terminal.answer("turned clockwise", "45")
    terminal.answer("screen.rotation: 45 is not allowed; use 0, 90, 180 or 270", "90")
    terminal.answer("Time zone", "Europe/Berlin")
    terminal.answer("latitude, longitude", "52.5")
    terminal.answer("Two numbers", "52.52, 13.405")
    terminal.answer("Name of the place", "Berlin")
    terminal.answer("paid ads", "y")
    terminal.answer("dialect", "openrt")
    terminal.answer('did you mean "openrtb"', "openrtb")
    terminal.answer("Its URL", "ads.example")
    terminal.answer("exchange.url:", "https://127.0.0.1:4443/ads")
    terminal.answer("typed unseen", "s3cret")
    terminal.answer("Hours", "mon-fri 6-23")
    terminal.answer("screen.hours:", "mon-fri 06:00-23:00; sat,sun 08:00-01:00")


def test_a_tech_answers_and_the_file_says_so(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    talk(terminal)
    terminal.answer(f"Write {tmp_path}/player.toml", "y")
    status = terminal.end()
    document = tomllib.loads((tmp_path / "player.toml").read_text())
    assert document["screen"] == {
        "id": "bar-17",
        "rotation": 90,
        "timezone": "Europe/Berlin",
        "latitude": 52.52,
        "longitude": 13.405,
        "hours": ["mon-fri 06:00-23:00", "sat,sun 08:00-01:00"],
    }
    assert document["exchange"] == {"url": "https://127.0.0.1:4443/ads", "token_file": str(tmp_path / "exchange-token")}
    assert document["panels"]["weather"] == {"place": "Berlin"}
    assert (tmp_path / "exchange-token").read_text() == "s3cret\n"
    assert (tmp_path / "exchange-token").stat().st_mode & 0o777 == 0o600
    assert "s3cret" not in terminal.screen
    assert 'screen.id: not set → "bar-17"' in terminal.screen
    assert "no player runs; start it" in terminal.screen
    assert "exchange exchange: not asked: " in terminal.screen  # the doctor's list ends it
    assert " to mend" in terminal.screen
    assert status == 1


def test_whoever_says_no_at_the_end_has_changed_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, ("--only-write",))
    talk(terminal)
    terminal.answer(f"Write {tmp_path}/player.toml", "n")
    assert terminal.end() == 1
    assert not list(tmp_path.glob("*player.toml*"))
    assert not (tmp_path / "exchange-token").exists()


def test_enter_to_everything_keeps_everything(tmp_path: Path) -> None:
    file = tmp_path / "player.toml"
    file.write_text('[screen]\nid = "a-1"\nrotation = 90 # on its side\n\n[exchange]\nurl = "https://ads.example/x"\n')
    before = file.read_text()
    terminal = Terminal(tmp_path, ("--only-write",))
    for question in ("Name of this screen", "Venue's id", "turned clockwise", "Time zone", "latitude, longitude"):
        terminal.answer(question, "")
    for question in ("paid ads", "dialect", "Its URL", "typed unseen", "Hours"):
        terminal.answer(question, "")
    assert terminal.end() == 0
    assert "nothing changes" in terminal.screen
    assert file.read_text() == before
    assert not file.with_name("player.toml.bak").exists()


def test_half_of_a_place_is_not_kept(tmp_path: Path) -> None:
    """A longitude that is refused takes its latitude with it, so that Enter leaves both as they were."""
    terminal = Terminal(tmp_path, ("--only-write",))
    for question in ("Name of this screen", "Venue's id", "turned clockwise", "Time zone"):
        terminal.answer(question, "")
    terminal.answer("latitude, longitude", "48.1, 999")
    terminal.answer("screen.longitude: ", "")
    terminal.answer("paid ads", "n")
    terminal.answer("Hours", "")
    terminal.answer(f"Write {tmp_path}/player.toml", "y")
    assert terminal.end() == 0, terminal.screen
    assert "latitude" not in tomllib.loads((tmp_path / "player.toml").read_text())["screen"]


def test_40_000_cards_are_written_without_a_question(tmp_path: Path) -> None:
    file = tmp_path / "player.toml"
    settings = ("--set", "screen.id=bar-17", "--set", "exchange.url=https://ads.example/x")
    done = ooh_player("setup", "--config", file, *settings, "--yes", "--only-write", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = last_json(done.stdout)
    assert (told["ok"], told["file"], told["backup"], told["applied"]) == (True, str(file), None, None)
    assert [change["key"] for change in told["changed"]] == ["screen.id", "exchange.url"]
    text = example_file().replace('# id = "unprovisioned"', 'id = "bar-17"')
    assert file.read_text() == text.replace('\n# url = ""', '\nurl = "https://ads.example/x"', 1)


def test_all_mistakes_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    settings = ("--set", "screen.rotation=45", "--set", "screen.idd=x", "--set", "screen.venue")
    done = ooh_player("setup", "--config", tmp_path / "player.toml", *settings, "--yes", home=tmp_path)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[0] == "screen.rotation: 45 is not allowed; use 0, 90, 180 or 270"
    assert lines[1] == "screen.idd: unknown key; did you mean screen.id?"
    assert lines[2].startswith("screen.venue: no value; write KEY=VALUE")
    assert not (tmp_path / "player.toml").exists()


@pytest.mark.parametrize("options", [(), ("--set", "screen.id=a-1")])
def test_without_a_terminal_it_does_not_ask(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = ooh_player("setup", "--config", tmp_path / "player.toml", *options, home=tmp_path)
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert not (tmp_path / "player.toml").exists()
