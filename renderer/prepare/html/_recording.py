"""Frames as they come, kept as small as they allow: their changes while these are few, else a video."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import lz4.block
from PIL import Image, ImageChops

from config import Rect, Size
from renderer.prepare._facts import bgrx

if TYPE_CHECKING:
    from renderer.plate.encode import VideoEncoder

_MOST_CHANGES_BYTES = 24_000_000
"""Packed. Beyond it a video is a tenth of the size, and reads from a card without haste."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a frame changes, packed, in the spool. ``rect`` is within the creative."""

    at_ms: int
    rect: Rect
    offset: int
    length: int


class Recording:
    """The frames of one creative, in their order. Use it as a context manager: its files go with it."""

    def __init__(self, folder: Path, size: Size, fps: int) -> None:
        self.size = size
        self.changes: list[Change] = []
        self.blank = True
        """True while every frame was of one colour."""
        self.frames = 0
        """Frames that differ from the one before."""
        self.last_change_ms = 0
        self.video: Path | None = None
        """The MP4, once the changes were too many for anything else; whole after `finish`."""
        self.first: Image.Image | None = None
        self._fps = fps
        self._folder = folder
        self._shown: Image.Image | None = None
        self._spool_path = folder / "changes.spool"
        self._spool = self._spool_path.open("w+b")
        self._encoder: VideoEncoder | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()
        self._spool_path.unlink(missing_ok=True)
        if self._encoder is not None:
            with suppress(Exception):  # unfinished: it is thrown away
                self._encoder.__exit__(None, None, None)
        if self.video is not None:
            self.video.unlink(missing_ok=True)

    def add(self, image: Image.Image, at_ms: int) -> None:
        """The next frame, RGB, of this recording's size, as it stands from ``at_ms`` on."""
        if self._shown is None:
            self.first = image
        else:
            box = ImageChops.difference(self._shown, image).getbbox()
            if box is None:
                return
            self._keep(image, box, at_ms)
            self.last_change_ms = at_ms
        self._shown = image
        self.frames += 1
        self.blank = self.blank and _one_colour(image)

    def finish(self, end_ms: int) -> None:
        """The last frame stands until ``end_ms``."""
        if self._encoder is not None:
            self._encoder.finish(end_ms)

    def unpacked(self, change: Change) -> bytes:
        """Its pixels, BGRX."""
        self._spool.seek(change.offset)
        packed = self._spool.read(change.length)
        pixels: bytes = lz4.block.decompress(packed, uncompressed_size=change.rect.size.pixels * 4)
        return pixels

    def way_back(self) -> tuple[Rect, bytes]:
        """What leads from the last frame to the first; an empty rectangle when they are the same."""
        assert self.first is not None and self._shown is not None  # noqa: S101, PT018 - nobody asks without frames
        box = ImageChops.difference(self._shown, self.first).getbbox()
        if box is None:
            return Rect(0, 0, 0, 0), b""
        return _rect(box), bgrx(self.first.crop(box))

    def _keep(self, image: Image.Image, box: tuple[int, int, int, int], at_ms: int) -> None:
        if self._encoder is not None:
            self._encoder.add(bgrx(image), at_ms)
            return
        packed = lz4.block.compress(bgrx(image.crop(box)), store_size=False)
        offset = self._spool.seek(0, 2)
        self._spool.write(packed)
        self.changes.append(Change(at_ms, _rect(box), offset, len(packed)))
        if offset + len(packed) > _MOST_CHANGES_BYTES:
            self._become_video()

    def _become_video(self) -> None:
        from renderer.plate.encode import VideoEncoder  # noqa: PLC0415 - codecs are loaded for those that need them

        self.video = self._folder / "frames.mp4"
        self._encoder = VideoEncoder(self.video, self.size, self._fps)
        for at_ms, frame in self._replayed():
            self._encoder.add(frame, at_ms)
        self.changes.clear()
        self._spool.truncate(0)

    def _replayed(self) -> Iterator[tuple[int, bytes]]:
        assert self.first is not None  # noqa: S101
        canvas = self.first.copy()
        yield 0, bgrx(canvas)
        for change in self.changes:
            rect = change.rect
            piece = Image.frombytes("RGB", (rect.w, rect.h), self.unpacked(change), "raw", "BGRX")
            canvas.paste(piece, (rect.x, rect.y))
            yield change.at_ms, bgrx(canvas)


def _one_colour(image: Image.Image) -> bool:
    return all(low == high for low, high in (band.getextrema() for band in image.split()))


def _rect(box: tuple[int, int, int, int]) -> Rect:
    left, top, right, bottom = box
    return Rect(left, top, right - left, bottom - top)
