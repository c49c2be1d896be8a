"""Loading: which source wins, and where each value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Config, ConfigError, SlotConfig, keys, load


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_nothing_set_is_the_defaults(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, "player.toml", ""), {})
    assert loaded.config == Config()
    assert set(loaded.sources.values()) == {"default"}


def test_every_key_has_a_source(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, "player.toml", '[exchange]\nurl = "https://a.example"\n'), {})
    told = {key.replace("[0]", "") for key in loaded.sources}
    assert told == {key.key for key in keys() if not key.key.startswith("layout.template.")}, "no template, no keys"


def test_later_sources_win_key_by_key(tmp_path: Path) -> None:
    main = write(tmp_path, "player.toml", '[screen]\nid = "a"\nvenue = "b"\nrotation = 90\nbrightness = 50\n')
    write(tmp_path, "player.d/20-site.toml", '[screen]\nvenue = "site"\nrotation = 270\n')
    write(tmp_path, "player.d/10-fleet.toml", '[screen]\nvenue = "fleet"\n\n[log]\nlevel = "debug"\n')
    write(tmp_path, "player.d/.50-lock.toml", "nonsense")
    write(tmp_path, "player.d/notes.txt", "nonsense")
    loaded = load(main, {"OOH_PLAYER_SCREEN__ROTATION": "180", "PATH": "/bin"})
    screen = loaded.config.screen
    assert (screen.id, screen.venue, screen.rotation, screen.brightness) == ("a", "site", 180, 50)
    assert loaded.config.log.level == "debug"
    assert loaded.sources["screen.id"] == f"{main}:2"
    assert loaded.sources["screen.venue"] == f"{tmp_path}/player.d/20-site.toml:2"
    assert loaded.sources["screen.rotation"] == "environment OOH_PLAYER_SCREEN__ROTATION"
    assert loaded.sources["log.level"] == f"{tmp_path}/player.d/10-fleet.toml:5"
    assert loaded.sources["screen.size"] == "default"


def test_one_exchange_as_a_table(tmp_path: Path) -> None:
    main = write(tmp_path, "player.toml", '[exchange]\nurl = "https://a.example/x"\nfloor_cpm = 2\n')
    loaded = load(main, {})
    assert [(one.url, one.floor_cpm) for one in loaded.config.exchange] == [("https://a.example/x", 2.0)]
    assert loaded.sources["exchange[0].url"] == f"{main}:2"


def test_several_exchanges_in_their_order(tmp_path: Path) -> None:
    text = '[[exchange]]\nname = "a"\nurl = "https://a.example"\n[[exchange]]\nname = "b"\nurl = "https://b.example"\n'
    loaded = load(write(tmp_path, "player.toml", text), {})
    assert [one.name for one in loaded.config.exchange] == ["a", "b"]
    assert loaded.sources["exchange[1].url"].endswith(":6")


def test_a_drop_in_table_changes_the_only_exchange(tmp_path: Path) -> None:
    main = write(tmp_path, "player.toml", '[[exchange]]\nurl = "https://a.example"\nlook_ahead = 9\n')
    write(tmp_path, "player.d/50.toml", "[exchange]\nlook_ahead = 3\n")
    (exchange,) = load(main, {}).config.exchange
    assert (exchange.url, exchange.look_ahead) == ("https://a.example", 3)


def test_a_drop_in_list_replaces_the_list(tmp_path: Path) -> None:
    main = write(tmp_path, "player.toml", "[[loop]]\nseconds = 5\n[[loop]]\nseconds = 6\n")
    write(tmp_path, "player.d/50.toml", '[[loop]]\nkind = "content"\n')
    assert load(main, {}).config.loop == (SlotConfig(kind="content"),)


def test_an_exchange_without_a_url_is_none(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, "player.toml", '[exchange]\nurl = ""\nname = "off"\n'), {})
    assert loaded.config.exchange == ()
    assert not [key for key in loaded.sources if key.startswith("exchange")]


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    main = tmp_path / "player.toml"
    main.write_bytes(b'\xef\xbb\xbf[screen]\r\n\r\nid = "a"\r\n')
    assert load(main, {}).sources["screen.id"] == f"{main}:3"


def test_the_default_path_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config._load.DEFAULT_PATH", tmp_path / "player.toml")
    assert load(None, {}).config == Config()
    write(tmp_path, "player.d/10.toml", '[screen]\nid = "from-drop-in"\n')
    assert load(None, {}).config.screen.id == "from-drop-in"


def test_a_named_path_may_not_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "gone.toml", {})
    assert [str(problem) for problem in caught.value.problems] == [
        f"{tmp_path}/gone.toml: cannot be read: No such file or directory"
    ]


def test_effective_values_mask_passwords(tmp_path: Path) -> None:
    text = '[heartbeat]\nurl = "https://me:hush@h.example/b?apikey=hush2&site=7"\n'
    loaded = load(write(tmp_path, "player.toml", text), {})
    shown = {row.key: row.value for row in loaded.effective()}
    assert shown["heartbeat.url"] == "https://***@h.example/b?apikey=***&site=7"
    assert loaded.config.heartbeat.url.startswith("https://me:hush@")
    assert set(shown) == set(loaded.sources)


def test_it_never_writes(tmp_path: Path) -> None:
    main = write(tmp_path, "player.toml", "")
    load(main, {})
    assert [file.name for file in tmp_path.iterdir()] == ["player.toml"]
