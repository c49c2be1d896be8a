"""The draft: answers over a file, checked as a whole, written whole or not at all."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from config import ConfigError, example_file
from player.setup import Draft, keep_secret

FILE = '# ours\n[screen]\nid = "a-1"  # painted on its back\n\n[exchange]\nurl = "https://u:pw@ads.example/x"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "player.toml"
    file.write_text(FILE)
    file.chmod(0o640)
    return file


def test_what_was_answered_is_changed_and_the_rest_stays(path: Path) -> None:
    draft = Draft.of(path, {})
    draft.answer("screen.id", "b-2")
    draft.answer("screen.rotation", "90")
    assert [str(change) for change in draft.changes()] == ['screen.id: "a-1" → "b-2"', "screen.rotation: not set → 90"]
    assert draft.check().config.screen.rotation == 90
    assert path.read_text() == FILE
    assert list(path.parent.iterdir()) == [path]
    kept = draft.save()
    assert kept == path.with_name("player.toml.bak")
    assert kept.read_text() == FILE
    assert path.read_text() == FILE.replace('id = "a-1"', 'id = "b-2"').replace(
        "[screen]\n", "[screen]\nrotation = 90\n"
    )
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(file.name for file in path.parent.iterdir()) == ["player.toml", "player.toml.bak"]


def test_a_new_file_has_every_key_commented_and_what_was_answered(tmp_path: Path) -> None:
    draft = Draft.of(tmp_path / "etc" / "player.toml", {})
    draft.answer("screen.id", "b-2")
    draft.check()
    assert draft.save() is None
    text = (tmp_path / "etc/player.toml").read_text()
    assert text == example_file().replace('# id = "unprovisioned"', 'id = "b-2"')
    assert (tmp_path / "etc/player.toml").stat().st_mode & 0o007 == 0


def test_the_same_answer_changes_nothing(path: Path) -> None:
    draft = Draft.of(path, {})
    draft.answer("screen.id", "a-1")
    assert draft.changes() == ()


def test_a_password_is_masked_in_what_is_told(path: Path) -> None:
    draft = Draft.of(path, {})
    draft.answer("exchange.url", "https://u:new@ads.example/x")
    (change,) = draft.changes()
    assert "pw" not in str(change)
    assert "new" not in str(change).replace("new@", "") or "***" in str(change)
    assert tomllib.loads(path.read_text())["exchange"]["url"].startswith("https://u:pw@")


def test_a_file_with_a_mistake_is_not_edited(path: Path) -> None:
    path.write_text("[screen]\nrotation = 45\n")
    with pytest.raises(ConfigError) as caught:
        Draft.of(path, {})
    assert str(caught.value.problems[0]).startswith(f"{path}:2: screen.rotation: 45")


def test_a_rule_between_two_keys_is_told_with_the_real_files_name(path: Path) -> None:
    draft = Draft.of(path, {})
    draft.answer("screen.latitude", "52.5")
    with pytest.raises(ConfigError) as caught:
        draft.check()
    assert str(caught.value.problems[0]).startswith(f"{path}:3: screen.latitude: latitude is set but longitude is not")
    assert list(path.parent.iterdir()) == [path]


def test_what_another_file_or_the_environment_overrules_is_told(path: Path) -> None:
    (path.parent / "player.d").mkdir()
    (path.parent / "player.d/10-fleet.toml").write_text("[screen]\nrotation = 180\n")
    draft = Draft.of(path, {"OOH_PLAYER_EXCHANGE__FLOOR_CPM": "2"})
    draft.answer("screen.rotation", "90")
    draft.answer("exchange.floor_cpm", "3")
    draft.answer("screen.venue", "v")
    told = draft.overruled(draft.check())
    assert told == (
        f"screen.rotation: {path.parent}/player.d/10-fleet.toml:2 says otherwise, and wins",
        "exchange.floor_cpm: environment OOH_PLAYER_EXCHANGE__FLOOR_CPM says otherwise, and wins",
    )


def test_nothing_is_left_half_done_when_the_disk_refuses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = Draft.of(path, {})
    draft.answer("screen.id", "b-2")

    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(Exception, match="No space left"):
        draft.save()
    assert path.read_text() == FILE
    assert not [file for file in path.parent.iterdir() if file.name.endswith(".new")]


def test_a_windows_editors_file_stays_one(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    draft = Draft.of(path, {})
    draft.answer("screen.id", "b-2")
    assert [change.key for change in draft.changes()] == ["screen.id"]
    draft.check()
    draft.save()
    renamed = FILE.replace('"a-1"', '"b-2"').replace("\n", "\r\n").encode()
    assert path.read_bytes() == b"\xef\xbb\xbf" + renamed


def test_a_link_stays_a_link(path: Path) -> None:
    (path.parent / "managed").mkdir()
    real = path.rename(path.parent / "managed/screen.toml")
    path.symlink_to(real)
    draft = Draft.of(path, {})
    draft.answer("screen.id", "b-2")
    draft.save()
    assert path.is_symlink()
    assert 'id = "b-2"' in real.read_text()
    assert path.with_name("player.toml.bak").read_text() == FILE


# Secrets.


def test_a_secret_is_a_file_of_its_own_that_nobody_else_reads(path: Path) -> None:
    told = keep_secret(path, "exchange-token", "s3cret")
    assert told == str(path.parent / "exchange-token")
    assert Path(told).read_text() == "s3cret\n"
    assert Path(told).stat().st_mode & 0o777 == 0o600


def test_where_the_units_hand_out_a_folder_it_is_a_credential(path: Path) -> None:
    (path.parent / "secrets").mkdir()
    assert keep_secret(path, "exchange-token", "old") == "ooh_exchange-token"
    assert keep_secret(path, "exchange-token", "new") == "ooh_exchange-token"
    assert (path.parent / "secrets/exchange-token").read_text() == "new\n"
    assert [file.name for file in (path.parent / "secrets").iterdir()] == ["exchange-token"]
