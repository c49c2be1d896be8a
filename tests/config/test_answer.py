"""Answers are held to the schema, in the words of ``check``."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, load, plain_key, read_answer


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("screen.rotation", "90", 90),
        ("screen.latitude", "52.5", 52.5),
        ("screen.hours", '["mon-fri 06:00-23:00"]', ("mon-fri 06:00-23:00",)),
        ("layout.panels", "weather, clock", ("weather", "clock")),
        ("exchange.url", "https://a.example", "https://a.example"),
        ("exchange.1.url", "https://a.example", "https://a.example"),
        ("panels.weather.enabled", "false", False),
    ],
)
def test_what_is_right_has_its_type(key: str, text: str, value: object) -> None:
    assert read_answer(key, text) == value


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("screen.rotation", "45", "screen.rotation: 45 is not allowed; use 0, 90, 180 or 270"),
        ("screen.rotatoin", "90", "screen.rotatoin: unknown key; did you mean screen.rotation?"),
        (
            "exchange.url",
            "ads.example",
            'exchange.url: "ads.example" is not allowed; use an http:// or https:// address',
        ),
        ("x", "1", "x: unknown key"),
    ],
)
def test_what_is_wrong_is_told_as_check_does(key: str, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_answer(key, text)
    (problem,) = caught.value.problems
    assert str(problem).startswith(told)


def test_the_words_are_those_of_check(tmp_path: Path) -> None:
    file = tmp_path / "player.toml"
    file.write_text("[screen]\nrotation = 45\n")
    with pytest.raises(ConfigError) as in_file:
        load(file, {})
    with pytest.raises(ConfigError) as typed:
        read_answer("screen.rotation", "45")
    assert in_file.value.problems[0].message == typed.value.problems[0].message


def test_numbered_keys_have_the_files_form() -> None:
    assert plain_key("exchange.1.url") == plain_key("exchange[1].url") == "exchange[1].url"
    assert plain_key("panels.weather.place") == "panels.weather.place"
