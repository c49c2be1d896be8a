"""Animated GIFs, frame by frame: Pillow unpacks each picture, this module puts them together (GIF89a).

Pillow's own compositing carries one frame's disposal over to the next that has none, and paints what lies
under a first frame that is smaller than the screen. Here every frame is laid by the standard, and what a
disposal clears is transparent as in browsers; only a GIF that knows no transparency at all is cleared to its
background colour (GIF89a 18 and 23).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from config import Code, OohError, Rect, Size
from renderer.prepare._limits import Limits

_IMAGE, _EXTENSION, _TRAILER, _GRAPHIC_CONTROL = 0x2C, 0x21, 0x3B, 0xF9
_CLEAR = 2
_RESTORE = (3, 4)
"""Some encoders write 4 where the standard says 3; browsers take it so."""
_BLACK_AND_WHITE = b"\0\0\0\xff\xff\xff"


@dataclass(frozen=True, slots=True)
class GifFrame:
    """One picture's place in the file and how it is laid on the canvas."""

    rect: Rect
    palette: bytes
    interlaced: bool
    transparent: int | None
    disposal: int
    delay_ms: int
    start: int
    """The LZW code size byte."""
    end: int
    """After the empty block that closes the picture's data."""


@dataclass(frozen=True, slots=True)
class Gif:
    """A GIF's canvas and its frames, nothing unpacked yet."""

    data: bytes
    canvas: Size
    background: tuple[int, int, int, int]
    frames: tuple[GifFrame, ...]
    whole: bool
    """False when the closing byte is missing."""


@dataclass(frozen=True, slots=True)
class _Control:
    """A graphic control extension: it counts for the next picture only (GIF89a 23)."""

    transparent: int | None = None
    disposal: int = 0
    delay_ms: int = 0


def read_gif(data: bytes, limits: Limits) -> Gif:
    """Walk every block, as far as ``limits`` let it.

    Raises ``OohError``: CREATIVE_TOO_LARGE, CREATIVE_TRUNCATED within a block, CREATIVE_CORRUPT without a picture.
    """
    try:
        return _Walk(data, limits).gif()
    except IndexError as error:
        raise OohError(Code.CREATIVE_TRUNCATED, f"a GIF of {len(data)} bytes ends within a block") from error


def compose_frames(gif: Gif) -> Iterator[Image.Image]:
    """What a viewer sees at each frame: RGBA, canvas size. One image, changed in place: copy what you keep."""
    canvas = Image.new("RGBA", (gif.canvas.w, gif.canvas.h), gif.background)
    for frame in gif.frames:
        x, y, w, h = frame.rect.x, frame.rect.y, frame.rect.w, frame.rect.h
        box = (x, y, min(x + w, gif.canvas.w), min(y + h, gif.canvas.h))
        visible = box[0] < box[2] and box[1] < box[3]
        before = canvas.crop(box) if visible and frame.disposal in _RESTORE else None
        if visible:
            indexed = _unpack(gif.data, frame)
            mask = None
            if frame.transparent is not None:
                mask = indexed.point([0 if i == frame.transparent else 255 for i in range(256)], "L")
            canvas.paste(indexed.convert("RGBA"), (x, y), mask)
        yield canvas
        if visible and frame.disposal == _CLEAR:
            canvas.paste(gif.background, box)
        elif before is not None:
            canvas.paste(before, box)


def _unpack(data: bytes, frame: GifFrame) -> Image.Image:
    """One picture's colour indices: a GIF of only this picture, read by Pillow."""
    bits = (len(frame.palette) // 3).bit_length() - 1
    w, h = frame.rect.w.to_bytes(2, "little"), frame.rect.h.to_bytes(2, "little")
    alone = b"".join(
        (
            b"GIF89a", w, h, bytes((0x80 | (bits - 1), 0, 0)), frame.palette,
            b",\0\0\0\0", w, h, bytes((0x40 if frame.interlaced else 0,)), data[frame.start : frame.end], b";",
        )
    )  # fmt: skip
    image = Image.open(io.BytesIO(alone), formats=["GIF"])
    image.load()
    return image


class _Walk:
    """Reads the blocks one after another; ``IndexError`` where the file ends too soon."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._at = 6

    def gif(self) -> Gif:
        w, h, flags, background, _ = self._u16(), self._u16(), self._u8(), self._u8(), self._u8()
        colours = self._palette(flags)
        control: _Control | None = None
        frames, whole = list[GifFrame](), False
        while self._at < len(self._data) and not whole:
            block = self._u8()
            if block == _IMAGE:
                frames.append(self._frame(colours or _BLACK_AND_WHITE, control or _Control()))
                self._limits.check_frames(len(frames))
                control = None
            elif block == _EXTENSION:
                control = self._extension(control)
            elif block == _TRAILER:
                whole = True
            elif block != 0:  # stray zeros between blocks are common and harmless
                break
        if control is not None and not whole:
            raise IndexError  # it announced a picture and ended
        if not frames:
            raise OohError(Code.CREATIVE_CORRUPT, "a GIF without a picture")
        first = frames[0].rect
        clear = (0, 0, 0, 0)
        if colours and 3 * background < len(colours) and all(f.transparent is None for f in frames):
            r, g, b = colours[3 * background : 3 * background + 3]
            clear = (r, g, b, 255)
        return Gif(self._data, Size(max(w, first.right), max(h, first.bottom)), clear, tuple(frames), whole)

    def _frame(self, colours: bytes, control: _Control) -> GifFrame:
        rect = Rect(self._u16(), self._u16(), self._u16(), self._u16())
        self._limits.check_pixels(rect.size)
        flags = self._u8()
        palette = self._palette(flags) or colours
        start = self._at
        self._u8()
        self._skip_blocks()
        return GifFrame(
            rect=rect,
            palette=palette,
            interlaced=bool(flags & 0x40),
            transparent=control.transparent,
            disposal=control.disposal,
            delay_ms=control.delay_ms,
            start=start,
            end=self._at,
        )

    def _extension(self, control: _Control | None) -> _Control | None:
        label = self._u8()
        start = self._at
        self._skip_blocks()
        if label == _GRAPHIC_CONTROL and self._data[start] >= 4:
            flags, low, high, index = self._data[start + 1 : start + 5]
            control = _Control(index if flags & 1 else None, flags >> 2 & 7, (low | high << 8) * 10)
        return control

    def _palette(self, flags: int) -> bytes:
        return self._take(3 << (flags & 7) + 1) if flags & 0x80 else b""

    def _skip_blocks(self) -> None:
        while length := self._u8():
            self._take(length)

    def _u8(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _u16(self) -> int:
        low = self._u8()
        return low | self._u8() << 8

    def _take(self, length: int) -> bytes:
        if self._at + length > len(self._data):
            raise IndexError
        self._at += length
        return self._data[self._at - length : self._at]
