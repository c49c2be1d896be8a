"""The plate file: what is written is read, and what is damaged is refused."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import Code, OohError, Rect, Size
from renderer.plate import PAGE_BYTES, PlateFields, PlateFile, PlateWriter

SCREEN = Size(20, 10)
BASE = bytes(range(200)) * 4
CHANGE = Rect(3, 2, 4, 2)


def fields(kind: str = "animation", frames: int = 3) -> PlateFields:
    return PlateFields(
        creative_sha256="ab" * 32,
        kind="animation" if kind == "animation" else "still",
        source_size=Size(300, 250),
        screen_size=SCREEN,
        creative_rect=Rect(0, 0, 12, 10),
        panel_rects=(("weather", Rect(13, 1, 6, 4)), ("clock", Rect(13, 6, 6, 3))),
        panel_area=Rect(13, 1, 6, 8),
        scale=0.04,
        frames=frames,
        duration_ms=300,
        warnings=("soft",),
    )


def animation(path: Path) -> Path:
    with PlateWriter(path, SCREEN) as plate:
        plate.write_base([BASE])
        plate.write_change(1, CHANGE, 80, b"\x11" * 32)
        plate.write_change(2, Rect(0, 0, 0, 0), 120, b"")
        plate.write_change(0, CHANGE, 100, b"\x22" * 32)
        plate.finish(fields())
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    with PlateFile.open(animation(tmp_path / "a.plate")) as plate:
        assert plate.plate_fields == fields()
        assert bytes(plate.base) == BASE
        assert plate.delays_ms == (100, 80, 120)
        assert plate.frame(0) == (CHANGE, b"\x22" * 32)
        assert plate.frame(1) == (CHANGE, b"\x11" * 32)
        assert plate.frame(2) == (Rect(0, 0, 0, 0), b"")


def test_the_base_lies_raw_on_a_page(tmp_path: Path) -> None:
    raw = animation(tmp_path / "a.plate").read_bytes()
    assert raw.startswith(b"OOHPLATE")
    assert raw[PAGE_BYTES : PAGE_BYTES + len(BASE)] == BASE
    assert PAGE_BYTES % 4096 == 0


def test_the_same_calls_give_the_same_bytes(tmp_path: Path) -> None:
    assert animation(tmp_path / "a").read_bytes() == animation(tmp_path / "b").read_bytes()


def test_a_still_keeps_no_frames(tmp_path: Path) -> None:
    with PlateWriter(tmp_path / "s", SCREEN) as writer:
        writer.write_base([BASE])
        writer.write_change(1, Rect(0, 0, 0, 0), 80, b"")
        writer.finish(fields("still", frames=1))
    with PlateFile.open(tmp_path / "s") as plate:
        assert plate.delays_ms == ()
        assert plate.plate_fields.kind == "still"


def test_bytes_that_are_not_the_rectangle_are_a_mistake_of_ours(tmp_path: Path) -> None:
    with PlateWriter(tmp_path / "s", SCREEN) as writer:
        with pytest.raises(ValueError, match="not 20x10"):
            writer.write_base([BASE[:-1]])
        with pytest.raises(ValueError, match="not 4x2"):
            writer.write_change(1, CHANGE, 80, b"")


def test_a_view_of_the_base_outlives_the_file(tmp_path: Path) -> None:
    plate = PlateFile.open(animation(tmp_path / "a"))
    held = memoryview(plate.base)
    plate.close()
    assert bytes(held) == BASE


def test_a_missing_or_empty_file_is_corrupt(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    for name in ("missing", "empty"):
        with pytest.raises(OohError) as caught:
            PlateFile.open(tmp_path / name)
        assert caught.value.code is Code.PLATE_CORRUPT


def test_an_unfinished_plate_is_corrupt(tmp_path: Path) -> None:
    with PlateWriter(tmp_path / "s", SCREEN) as writer:
        writer.write_base([BASE])
    with pytest.raises(OohError, match=r"plate\.corrupt"):
        PlateFile.open(tmp_path / "s")


def video(path: Path, pieces: tuple[bytes, ...] = (b"moov", b"mdat" * 50)) -> Path:
    with PlateWriter(path, SCREEN) as plate:
        plate.write_base([BASE])
        plate.write_video(pieces)
        plate.finish(replace(fields(frames=30), kind="video", loops=3))
    return path


def test_a_video_lies_on_a_page_and_is_a_file_of_its_own(tmp_path: Path) -> None:
    path = video(tmp_path / "v.plate")
    whole = b"moov" + b"mdat" * 50
    assert path.read_bytes()[2 * PAGE_BYTES :].startswith(whole)
    with PlateFile.open(path) as plate:
        assert (plate.plate_fields.kind, plate.plate_fields.loops, plate.delays_ms) == ("video", 3, ())
        held = plate.video()
    assert held.read(4) == b"moov", "it outlives the plate"
    assert (held.read(), held.read(10), held.tell()) == (whole[4:], b"", len(whole))
    assert (held.seek(-3, 2), held.read(), held.seek(-1, 1)) == (len(whole) - 3, b"dat", len(whole) - 1)
    assert (held.seek(len(whole) + 5), held.read(1)) == (len(whole) + 5, b"")
    with pytest.raises(OSError, match="seek to -1"):
        held.seek(-1)
    assert io.BufferedReader(held).peek(1) == b""
    held.close()
    held.close()


def test_only_a_video_has_a_video(tmp_path: Path) -> None:
    with PlateFile.open(animation(tmp_path / "a")) as plate, pytest.raises(ValueError, match="no video"):
        plate.video()


@pytest.mark.parametrize(
    "wrong", [{"duration_ms": 0}, {"frames": 0}, {"loops": -1}, {"creative_rect": Rect(1, 1, 0, 5)}]
)
def test_a_video_that_does_not_add_up_is_corrupt(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with PlateWriter(tmp_path / "v", SCREEN) as plate:
        plate.write_base([BASE])
        plate.write_video([b"mdat"])
        plate.finish(replace(fields(frames=30), kind="video", **wrong))
    with pytest.raises(OohError, match=r"plate\.corrupt"):
        PlateFile.open(tmp_path / "v")


@pytest.mark.parametrize("pieces", [(), (b"",)])
def test_an_empty_video_is_corrupt(tmp_path: Path, pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(OohError, match="outside the file"):
        PlateFile.open(video(tmp_path / "v", pieces))


def test_a_video_plate_that_was_given_no_video_is_corrupt(tmp_path: Path) -> None:
    with PlateWriter(tmp_path / "v", SCREEN) as plate:
        plate.write_base([BASE])
        plate.finish(replace(fields(frames=30), kind="video"))
    with pytest.raises(OohError, match="without a video"):
        PlateFile.open(tmp_path / "v")


@pytest.mark.parametrize(
    "wrong",
    [
        {"creative_rect": Rect(15, 0, 12, 10)},
        {"panel_area": Rect(-1, 0, 4, 4)},
        {"panel_rects": (("clock", Rect(0, 9, 4, 4)),)},
        {"frames": 7},
    ],
)
def test_fields_that_do_not_add_up_are_corrupt(tmp_path: Path, wrong: dict[str, object]) -> None:
    good = fields()
    values = {name: getattr(good, name) for name in PlateFields.__dataclass_fields__} | wrong
    with PlateWriter(tmp_path / "s", SCREEN) as writer:
        writer.write_base([BASE])
        for index in (1, 2, 0):
            writer.write_change(index, CHANGE, 80, b"\x11" * 32)
        writer.finish(PlateFields(**values))
    with pytest.raises(OohError, match=r"plate\.corrupt"):
        PlateFile.open(tmp_path / "s")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 10_000), at=st.integers(0, 10_000), xor=st.integers(1, 255))
def test_no_damage_is_worse_than_a_refusal(tmp_path: Path, cut: int, at: int, xor: int) -> None:
    raw = bytearray((animation if at % 2 else video)(tmp_path / "a").read_bytes())
    raw[at % len(raw)] ^= xor
    del raw[len(raw) - cut % len(raw) :]
    (tmp_path / "b").write_bytes(raw)
    refused: Code | None = None
    try:
        with PlateFile.open(tmp_path / "b") as plate:
            assert len(plate.base) == len(BASE)
            for index in range(len(plate.delays_ms)):
                rect, pixels = plate.frame(index)
                assert len(pixels) == rect.w * rect.h * 4
            if plate.plate_fields.kind == "video":
                assert len(plate.video().read()) == len(b"moov" + b"mdat" * 50)
    except OohError as error:
        refused = error.code
    assert refused in (None, Code.PLATE_CORRUPT)
