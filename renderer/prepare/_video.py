"""Makes the plate of a video: its own stream where the screen can play it as it is, else transcoded once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import av
from PIL import Image

from config import Code, OohError, Size
from renderer.plate import PlateWriter
from renderer.plate.encode import VideoEncoder
from renderer.prepare._facts import base_pieces, laid_out, place_of, plate_fields
from renderer.prepare._limits import Limits
from renderer.prepare._order import Order
from renderer.prepare._video_copy import copied
from renderer.prepare._video_guard import reading_video, writing_video
from renderer.prepare._video_scale import Scaler
from renderer.prepare._video_source import VideoSource
from renderer.prepare._video_tally import LEAST_GAP_MS, Film, Tally
from renderer.video.pixels import ToBgrx, software_decoder

_CHUNK_BYTES = 1 << 20


def make_video_plate(order: Order, creative: Path, part: Path) -> None:
    """Write the plate to ``part``. Raises ``OohError`` (CREATIVE_*), ``MemoryError``, ``OSError``."""
    limits = Limits(order.max_pixels, order.max_frames)
    source = VideoSource(creative, order.video, limits, round(order.max_video_seconds * 1000))
    layout = laid_out(order, source.size)
    size = place_of(layout).size
    with tempfile.TemporaryFile(dir=part.parent) as file, PlateWriter(part, order.screen) as plate:
        target = Path(f"/proc/self/fd/{file.fileno()}")  # nameless: whatever ends this process, nothing is left
        film = copied(source, target, size) or _transcoded(source, target, size)
        plate.write_base(base_pieces(order, layout, _first(file, size)))
        fields = plate_fields(order, source, layout, ())
        if film.frames == 1:
            plate.finish(fields)
            return
        plate.write_video(_chunks(file))
        plate.finish(replace(fields, kind="video", frames=film.frames, duration_ms=film.duration_ms))


def _transcoded(source: VideoSource, target: Path, size: Size) -> Film:
    """Every picture upright, at the size of its rectangle, in 8-bit BT.709; at most 60 a second."""
    tally, last_ms, dropped = Tally(), -LEAST_GAP_MS, 0
    with VideoEncoder(target, size) as encoder:
        for frame, at_ms in Scaler(source, size).scaled(source.pictures(tally)):
            if at_ms - last_ms < LEAST_GAP_MS:
                dropped += 1
                continue
            last_ms = at_ms
            with writing_video():
                encoder.add_yuv(frame, at_ms)
        with writing_video():
            encoder.finish(max(tally.end_ms, last_ms + 1))
    if dropped:
        source.warnings.append(f"{dropped} pictures beyond 60 a second are left out")
    return Film(encoder.frames, max(tally.end_ms, last_ms + 1))


def _first(file: IO[bytes], size: Size) -> Image.Image:
    """The first picture as the screen will draw it: no step is seen when the video takes over from the base frame."""
    file.seek(0)
    with reading_video("the video made of it"), av.open(file, "r", format="mp4") as opened:
        decoder = software_decoder(opened.streams.video[0])
        frames = (
            frame for packet in opened.demux(video=0) for frame in decoder.decode(packet if packet.size else None)
        )
        first = next(frames, None)
        if first is None:
            raise OohError(Code.CREATIVE_CORRUPT, "no picture of it can be decoded")
        return Image.frombuffer("RGB", (size.w, size.h), ToBgrx(size)(first), "raw", "BGRX", 0, 1)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk
