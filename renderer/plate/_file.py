"""Reads a plate file: mapped into memory, and believed only where it adds up."""

from __future__ import annotations

import contextlib
import hashlib
import mmap
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import lz4.block
import msgspec

from config import Code, OohError, Rect
from renderer.plate._shapes import BYTES_PER_PIXEL, MAGIC, PREAMBLE, VERSION, PlateFields, PlateIndex
from renderer.plate._span import SpanReader

if TYPE_CHECKING:
    from renderer.plate._native import NativeCanvas

_MOST_INDEX_BYTES = 64_000_000
_INDEX = msgspec.json.Decoder(PlateIndex)


class PlateFile:
    """An open plate. ``open`` checks that every rectangle and every offset is where it may be.

    What the pixels are is vouched for by the store's hash; what is checked here keeps a damaged file from
    reading past its end or painting past the screen's.
    """

    def __init__(self, path: Path, mapped: mmap.mmap, index: PlateIndex, base_offset: int) -> None:
        self._path = path
        self._mapped = mapped
        self._frames = index.frames
        self._video = index.video
        self._native = index.native
        self._canvas: NativeCanvas | None = None
        self.plate_fields: PlateFields = index.fields
        """All of ``cache.Plate`` but the key, the plate's own hash and its size in bytes."""
        length = index.fields.screen_size.pixels * BYTES_PER_PIXEL
        self.base: memoryview = memoryview(mapped)[base_offset : base_offset + length]
        """The whole screen at 0 s: BGRX, ``plate_fields.screen_size``, rows from the top, no padding."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map the file. Raises ``OohError(PLATE_CORRUPT)`` when it is missing or not a whole plate."""
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise _corrupt(path, f"it cannot be opened: {error}") from error
        try:
            index, base_offset = _read_index(path, mapped)
        except OohError:
            mapped.close()
            raise
        return cls(path, mapped, index, base_offset)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def delays_ms(self) -> tuple[int, ...]:
        """How long each frame of an animation stands; empty for a still or a video."""
        return tuple(f.delay_ms for f in self._frames)

    def frame(self, index: int) -> tuple[Rect, bytes]:
        """What frame ``index`` changes: its rectangle on the screen and the new BGRX pixels, no padding.

        Frame 0's change leads from the last frame to the first. An empty rectangle: nothing changes. Of an animation
        kept at its creative's own size, it is the whole creative, enlarged, and frames may be left out: see `needed`.
        Raises ``OohError(PLATE_CORRUPT)`` when the pixels cannot be unpacked.
        """
        if self._native is None:
            return self._change(index)
        canvas = self._opened_canvas()
        if not self._bring_to(canvas, index):
            return Rect(0, 0, 0, 0), b""
        return self.plate_fields.creative_rect, canvas.picture()

    def needed(self, frames: Sequence[int]) -> Sequence[int]:
        """Of frames that are due at once, those to ask `frame` for: all, or the last when each is the whole creative.

        So a machine that is too slow to enlarge every frame drops frames, and does not fall further behind.
        """
        return frames if self._native is None else frames[-1:]

    def warm(self) -> None:
        """Load what ``frame`` will need, so that the first frame is not late. Raises ``OohError(PLATE_CORRUPT)``."""
        if self._native is not None:
            self._opened_canvas()

    def _bring_to(self, canvas: NativeCanvas, index: int) -> bool:
        """Paint every change up to frame ``index``, round the end if need be; returns whether there were any."""
        painted = False
        while canvas.frame != index:
            step = (canvas.frame + 1) % len(self._frames)
            rect, pixels = self._change(step)
            canvas.paint(step, rect, pixels)
            painted = painted or bool(pixels)
        return painted

    def _opened_canvas(self) -> NativeCanvas:
        if self._canvas is None:
            from renderer.plate._native import NativeCanvas  # noqa: PLC0415 - PyAV, only where it is needed

            assert self._native is not None  # noqa: S101
            size = self._native.size
            opening = self._unpacked(self._native.offset, self._native.length, size.pixels, "frame 0")
            self._canvas = NativeCanvas(size, opening, self.plate_fields.creative_rect.size)
        return self._canvas

    def _change(self, index: int) -> tuple[Rect, bytes]:
        place = self._frames[index]
        if place.length == 0:
            return place.rect, b""
        return place.rect, self._unpacked(place.offset, place.length, place.rect.size.pixels, f"frame {index}")

    def _unpacked(self, offset: int, length: int, pixel_count: int, what: str) -> bytes:
        size = pixel_count * BYTES_PER_PIXEL
        packed = memoryview(self._mapped)[offset : offset + length]
        try:
            pixels: bytes = lz4.block.decompress(packed, uncompressed_size=size)
        except lz4.block.LZ4BlockError as error:
            raise _corrupt(self._path, f"{what}: {error}") from error
        finally:
            packed.release()
        if len(pixels) != size:
            raise _corrupt(self._path, f"{what} has {len(pixels)} bytes, not {size}")
        return pixels

    def video(self) -> SpanReader:
        """The video's MP4 as a seekable file of its own. It outlives this object; close both.

        Raises ``ValueError`` when the plate is no video.
        """
        if self._video is None:
            message = f"a plate of kind {self.plate_fields.kind} has no video"
            raise ValueError(message)
        return SpanReader(memoryview(self._mapped)[self._video.offset : self._video.offset + self._video.length])

    def close(self) -> None:
        """Let go of the file. A surface that still looks at ``base`` keeps the map until it goes."""
        with contextlib.suppress(BufferError):  # the map is then freed with its last view, by reference count
            self.base.release()
            self._mapped.close()


