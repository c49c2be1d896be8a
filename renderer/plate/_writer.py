"""Writes a plate file: the base frame first, then each change as it comes, the index last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import lz4.block
import msgspec

from config import Rect, Size
from renderer.plate._shapes import (
    BYTES_PER_PIXEL,
    MAGIC,
    PAGE_BYTES,
    PREAMBLE,
    VERSION,
    PlateFields,
    PlateFrame,
    PlateIndex,
    PlateNative,
    PlateSpan,
)


class PlateWriter:
    """One plate file being written; the same calls give the same bytes. Not durable until the store syncs it.

    ``write_base`` (again: all is begun anew), ``write_change`` for every frame of an animation (in any order, frame 0's
    last: it leads from the last frame back to the first) or ``write_video`` once, then ``finish``. Raises ``OSError``
    as the disk does.
    """

    def __init__(self, path: Path, screen_size: Size) -> None:
        self._screen = screen_size
        self._frames: dict[int, PlateFrame] = {}
        self._video: PlateSpan | None = None
        self._native: PlateNative | None = None
        self.change_bytes = 0
        """What the changes take so far."""
        self._file = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write_base(self, pieces: Iterable[bytes]) -> None:
        """The whole screen at 0 s, in as many pieces as suits: BGRX, rows from the top, no padding."""
        self._frames.clear()
        self._native, self.change_bytes = None, 0
        self._file.seek(PAGE_BYTES)
        _check_length(sum(map(self._file.write, pieces)), self._screen)
        self._file.truncate()

    def write_native(self, size: Size, bgrx: bytes) -> None:
        """Keep the animation at its creative's own size: this is frame 0; `write_change` then takes its rectangles."""
        _check_length(len(bgrx), size)
        packed = lz4.block.compress(bgrx, store_size=False)
        self._native = PlateNative(size, self._file.tell(), len(packed))
        self._file.write(packed)

    def write_change(self, index: int, rect: Rect, delay_ms: int, bgrx: bytes) -> None:
        """What frame ``index`` changes against the frame before it (frame 0: against the last one).

        ``rect`` is on the screen, or in the creative after ``write_native``; an empty one with no bytes when nothing
        changes.
        """
        _check_length(len(bgrx), rect.size)
        packed = lz4.block.compress(bgrx, store_size=False) if bgrx else b""
        self._frames[index] = PlateFrame(self._file.tell(), len(packed), rect, delay_ms)
        self._file.write(packed)
        self.change_bytes += len(packed)

    def write_video(self, chunks: Iterable[bytes]) -> None:
        """The bytes of the MP4, in as many pieces as suits, from the next page on."""
        start = -(-self._file.tell() // PAGE_BYTES) * PAGE_BYTES
        self._file.seek(start)
        self._video = PlateSpan(start, sum(map(self._file.write, chunks)))

    def finish(self, fields: PlateFields) -> None:
        """Write the index and the preamble, and close the file.

        Only what the kind has is listed: a still keeps no frames and no video, whatever was written.
        """
        kept = sorted(self._frames) if fields.kind == "animation" else ()
        frames = tuple(self._frames[i] for i in kept)
        video = self._video if fields.kind == "video" else None
        native = self._native if fields.kind == "animation" else None
        index = msgspec.json.encode(PlateIndex(fields, frames, video, native), order="deterministic")
        offset = self._file.tell()
        self._file.write(index)
        length = self._screen.pixels * BYTES_PER_PIXEL
        digest = hashlib.sha256(index).digest()
        self._file.seek(0)
        self._file.write(PREAMBLE.pack(MAGIC, VERSION, 0, PAGE_BYTES, length, offset, len(index), digest))
        self._file.close()


def _check_length(length_bytes: int, size: Size) -> None:
    if length_bytes != size.pixels * BYTES_PER_PIXEL:
        message = f"{length_bytes} bytes are not {size} BGRX pixels"
        raise ValueError(message)
