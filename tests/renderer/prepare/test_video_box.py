"""Videos through the boxed child: its limits hold, and two boards make the same plate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config import Code, OohError, PrepareConfig, Size
from renderer.prepare import Geometry, prepare_file, report
from tests.renderer.prepare.video_maker import Clip

GEOMETRY = Geometry(Size(640, 360), panels=())
LIMITS = PrepareConfig()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "ad.png"  # names say nothing
    path.write_bytes(Clip(sound=True).bytes())
    return path


def test_its_plate_and_report(clip: Path, out: Path) -> None:
    prepared = prepare_file(clip, GEOMETRY, LIMITS, out)
    plate = prepared.plate
    assert (plate.kind, plate.frames, plate.duration_ms, plate.loops) == ("video", 25, 1000, 0)
    assert [path.name for path in out.iterdir()] == [f"{plate.key}.plate"]
    said = report(prepared)
    assert (said["kind"], said["source_size"], said["duration_ms"], said["frames"]) == ("video", [128, 96], 1000, 25)
    assert said["layout"]["creative"] == [80, 0, 480, 360]


def test_twice_gives_the_same_bytes(clip: Path, out: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    one, two = (prepare_file(clip, GEOMETRY, LIMITS, folder) for folder in (out, other))
    assert one.file.read_bytes() == two.file.read_bytes()


def test_its_own_time_limit_holds_and_nothing_is_left(clip: Path, out: Path) -> None:
    with pytest.raises(OohError) as caught:
        prepare_file(clip, GEOMETRY, replace(LIMITS, video_budget_seconds=0.05, max_seconds=30.0), out)
    assert caught.value.code is Code.PREPARE_TIMEOUT
    assert list(out.iterdir()) == []


def test_its_memory_limit_holds_and_nothing_is_left(tmp_path: Path, out: Path) -> None:
    creative = tmp_path / "large"
    creative.write_bytes(Clip(size=(6000, 4000), times_ms=(0, 40, 80), options={"preset": "ultrafast"}).bytes())
    with pytest.raises(OohError) as caught:
        prepare_file(creative, GEOMETRY, replace(LIMITS, max_memory_mb=128), out)
    assert caught.value.code is Code.PREPARE_MEMORY
    assert list(out.iterdir()) == []


def test_a_video_longer_than_allowed(clip: Path, out: Path) -> None:
    with pytest.raises(OohError, match=r"0\.5 s") as caught:
        prepare_file(clip, GEOMETRY, replace(LIMITS, max_video_seconds=0.5), out)
    assert caught.value.code is Code.CREATIVE_TOO_LARGE
