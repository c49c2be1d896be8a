"""The check: what a tech reads when a value is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Code, ConfigError, load


def problems_of(folder: Path, text: str) -> list[str]:
    main = folder / "player.toml"
    main.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(main, {})
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[screen]\nrotation = 45", "2: screen.rotation: 45 is not allowed; use 0, 90, 180 or 270"),
        ('[screen]\nrotation = "90"', '2: screen.rotation: "90" is text; write it without quotes: 90'),
        ("[screen]\nbrightness = 0", "2: screen.brightness: 0 is not allowed; use 5 to 100"),
        ("[screen]\nbrightness = 50.5", "2: screen.brightness: 50.5 is not a whole number; use 5 to 100"),
        ("[screen]\nbrightness = true", "2: screen.brightness: true is not allowed; use 5 to 100"),
        ("[screen]\nvenue = 4711", '2: screen.venue: 4711 is not text; put it in quotes: "4711"'),
        (
            '[screen]\nid = "bar 1"',
            '2: screen.id: "bar 1" is not allowed; use letters, digits and . _ : - (1 to 64 of them)',
        ),
        (
            '[screen]\nsize = "0x10"',
            '2: screen.size: "0x10" is not allowed; use "auto", or WIDTHxHEIGHT such as "1920x1080"',
        ),
        ("[screen]\nvenue = []", "2: screen.venue: [] is not text; use text of up to 200 characters"),
        (
            '[screen]\nvenue = "a\\nb"',
            "2: screen.venue: the text holds a line break or another control character; take it out",
        ),
        (
            f'[screen]\nvenue = "{"x" * 201}"',
            "2: screen.venue: this text of 201 characters is not allowed; use text of up to 200 characters",
        ),
        (
            "[exchange]\nmultiplier = 0\nurl = ''",
            "2: exchange.multiplier: 0 is not allowed; use more than 0, at most 100_000",
        ),
        ("[exchange]\nfloor_cpm = nan\nurl = ''", "2: exchange.floor_cpm: nan is not allowed; use 0 to 10_000"),
        (
            "[exchange]\nurl = 'http:///x'",
            '2: exchange.url: "http:///x" is not allowed; use an http:// or https:// address, or empty',
        ),
        (
            "[exchange]\nurl = 'ftp://me:hush@a/x'",
            '2: exchange.url: "ftp://***@a/x" is not allowed; use an http:// or https:// address, or empty',
        ),
        (
            "[panels.clock]\nenabled = 'yes'",
            '2: panels.clock.enabled: "yes" is not allowed; use true or false, without quotes',
        ),
        ("[panels.clock]\nenabled = 'true'", '2: panels.clock.enabled: "true" is text; write it without quotes: true'),
        ("[panels.clock]\nenabled = 1", "2: panels.clock.enabled: 1 is not allowed; use true or false"),
        (
            "[log]\nlevel = 'warn'",
            '2: log.level: "warn" is not allowed; use "debug", "info", "warning" or "error"; did you mean "warning"?',
        ),
        ("[layout]\npanels = 'clock'", '2: layout.panels: "clock" is not a list; write ["clock"]'),
        (
            "[layout]\npanels = [\n 'clock',\n 'wether',\n]",
            (
                '4: layout.panels[1]: "wether" is not allowed; use "weather", "scores", "clock", "headlines" or '
                '"brand"; did you mean "weather"?'
            ),
        ),
        (
            "[fetch]\nallow_hosts = ['http://a']",
            '2: fetch.allow_hosts[0]: "http://a" is not allowed; use host or host:port, without http://',
        ),
        (
            "[[loop]]\n[[loop]]\nstarts = '9:00'",
            '3: loop[1].starts: "9:00" is not allowed; use a time of day, "00:00" to "23:59"',
        ),
        (
            "[layout]\nbrand_colour = 'red'",
            '2: layout.brand_colour: "red" is not allowed; use # and six hex digits, such as "#10151f"',
        ),
    ],
)
def test_a_wrong_value(tmp_path: Path, text: str, told: str) -> None:
    assert problems_of(tmp_path, text) == [f"player.toml:{told}"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n[screen]\nrotaton = 90", "3: screen.rotaton: unknown key; did you mean screen.rotation?"),
        ("rotation = 90", "1: rotation: unknown key; did you mean screen.rotation?"),
        ("[exchange]\nurl = ''\ntoken = 'hush'", "3: exchange.token: unknown key; did you mean exchange.token_file?"),
        ("[scren]\nid = 'a'", "1: scren: unknown section; did you mean [screen]?"),
        ("[weather]", "1: weather: unknown section; did you mean [panels.weather]?"),
        ("[[loops]]", "1: loops: unknown section; did you mean [[loop]]?"),
        (
            "[qqq]",
            (
                "1: qqq: unknown section; the sections are [screen], "
                "[[exchange]], [ads], [[loop]], [show], [layout], [panels], [cache], "
                "[fetch], [prepare], [proof], [heartbeat], [web], [watchdog], [log]"
            ),
        ),
        ("[log]\nzzz = 1", "2: log.zzz: unknown key; [log] has level, form"),
        ('[log]\n"a b" = 1', '2: log."a b": unknown key; [log] has level, form'),
        ("[[screen]]", "1: screen: there is only one; write [screen], not [[screen]]"),
        ("screen = 5", "1: screen: this is a section; write its keys under [screen]"),
        ("exchange = 'https://a.example'", "1: exchange: this is a section; write its keys under [[exchange]]"),
    ],
)
def test_an_unknown_key(tmp_path: Path, text: str, told: str) -> None:
    assert problems_of(tmp_path, text) == [f"player.toml:{told}"]


def test_all_problems_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    (tmp_path / "player.d").mkdir()
    (tmp_path / "player.d" / "10.toml").write_text("[screen]\nbrightness = 1\n", "utf-8")
    text = '[log]\nlevel = "loud"\n[screen]\nrotaton = 1\nrotation = 1\nlatitude = 1\n'
    told = problems_of(tmp_path, text)
    assert [line.split(": ")[0] for line in told] == [
        "player.toml:2",
        "player.toml:4",
        "player.toml:5",
        "player.toml:6",
        "player.d/10.toml:2",
    ]


def test_the_error_has_its_code_and_names_the_first(tmp_path: Path) -> None:
    main = tmp_path / "player.toml"
    main.write_text("[screen]\nrotation = 1\nbrightness = 1\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(main, {})
    assert caught.value.code is Code.CONFIG_INVALID
    assert caught.value.detail == f"{main}:2: screen.rotation: 1 is not allowed; use 0, 90, 180 or 270 (and 1 more)"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[log]\nlevel = debug", '2: the value cannot be read; text needs quotes, as in key = "text"'),
        ('[log]\nlevel = "debug', "2: the closing quote is missing"),
        ("[log\nlevel = 1", "1: the closing ] of the section is missing"),
        ("[log]\nlevel", "2: a line is either key = value, [section] or # comment"),
        ("[log]\n= 5", "2: a line is either key = value, [section] or # comment"),
        ("[log]\nlevel = 'a'\nlevel = 'b'", "3: this key is set twice in this file"),
        ("[log]\n[log]", "2: this section is in this file twice"),
        ("[log]\nlevel = 'a' b", '2: there is more on the line than one value; text needs quotes: "text"'),
        ('[loop]\ncreatives = ["C:\\qq"]', "2: a \\ in quotes is written \\\\, or the text in single quotes"),
        ("[layout]\npanels = ['clock' 'weather']", "2: the closing ] of a list is missing, or a comma in it"),
        ("[layout]\npanels = [\n'clock'\n", "3: the closing ] of a list is missing, or a comma in it"),
    ],
)
def test_what_is_not_toml(tmp_path: Path, text: str, told: str) -> None:
    (problem,) = problems_of(tmp_path, text)
    assert problem.startswith(f"player.toml:{told}")


def test_what_is_not_text(tmp_path: Path) -> None:
    main = tmp_path / "player.toml"
    main.write_bytes(b"[screen]\n\nvenue = 'caf\xe9'\n")
    with pytest.raises(ConfigError) as caught:
        load(main, {})
    assert str(caught.value.problems[0]) == f"{main}:3: not UTF-8 text; save the file as UTF-8"


def test_a_folder_where_a_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "player.toml").write_text("", "utf-8")
    (tmp_path / "player.d" / "10.toml").mkdir(parents=True)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "player.toml", {})
    assert str(caught.value.problems[0]) == f"{tmp_path}/player.d/10.toml: cannot be read: Is a directory"


def test_nested_too_deeply(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "a = " + "[" * 5000)
    assert "nested too deeply" in problem
