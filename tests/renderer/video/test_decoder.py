"""The real decoder: every picture at its time, in the form that the display takes; damage is an error of ours."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from cache import SystemClock
from config import Code, OohError, Rect, Size
from renderer.plate import PlateFields, PlateFile, PlateWriter, SpanReader
from renderer.plate.encode import VideoEncoder
from renderer.video import Planes, Videos
from renderer.video._decoder import ClipDecoder

SIZE = Size(97, 63)
TIMES = (0, 40, 80, 120, 500)
END_MS = 600
LEVELS = (30, 80, 130, 180, 230)
PATIENCE_S = 5.0


def grey(level: int) -> bytes:
    image = Image.new("RGB", (SIZE.w, SIZE.h), (level,) * 3)
    ImageDraw.Draw(image).rectangle((0, 0, 9, 9), fill=(200, 30, 30))
    return image.tobytes("raw", "BGRX")


@pytest.fixture
def film(tmp_path: Path) -> bytes:
    with VideoEncoder(tmp_path / "film.mp4", SIZE) as encoder:
        for at_ms, level in zip(TIMES, LEVELS, strict=True):
            encoder.add(grey(level), at_ms)
        encoder.finish(END_MS)
    return (tmp_path / "film.mp4").read_bytes()


def opened(film: bytes, *, planar: bool = False) -> ClipDecoder:
    return ClipDecoder(SpanReader(memoryview(film)), SIZE, planar=planar)


def test_every_picture_comes_at_its_time_again_and_again(film: bytes) -> None:
    decoder = opened(film)
    for _ in range(3):
        assert [at_ms for _, at_ms in decoder.frames()] == list(TIMES)
    decoder.close()


def test_pixels_are_cut_to_the_place_and_the_right_colours(film: bytes) -> None:
    decoder = opened(film)
    for (frame, at_ms), level in zip(decoder.frames(), LEVELS, strict=True):
        pixels = decoder.picture(frame, at_ms).pixels
        assert isinstance(pixels, bytes)
        assert len(pixels) == SIZE.pixels * 4
        image = Image.frombytes("RGB", (SIZE.w, SIZE.h), pixels, "raw", "BGRX")
        assert all(abs(value - level) <= 3 for value in image.getpixel((90, 60)))  # type: ignore[union-attr]
        red, green, blue = image.getpixel((4, 4))  # type: ignore[misc]
        assert (abs(red - 200) < 10, abs(green - 30) < 10, abs(blue - 30) < 10) == (True, True, True)
    decoder.close()


def test_planes_are_the_decoders_own(film: bytes) -> None:
    decoder = opened(film, planar=True)
    frame, _ = next(decoder.frames())
    planes = decoder.picture(frame, 0).pixels
    assert isinstance(planes, Planes)
    assert (planes.bt709, planes.full_range) == (True, False)
    y, u, v = (memoryview(plane) for plane in planes.planes)
    assert abs(y[60 * planes.pitches[0] + 90] - (16 + LEVELS[0] * 219 // 255)) <= 2
    for plane, pitch in zip((u, v), planes.pitches[1:], strict=True):
        assert pitch >= (SIZE.w + 1) // 2
        assert abs(plane[30 * pitch + 40] - 128) <= 2
    decoder.close()


def test_it_goes_on_at_a_key_picture_or_not_at_all(film: bytes) -> None:
    decoder = opened(film)
    list(decoder.frames())
    assert [at_ms for _, at_ms in decoder.frames(300)] == [500], "its grey jumps there: a key picture"
    assert list(decoder.frames(550)) == []
    assert [at_ms for _, at_ms in decoder.frames()] == list(TIMES)
    decoder.close()


@pytest.mark.parametrize("damage", [b"", b"no video at all" * 20])
def test_what_is_no_video_is_a_corrupt_plate(damage: bytes) -> None:
    with pytest.raises(OohError) as caught:
        opened(damage)
    assert caught.value.code is Code.PLATE_CORRUPT


def test_a_video_smaller_than_its_place_is_a_corrupt_plate(film: bytes) -> None:
    for planar in (True, False):
        decoder = ClipDecoder(SpanReader(memoryview(film)), Size(200, 63), planar=planar)
        frame, _ = next(decoder.frames())
        with pytest.raises(OohError, match="smaller"):
            decoder.picture(frame, 0)
        decoder.close()


def plate_of(path: Path, film: bytes, loops: int = 0) -> PlateFile:
    screen, place = Size(120, 80), Rect(10, 5, SIZE.w, SIZE.h)
    fields = PlateFields("c" * 64, "video", SIZE, screen, place, (), None, 1.0, len(TIMES), END_MS, loops=loops)
    with PlateWriter(path, screen) as plate:
        plate.write_base([bytes(screen.pixels * 4)])
        plate.write_video([film])
        plate.finish(fields)
    return PlateFile.open(path)


def test_a_plates_video_runs_as_often_as_it_asks(tmp_path: Path, film: bytes) -> None:
    before = set(threading.enumerate())
    with plate_of(tmp_path / "plate", film, loops=2) as plate:
        clip = Videos(planar=False).open(plate)
    clip.check_ready(PATIENCE_S)
    seen = []
    while not clip._ahead.ended:
        assert clip._ahead.wait_ready(PATIENCE_S)
        picture, _ = clip._ahead.take(0 if (due := clip._ahead.next_ns()) is None else due)
        seen += [] if picture is None else [picture.at_ns // 1_000_000]
    assert seen == [*TIMES[1:], *(END_MS + at_ms for at_ms in TIMES)]
    assert clip._ahead.join(PATIENCE_S)
    assert not set(threading.enumerate()) - before  # threads of other tests may end meanwhile


def test_a_damaged_plate_is_refused_before_it_is_on(tmp_path: Path) -> None:
    with plate_of(tmp_path / "plate", b"moov" * 100) as plate:
        clip = Videos(planar=False, clock=SystemClock()).open(plate)
        with pytest.raises(OohError) as caught:
            clip.check_ready(PATIENCE_S)
    assert caught.value.code is Code.PLATE_CORRUPT
