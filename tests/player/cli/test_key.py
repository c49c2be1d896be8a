"""The keys on the command line, and an export checked with them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cache import Identity, Journal, KeyFile, read_public_keys
from player.cli import cli
from tests.cache.shapes import play_once
from tests.fakes import FakeClock


@dataclass
class Screen:
    """A player's folder, and the command on it."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def run(self, *argv: object) -> Result:
        config = self.folder / "player.toml"
        config.write_text(f'[cache]\ndir = "{self.state}"\nrun_dir = "{self.folder / "run"}"\n', encoding="utf-8")
        return CliRunner().invoke(cli, [str(one) for one in (*argv, "--config", config)])

    def export(self, *records: bytes) -> Path:
        path = self.folder / "plays.jsonl"
        path.write_bytes(b"".join(record + b"\n" for record in records))
        return path


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    (tmp_path / "state").mkdir()
    (tmp_path / "run").mkdir()
    return Screen(tmp_path)


@pytest.fixture
def records(screen: Screen, clock: FakeClock) -> list[bytes]:
    journal = Journal.open(screen.state, clock, Identity("screen-1", None, "1"))
    for _ in range(4):
        play_once(journal, clock)
    rows = [row.record for row in journal.plays()]
    journal.close()
    return rows


def test_the_public_keys_are_printed_and_written(screen: Screen, records: list[bytes]) -> None:
    key_id = json.loads(records[0])["key_id"]
    (printed,) = read_public_keys(screen.run("key").stdout.encode())
    assert printed.key_id == key_id
    out = screen.folder / "screen.pub"
    assert screen.run("key", "--out", out).exit_code == 0
    assert read_public_keys(out.read_bytes()) == (printed,)
    told = json.loads(screen.run("key", "--json").stdout)
    assert (told["key_id"], told["keys"][0]["pem"]) == (key_id, printed.pem())


def test_before_the_first_play_the_key_is_made(screen: Screen) -> None:
    (printed,) = read_public_keys(screen.run("key").stdout.encode())
    assert KeyFile(screen.state).public() == printed


def test_a_rotation_keeps_the_old_public_key(screen: Screen, records: list[bytes]) -> None:
    old = json.loads(records[0])["key_id"]
    new = json.loads(screen.run("key", "rotate", "--json").stdout)["key_id"]
    keys = json.loads(screen.run("key", "--json").stdout)["keys"]
    assert [one["key_id"] for one in keys] == [old, new]
    assert old != new


def test_somebody_elses_folder_gets_no_key(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    for argv in (("key",), ("key", "rotate")):
        done = screen.run(*argv)
        assert done.exit_code == 1
        assert "journal.key" in done.stderr
    assert not (screen.state / "proof.key").exists()


def test_verify_with_the_key(screen: Screen, records: list[bytes]) -> None:
    public = screen.state / "proof.pub"
    good = screen.run("plays", "verify", screen.export(*records), "--key", public, "--first", 1, "--last", 4)
    assert (good.exit_code, good.stdout) == (0, "good: 4 plays, seq 1 to 4, chain whole, every signature good\n")
    told = json.loads(screen.run("plays", "verify", screen.export(*records), "--json").stdout)
    assert (told["ok"], told["signed"], told["signatures_checked"]) == (True, 4, False)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda lines: [lines[0], lines[2], lines[3]], "seq 2: missing before seq 3"),
        (lambda lines: [lines[0], lines[1], *lines[1:]], "doubled or out of order"),
        (lambda lines: [*lines[:2], lines[2].replace(b"10000", b"20000"), lines[3]], "line 3: seq 3"),
        (lambda lines: lines[:3], "seq 4: missing at the end"),
    ],
    ids=["missing", "doubled", "changed", "cut"],
)
def test_verify_names_the_first_fault(screen: Screen, records: list[bytes], spoil: object, says: str) -> None:
    assert callable(spoil)
    file = screen.export(*spoil(records))
    done = screen.run("plays", "verify", file, "--key", screen.state / "proof.pub", "--last", 4)
    assert done.exit_code == 1
    assert says in done.stderr


def test_verify_with_another_screens_key(screen: Screen, records: list[bytes], tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    KeyFile(other).public()
    done = screen.run("plays", "verify", screen.export(*records), "--key", other / "proof.pub")
    assert done.exit_code == 1
    assert "which is not among those given" in done.stderr


def test_verify_with_what_is_no_key(screen: Screen, records: list[bytes]) -> None:
    done = screen.run("plays", "verify", screen.export(*records), "--key", screen.state / "proof.key")
    assert (done.exit_code, "journal.key" in done.stderr) == (1, True)
