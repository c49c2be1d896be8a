"""The environment: names, types and the mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Config, ConfigError, load


def config_of(tmp_path: Path, environ: dict[str, str], text: str = "") -> Config:
    main = tmp_path / "player.toml"
    main.write_text(text, "utf-8")
    return load(main, environ).config


def problems_of(tmp_path: Path, environ: dict[str, str], text: str = "") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config_of(tmp_path, environ, text)
    return [str(problem) for problem in caught.value.problems]


def test_each_type(tmp_path: Path) -> None:
    config = config_of(
        tmp_path,
        {
            "OOH_PLAYER_SCREEN__ID": "0042",
            "OOH_PLAYER_SCREEN__ROTATION": "90",
            "OOH_PLAYER_SCREEN__LATITUDE": "52.5",
            "OOH_PLAYER_SCREEN__LONGITUDE": "-0.1",
            "OOH_PLAYER_PANELS__SCORES__ENABLED": "False",
            "OOH_PLAYER_LAYOUT__PANELS": "clock, weather",
            "OOH_PLAYER_FETCH__ALLOW_HOSTS": '["127.0.0.1:8080", "files.lan"]',
            "OOH_PLAYER_LAYOUT__MAX_UPSCALE": "3",
        },
    )
    assert config.screen.id == "0042"
    assert config.screen.rotation == 90
    assert (config.screen.latitude, config.screen.longitude) == (52.5, -0.1)
    assert config.panels.scores.enabled is False
    assert config.layout.panels == ("clock", "weather")
    assert config.fetch.allow_hosts == ("127.0.0.1:8080", "files.lan")
    assert config.layout.max_upscale == 3.0


def test_empty_text_and_list_are_empty(tmp_path: Path) -> None:
    environ = {"OOH_PLAYER_LAYOUT__PANELS": "", "OOH_PLAYER_PROOF__STREAM": ""}
    config = config_of(tmp_path, environ, '[proof]\nstream = "plays"\n')
    assert config.layout.panels == ()
    assert config.proof.stream == ""


def test_the_only_exchange_needs_no_number(tmp_path: Path) -> None:
    environ = {"OOH_PLAYER_EXCHANGE__URL": "https://a.example", "OOH_PLAYER_EXCHANGE__0__LOOK_AHEAD": "2"}
    (exchange,) = config_of(tmp_path, environ).exchange
    assert (exchange.url, exchange.look_ahead) == ("https://a.example", 2)


def test_entries_are_numbered_from_0_and_may_be_added(tmp_path: Path) -> None:
    environ = {f"OOH_PLAYER_LOOP__{index}__SECONDS": str(index + 1) for index in range(12)}
    config = config_of(tmp_path, environ, "[[loop]]\n[[loop]]\n")
    assert [slot.seconds for slot in config.loop] == [float(index + 1) for index in range(12)]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SCREEN__ROTATION", "45", "45 is not allowed; use 0, 90, 180 or 270"),
        ("SCREEN__BRIGHTNESS", "high", '"high" is not a whole number; use 5 to 100'),
        ("SCREEN__BRIGHTNESS", "", '"" is not a whole number; use 5 to 100'),
        ("SCREEN__BRIGHTNES", "50", "unknown variable; did you mean OOH_PLAYER_SCREEN__BRIGHTNESS?"),
        ("SCREEN_ID", "x", "unknown variable; did you mean OOH_PLAYER_SCREEN__ID?"),
        ("EXCHANGE__TOKEN", "hush", "unknown variable; did you mean OOH_PLAYER_EXCHANGE__TOKEN_FILE?"),
        ("SCREEN__ID__X", "x", "unknown variable; did you mean OOH_PLAYER_SCREEN__ID?"),
        ("QQ__ZZ", "x", "unknown variable; `docs/config.md` lists the keys"),
        ("LOOP__7__SECONDS", "5", "there are only 0 of [[loop]], counted from 0"),
        ("LOOP__0", "5", "unknown variable; did you mean OOH_PLAYER_LOOP__KIND?"),
        ("LAYOUT__PANELS", '["clock"', '"[\\"clock\\"" cannot be read as a list; write a, b or ["a", "b"]'),
        ("PANELS__CLOCK__ENABLED", "yes", '"yes" is not allowed; use true or false, without quotes'),
    ],
)
def test_mistakes(tmp_path: Path, name: str, value: str, told: str) -> None:
    (problem,) = problems_of(tmp_path, {f"OOH_PLAYER_{name}": value})
    assert problem == f"environment: OOH_PLAYER_{name}: {told}"


def test_which_of_several_must_be_said(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, {"OOH_PLAYER_LOOP__SECONDS": "5"}, "[[loop]]\n[[loop]]\n")
    assert problem.endswith("there are 2 of [[loop]]; say which one, counted from 0: OOH_PLAYER_LOOP__0__SECONDS")


def test_names_of_others_are_left_alone(tmp_path: Path) -> None:
    config_of(tmp_path, {"OOH_PLAYER_HOME": "/x", "OOH_PLAYERX__A": "1", "HOME": "/root"})