def _read_index(path: Path, mapped: mmap.mmap) -> tuple[PlateIndex, int]:
    if len(mapped) < PREAMBLE.size:
        raise _corrupt(path, "it ends within its preamble")
    magic, version, _, base_offset, base_length, offset, length, digest = PREAMBLE.unpack_from(mapped)
    if magic != MAGIC or version != VERSION:
        raise _corrupt(path, f"it begins with {magic!r} version {version}")
    if length > _MOST_INDEX_BYTES or offset + length > len(mapped):
        raise _corrupt(path, "it ends before its index does")
    raw = mapped[offset : offset + length]
    if hashlib.sha256(raw).digest() != digest:
        raise _corrupt(path, "its index is not what was written")
    try:
        index = _INDEX.decode(raw)
    except msgspec.DecodeError as error:
        raise _corrupt(path, f"its index cannot be read: {error}") from error
    _check(path, index, base_offset, base_length, offset)
    return index, int(base_offset)


def _check(path: Path, index: PlateIndex, base_offset: int, base_length: int, end: int) -> None:
    """Every rectangle on the screen, every byte range between the preamble and the index."""
    fields, screen = index.fields, index.fields.screen_size
    whole = Rect(0, 0, screen.w, screen.h)
    base_fits = base_length == screen.pixels * BYTES_PER_PIXEL and base_offset + base_length <= end
    if min(screen.w, screen.h) < 1 or base_offset < PREAMBLE.size or not base_fits:
        raise _corrupt(path, "its base frame is not one screen")
    rects = [fields.creative_rect, *(r for _, r in fields.panel_rects)]
    rects += [area.rect for area in fields.areas]
    if fields.panel_area is not None:
        rects.append(fields.panel_area)
    if any(min(r.w, r.h) < 0 or not r.inside(whole) for r in rects):
        raise _corrupt(path, "a rectangle lies off the screen")
    if (fields.kind == "animation") != (len(index.frames) > 1) or (index.frames and len(index.frames) != fields.frames):
        raise _corrupt(path, f"{fields.kind} of {fields.frames} frames lists {len(index.frames)}")
    if min(fields.frames, fields.loops + 1, fields.duration_ms + 1) < 1:
        raise _corrupt(path, "its frames, loops or duration are below what can be")
    start = base_offset + base_length
    _check_video(path, index, start, end)
    canvas = whole if index.native is None else _native_canvas(path, index, start, end)
    for frame in index.frames:
        if frame.delay_ms < 1 or frame.length < 0 or frame.offset < start or frame.offset + frame.length > end:
            raise _corrupt(path, "a frame lies outside the file")
        if min(frame.rect.w, frame.rect.h) < 0 or not frame.rect.inside(canvas):
            raise _corrupt(path, "a frame's rectangle lies off the screen")
        if (frame.length == 0) != (frame.rect.size.pixels == 0):
            raise _corrupt(path, "a frame's length and its rectangle disagree")


def _native_canvas(path: Path, index: PlateIndex, start: int, end: int) -> Rect:
    """The creative's own rectangle, when the plate keeps it at that size: never larger than its place."""
    native, place = index.native, index.fields.creative_rect
    assert native is not None  # noqa: S101
    if index.fields.kind != "animation" or not 0 < native.size.pixels <= place.size.pixels or native.size.w < 1:
        raise _corrupt(path, f"it keeps {native.size} for {place.size}")
    if native.length < 1 or native.offset < start or native.offset + native.length > end:
        raise _corrupt(path, "its frame 0 lies outside the file")
    return Rect(0, 0, native.size.w, native.size.h)


def _check_video(path: Path, index: PlateIndex, start: int, end: int) -> None:
    """A video, and nothing else, has one, between the base frame and the index, and lasts."""
    fields, video = index.fields, index.video
    if (fields.kind == "video") != (video is not None):
        raise _corrupt(path, f"{fields.kind} {'with' if video else 'without'} a video")
    if video is None:
        return
    if video.length < 1 or video.offset < start or video.offset + video.length > end:
        raise _corrupt(path, "its video lies outside the file")
    if fields.duration_ms < 1 or fields.creative_rect.size.pixels < 1:
        raise _corrupt(path, "its video has no duration or no place")


def _corrupt(path: Path, why: str) -> OohError:
    return OohError(Code.PLATE_CORRUPT, f"{path.name}: {why}")
