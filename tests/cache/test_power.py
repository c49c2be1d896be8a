"""What a disk may hold after a power cut, in small; ``python -m tests.faults.power`` is the same in large."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.crash_disk import CrashDisk, Style, applied

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("synchronous", "code"), [("FULL", 0), ("NORMAL", 1)])
def test_full_loses_nothing_and_normal_is_found_out(synchronous: str, code: int) -> None:
    argv = [sys.executable, "-m", "tests.faults.power", "--states", "18", "--plays", "8", "--synchronous", synchronous]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["states"] == 18
    assert (told["acknowledged_lost"] > 0) == (code == 1)


@pytest.fixture
def disk(tmp_path: Path) -> CrashDisk:
    (tmp_path / "work").mkdir()
    return CrashDisk(tmp_path / "work")


def cut(disk: CrashDisk, tmp_path: Path, style: Style, seed: int = 0) -> dict[str, bytes]:
    to = tmp_path / f"{style}-{seed}"
    to.mkdir()
    disk.cut(to, style, random.Random(seed))
    return {path.name: path.read_bytes() for path in to.iterdir()}


def test_what_was_synced_is_there(disk: CrashDisk, tmp_path: Path) -> None:
    path = str(tmp_path / "work" / "a")
    disk.write(path, 0, b"x" * 1024)
    disk.sync(path, folder=True)
    disk.write(path, 0, b"y" * 1024)
    assert cut(disk, tmp_path, "none") == {"a": b"x" * 1024}
    assert cut(disk, tmp_path, "all") == {"a": b"y" * 1024}


def test_a_write_is_torn_between_sectors_only(disk: CrashDisk, tmp_path: Path) -> None:
    path = str(tmp_path / "work" / "a")
    disk.write(path, 0, b"x" * 2048)
    disk.sync(path, folder=True)
    disk.write(path, 0, b"y" * 2048)
    seen = {cut(disk, tmp_path, "scattered", seed)["a"] for seed in range(60)}
    assert len(seen) > 8
    assert all(one[at : at + 512] in (b"x" * 512, b"y" * 512) for one in seen for at in range(0, 2048, 512))


def test_a_name_may_be_lost_until_its_folder_is_synced(disk: CrashDisk, tmp_path: Path) -> None:
    path = str(tmp_path / "work" / "a")
    disk.write(path, 0, b"x")
    disk.sync(path, folder=False)
    assert {tuple(cut(disk, tmp_path, "all", seed)) for seed in range(20)} == {(), ("a",)}
    disk.sync_names()
    disk.delete(path, folder=False)
    assert {tuple(cut(disk, tmp_path, "first", seed)) for seed in range(20)} == {(), ("a",)}


def test_writes_and_cuts_in_order() -> None:
    assert applied(b"abc", [(1, b"XY"), (2, None), (4, b"Z")]) == b"aX\0\0Z"
