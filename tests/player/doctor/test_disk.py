"""What the doctor says of the disk and the card."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from config import CacheConfig, Config
from player.doctor import Finding, User
from player.doctor import _disk as disk
from tests.player.doctor.patients import HEALTHY, is_told, patient

SMALL = Config(cache=CacheConfig(max_bytes=50_000_000))


def look(folder: Path, config: Config = SMALL, **others: object) -> Finding:
    return disk.look_at_disk(patient(folder, config, **others))  # type: ignore[arg-type]


def with_room(monkeypatch: pytest.MonkeyPatch, **figures: int) -> None:
    """The file system says so of itself."""
    told = {"f_flag": 0, "f_bavail": 10**6, "f_frsize": 4096, "f_files": 10**6, "f_favail": 10**5} | figures
    room = type("room", (), told)
    monkeypatch.setattr(os, "statvfs", lambda _folder: room)


def test_a_disk_with_space_is_good_and_the_probe_is_gone(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    assert is_told(look(tmp_path), "ok", "GB free under")
    assert not list((tmp_path / "state").iterdir())


def test_looking_makes_no_folder(tmp_path: Path) -> None:
    assert is_told(look(tmp_path), "ok", "free under")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("number", "what", "step"),
    [
        (errno.ENOSPC, "full: nothing more", "cache gc"),
        (errno.EROFS, "read-only", "failing card"),
        (errno.EACCES, "another user", "sudo -u"),
        (errno.EIO, "Input/output error", "replace it"),
    ],
)
def test_a_probe_that_is_refused_names_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, what: str, step: str
) -> None:
    def refuse(_folder: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(disk, "_probe", refuse)
    assert is_told(look(tmp_path), "fail", what, step)


def test_a_read_only_disk_is_not_probed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_room(monkeypatch, f_flag=os.ST_RDONLY)
    assert is_told(look(tmp_path), "fail", "read-only", "dmesg")


def test_the_last_megabytes_are_not_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_room(monkeypatch, f_bavail=1000)
    assert is_told(look(tmp_path), "fail", "full: only 4 MB", "cache gc")


def test_room_without_file_entries_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_room(monkeypatch, f_favail=12)
    assert is_told(look(tmp_path), "fail", "only 12 more files")


def test_a_cache_that_may_outgrow_the_disk_is_told_what_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state/store").mkdir(parents=True)
    (tmp_path / "state/store/plate").write_bytes(b"x" * 1_000_000)
    with_room(monkeypatch, f_bavail=300_000)
    told = look(tmp_path, Config(cache=CacheConfig(max_bytes=2_000_000_000)))
    assert is_told(told, "warn", "2.0 GB) is more than fits: 1.2 GB", "cache.max_bytes = 1_020_000_000 or less")


def test_a_folder_of_another_users_fails_though_root_may_write_it(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    somebody = User("ooh-player", 54321, frozenset({54321}))
    assert is_told(look(tmp_path, user=somebody), "fail", "cannot be written by ooh-player", "sudo chown")


@pytest.mark.parametrize(
    ("figures", "grade", "what"),
    [
        ({"errors": 0, "life_percent_used": 3.0}, "ok", "3 % of its life used (estimated), 1 MB written today"),
        ({"errors": 1}, "warn", "noted 1 error"),
        ({"life_percent_used": 91.0, "life": "measured"}, "warn", "mmcblk0 has used 91 % of its life (measured)"),
        ({"errors": None, "life_percent_used": None, "written_today_bytes": None}, "ok", "mmcblk0"),
        ({"device": None}, "ok", "not known"),
    ],
)
def test_the_card_tells_of_its_health(tmp_path: Path, figures: dict[str, object], grade: str, what: str) -> None:
    machine = replace(HEALTHY, disk=replace(HEALTHY.disk, **figures))  # type: ignore[arg-type]
    assert is_told(disk.look_at_card(patient(tmp_path, machine=machine)), grade, what, "" if grade == "ok" else "card")
