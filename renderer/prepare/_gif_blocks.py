"""Reads the blocks of a GIF (GIF87a, GIF89a), nothing unpacked yet.

Where the standard is silent or nobody follows it, it is done as in browsers: each such rule was tried in
Chromium 156 and stands as a row in ``tests/renderer/prepare/test_gif.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from config import Code, OohError, Rect, Size
from renderer.prepare._canvas import Disposal, Placing
from renderer.prepare._limits import Limits

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_GRAPHIC_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS_BY = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_LOOPS_LENGTH, _LOOPS_ID = 3, 1
_HEADER_BYTES = 6
_DISPOSALS = {2: Disposal.CLEAR, 3: Disposal.RESTORE, 4: Disposal.RESTORE}
"""GIF89a 23 c iv. Some encoders write 4 where the standard says 3, and browsers take it so; 0, 1, 5, 6 and 7 keep."""
_MS_PER_UNIT = 10


@dataclass(frozen=True, slots=True)
class GifFrame:
    """One picture's place in the file and how it is laid on the canvas."""

    placing: Placing
    palette: memoryview
    """RGB triples; may be shorter than the indices reach, or empty."""
    interlaced: bool
    transparent: int | None
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
    frames: tuple[GifFrame, ...]
    loops: int
    """How often it runs; 0: for ever."""
    note: str | None
    """What is wrong with its end, if anything is."""


@dataclass(frozen=True, slots=True)
class _Control:
    """A graphic control extension: it counts for the next picture only (GIF89a 23)."""

    transparent: int | None = None
    disposal: Disposal = Disposal.KEEP
    delay_ms: int = 0


class _EndsEarlyError(Exception):
    """The file ends within a block."""


def read_gif(data: bytes, limits: Limits) -> Gif:
    """Walk every block, as far as ``limits`` let it; what comes after damage or a cut is left out, with a note.

    Raises ``OohError``: CREATIVE_TOO_LARGE; CREATIVE_TRUNCATED or CREATIVE_CORRUPT without one whole picture.
    """
    return _Walk(data, limits).gif()


class _Walk:
    """Reads the blocks one after another (GIF89a, appendix B)."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._view = memoryview(data)
        self._limits = limits
        self._at = _HEADER_BYTES
        self._control: _Control | None = None
        self._frames: list[GifFrame] = []
        self._loops = 1
        """Absent: once, as in all browsers."""

    def gif(self) -> Gif:
        try:
            screen = Size(self._u16(), self._u16())
            colours = self._palette(self._take(3)[0])
            note = self._blocks(colours)
        except _EndsEarlyError as error:
            if not self._frames:
                raise OohError(Code.CREATIVE_TRUNCATED, f"a GIF of {len(self._data)} bytes ends early") from error
            note = f"the GIF is cut: its {len(self._frames)} whole pictures are shown"
        if not self._frames:
            raise OohError(Code.CREATIVE_CORRUPT, "a GIF without a picture")
        return Gif(self._data, self._canvas(screen), tuple(self._frames), self._loops, note)

    def _blocks(self, colours: memoryview) -> str | None:
        """Every block up to the closing byte; returns what is wrong with the end."""
        while self._at < len(self._data) or self._control is not None:
            block = self._u8()
            if block == _TRAILER:
                return None
            if block == _IMAGE:
                self._frames.append(self._frame(colours))
                self._limits.check_frames(len(self._frames))
            elif block == _EXTENSION:
                self._extension()
            elif block != 0:  # stray zeros between blocks are common and harmless
                return f"what follows its picture {len(self._frames)} is no GIF and is left out"
        return "the GIF ends without its closing byte"

    def _canvas(self, screen: Size) -> Size:
        """The logical screen, grown to hold the first picture, as in browsers; later ones are cut at its edge."""
        first = self._frames[0].placing.rect
        return Size(max(screen.w, first.right), max(screen.h, first.bottom))

    def _frame(self, colours: memoryview) -> GifFrame:
        control, self._control = self._control or _Control(), None
        rect = Rect(self._u16(), self._u16(), self._u16(), self._u16())
        self._limits.check_pixels(rect.size)
        flags = self._u8()
        palette = self._palette(flags) if flags & 0x80 else colours
        start = self._at
        self._u8()
        self._skip_blocks()
        return GifFrame(
            placing=Placing(rect, control.disposal, over=True),
            palette=palette,
            interlaced=bool(flags & 0x40),
            transparent=control.transparent,
            delay_ms=control.delay_ms,
            start=start,
            end=self._at,
        )

    def _extension(self) -> None:
        """GIF89a 23 to 26. A plain text block is not drawn, and its control then counts for the next picture."""
        label = self._u8()
        start = self._at
        self._skip_blocks()
        if label == _GRAPHIC_CONTROL and self._data[start] >= 4:
            flags, low, high, index = self._data[start + 1 : start + 5]
            disposal = _DISPOSALS.get(flags >> 2 & 7, Disposal.KEEP)
            self._control = _Control(index if flags & 1 else None, disposal, (low | high << 8) * _MS_PER_UNIT)
        elif label == _APPLICATION and self._data[start + 1 : start + 12] in _LOOPS_BY:
            self._read_loops(start + 12)

    def _read_loops(self, at: int) -> None:
        """``03 01 n n``, at once after the name; the last such block counts. n is how often it is *repeated*."""
        if self._data[at : at + 2] == bytes((_LOOPS_LENGTH, _LOOPS_ID)):
            repeats = int.from_bytes(self._data[at + 2 : at + 4], "little")
            self._loops = repeats + 1 if repeats else 0

    def _palette(self, flags: int) -> memoryview:
        return self._take(3 << (flags & 7) + 1 if flags & 0x80 else 0)

    def _skip_blocks(self) -> None:
        while length := self._u8():
            self._take(length)

    def _u8(self) -> int:
        return self._take(1)[0]

    def _u16(self) -> int:
        return int.from_bytes(self._take(2), "little")

    def _take(self, length: int) -> memoryview:
        if self._at + length > len(self._data):
            raise _EndsEarlyError
        self._at += length
        return self._view[self._at - length : self._at]
