"""Where the display draws YUV itself: the decoder's own planes reach it, in place and in the right colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cache import SystemClock
from config import Rect, ScreenConfig, Size
from renderer.plate import PlateFields, PlateFile, PlateWriter
from renderer.plate.encode import VideoEncoder
from renderer.show._motion import Film
from renderer.video import Videos
from renderer.window import Display, Frame, open_display

SCREEN = Size(128, 80)
PLACE = Rect(20, 10, 97, 61)
COLOURS = ((200, 30, 30), (30, 160, 30), (30, 30, 200))
EACH_MS = 100
PATIENCE_S = 5.0


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[Display]:
    monkeypatch.setenv("SDL_RENDER_DRIVER", "software")
    config = ScreenConfig(size=str(SCREEN), output="gpu")
    shown = open_display(config, headless=True, environ={}, clock=SystemClock())
    yield shown
    shown.close()


@pytest.fixture
def plate(tmp_path: Path) -> Iterator[PlateFile]:
    with VideoEncoder(tmp_path / "film.mp4", PLACE.size) as encoder:
        for index, (red, green, blue) in enumerate(COLOURS):
            encoder.add(bytes((blue, green, red, 255)) * PLACE.size.pixels, index * EACH_MS)
        encoder.finish(len(COLOURS) * EACH_MS)
    fields = PlateFields("c" * 64, "video", PLACE.size, SCREEN, PLACE, (), None, 1.0, len(COLOURS), 300)
    with PlateWriter(tmp_path / "plate", SCREEN) as writer:
        writer.write_base([bytes((64, 64, 64, 255)) * SCREEN.pixels])
        writer.write_video([(tmp_path / "film.mp4").read_bytes()])
        writer.finish(fields)
    with PlateFile.open(tmp_path / "plate") as opened:
        yield opened


def pixel(display: Display, x: int, y: int) -> tuple[int, int, int]:
    blue, green, red = display.capture().bgrx[(y * SCREEN.w + x) * 4 :][:3]
    return red, green, blue


def test_each_picture_reaches_the_display_and_the_frame_stays_as_it_is(display: Display, plate: PlateFile) -> None:
    assert display.takes_yuv
    frame = Frame.from_bgrx(SCREEN, plate.base)
    clip = Videos(planar=True).open(plate)
    film = Film(clip, frame, PLACE)
    clip.check_ready(PATIENCE_S)
    started_ns = display.show(frame)
    film.begin(started_ns)
    for run in range(4):
        assert clip._ahead.wait_ready(PATIENCE_S)
        moved = film.advance(started_ns + (run + 1) * EACH_MS * 1_000_000)
        assert moved.is_new
        assert moved.dirty == ()
        display.show(frame, moved.dirty, moved.overlay)
        wanted = COLOURS[(run + 1) % len(COLOURS)]
        for x, y in ((PLACE.x, PLACE.y), (PLACE.right - 1, PLACE.bottom - 1), (60, 40)):
            assert all(abs(a - b) <= 6 for a, b in zip(pixel(display, x, y), wanted, strict=True)), (run, x, y)
        assert pixel(display, PLACE.right, PLACE.bottom) == (64, 64, 64)
    film.close()
    assert clip._ahead.join(PATIENCE_S)
