"""Makes a video of an animation that is too large to keep in any other way."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import av
from av.container import InputContainer
from PIL import Image

from config import Rect
from renderer.plate.encode import VideoEncoder
from renderer.prepare._changes import Frames, ScreenPainter
from renderer.prepare._facts import bgrx
from renderer.prepare._video_guard import reading_video, writing_video
from renderer.video.pixels import ToBgrx

_CRF = 10
"""Flat colours and sharp edges want finer steps than filmed pictures do."""


def film(frames: Frames, place: Rect, file: IO[bytes]) -> tuple[tuple[int, ...], Image.Image]:
    """Write the MP4 to ``file``, which is then at its start; how long each frame stands (ms), and its first picture.

    Raises ``OohError`` (CREATIVE_*), ``MemoryError``, ``OSError``.
    """
    first, delay_ms = next(frames)
    painter, delays = ScreenPainter(first, place), [delay_ms]
    with VideoEncoder(Path(f"/proc/self/fd/{file.fileno()}"), place.size, crf=_CRF) as encoder:
        with writing_video():
            encoder.add(bgrx(painter.shown), 0)
        at_ms = 0
        for picture, stands_ms in frames:
            if painter.change(picture).image is None:
                delays[-1] += stands_ms
                continue
            at_ms += delays[-1]
            with writing_video():
                encoder.add(bgrx(painter.shown), at_ms)
            delays.append(stands_ms)
        with writing_video():
            encoder.finish(at_ms + delays[-1])
    opening = _first(file, place)
    file.seek(0)
    return tuple(delays), opening


def _first(file: IO[bytes], place: Rect) -> Image.Image:
    """As the screen will draw it: no step is seen when the video takes over from the base frame."""
    file.seek(0)
    with reading_video("the video made of it"), av.open(file, "r", format="mp4") as opened:
        assert isinstance(opened, InputContainer)  # noqa: S101
        pixels = ToBgrx(place.size)(next(opened.decode(video=0)))
        return Image.frombuffer("RGB", (place.w, place.h), pixels, "raw", "BGRX", 0, 1)
