"""Reads the chunks of an animated PNG (PNG specification, third edition, 4.9 and 11.3.6), nothing unpacked yet."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from fractions import Fraction

from config import Rect, Size
from renderer.prepare._canvas import Disposal, Placing
from renderer.prepare._limits import Limits

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHUNK_OVERHEAD_BYTES = 12
_HEADER_BYTES = 13
_SHARED = frozenset((b"PLTE", b"tRNS", b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"))
_ACTL = struct.Struct(">II")
_FCTL = struct.Struct(">IIIIIHHBB")
_DISPOSALS = (Disposal.KEEP, Disposal.CLEAR, Disposal.RESTORE)
"""APNG_DISPOSE_OP_NONE, _BACKGROUND, _PREVIOUS (11.3.6.2). On the first picture the last is the second."""
_BLENDS = (False, True)
"""APNG_BLEND_OP_SOURCE, _OVER."""
_UNCLOSED = "the PNG ends without its closing chunk"
_DENOMINATOR_INSTEAD = 100
"""Of a delay whose denominator is 0 (11.3.6.2)."""


@dataclass(frozen=True, slots=True)
class ApngFrame:
    """One picture's place in the file and how it is laid on the canvas."""

    placing: Placing
    delay_ms: Fraction
    start: int
    """The first of its data chunks."""
    end: int
    """After the last of them."""


@dataclass(frozen=True, slots=True)
class Apng:
    """An animated PNG's canvas and its frames, nothing unpacked yet."""

    data: bytes
    canvas: Size
    depth_and_type: bytes
    """The rest of the header chunk: depth, colour type, compression, filter, interlacing."""
    header: bytes
    """The chunks that every picture shares: palette, transparency, colours, orientation."""
    frames: tuple[ApngFrame, ...]
    loops: int
    note: str | None


def read_apng(data: bytes, limits: Limits) -> Apng | None:
    """Walk every chunk; damage ends the animation there, with a note.

    None: no animation, or none of its frames is whole. Raises ``OohError(CREATIVE_TOO_LARGE)``.
    """
    return _Walk(data, limits).apng()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Length, type, data, CRC (5.3)."""

    kind: bytes
    body: int
    end: int

    def whole(self, data: bytes) -> bool:
        """Whether its checksum is right."""
        view = memoryview(data)
        return zlib.crc32(view[self.body - 4 : self.end - 4]) == int.from_bytes(view[self.end - 4 : self.end])


def chunk_at(data: bytes, at: int) -> Chunk | None:
    """The chunk at ``at``; None when the file ends before it does."""
    end = at + _CHUNK_OVERHEAD_BYTES + int.from_bytes(data[at : at + 4])
    if at + _CHUNK_OVERHEAD_BYTES > len(data) or end > len(data):
        return None
    return Chunk(data[at + 4 : at + 8], at + 8, end)


class _DamageError(Exception):
    """The animation's chunks contradict each other from here on."""


class _Walk:
    """Reads the chunks one after another."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._canvas = Size(0, 0)
        self._listed: int | None = None
        self._plays = 0
        self._header: list[bytes] = []
        self._frames: list[ApngFrame] = []
        self._control: tuple[Placing, Fraction] | None = None
        self._start: int | None = None
        self._pixels_seen = False
        self._sequence = 0

    def apng(self) -> Apng | None:
        at, note = len(SIGNATURE), _UNCLOSED
        try:
            while (chunk := chunk_at(self._data, at)) is not None:
                if chunk.kind == b"IEND":
                    note = ""
                    break
                if self._pixels_seen and self._listed is None:
                    return None
                self._read(chunk, at)
                at = chunk.end
        except _DamageError as damage:
            note = f"its animation is damaged ({damage}): what comes before is shown"
            self._control = None
        self._close(at)
        if self._listed is None or not self._frames:
            return None
        missing = self._listed - len(self._frames)
        if missing > 0 and note in ("", _UNCLOSED):
            note = f"{'it' if not note else 'the PNG is cut: it'} has {len(self._frames)} of its {self._listed} frames"
        kind = self._data[24:29]
        return Apng(
            self._data, self._canvas, kind, b"".join(self._header), tuple(self._frames), self._plays, note or None
        )

    def _read(self, chunk: Chunk, at: int) -> None:
        body = self._data[chunk.body : chunk.end - 4]
        if chunk.kind == b"IHDR" and not self._canvas.pixels and len(body) == _HEADER_BYTES:
            self._canvas = Size(int.from_bytes(body[:4]), int.from_bytes(body[4:8]))
        elif chunk.kind == b"acTL" and not self._pixels_seen and self._listed is None and len(body) == _ACTL.size:
            listed, self._plays = _ACTL.unpack(body)
            self._limits.check_frames(listed)
            self._listed = listed or None
        elif chunk.kind == b"fcTL":
            self._close(at)
            self._control = self._controls(chunk, body)
        elif chunk.kind == b"IDAT":
            self._pixels_seen = True
            self._begin(at)
        elif chunk.kind == b"fdAT":
            self._count(body)
            self._begin(at)
        else:
            self._close(at)
            if (chunk.kind in _SHARED and not self._pixels_seen) or chunk.kind == b"eXIf":
                self._header.append(self._data[at : chunk.end])

    def _begin(self, at: int) -> None:
        """A data chunk: the first of a picture, one more, or (without a control) the hidden default image's."""
        if self._control is not None and self._start is None:
            if not self._frames and self._data[at + 4 : at + 8] == b"IDAT":
                rect = self._control[0].rect
                if rect != Rect(0, 0, self._canvas.w, self._canvas.h):
                    message = "its first picture does not fill it"
                    raise _DamageError(message)
            self._start = at

    def _close(self, at: int) -> None:
        """The picture that was being read, if any, ends here."""
        if self._control is None or self._start is None:
            return
        if self._listed is not None and len(self._frames) < self._listed:
            self._frames.append(ApngFrame(*self._control, self._start, at))
        self._control = self._start = None

    def _controls(self, chunk: Chunk, body: bytes) -> tuple[Placing, Fraction]:
        if len(body) != _FCTL.size or not chunk.whole(self._data):
            message = "a frame control cannot be read"
            raise _DamageError(message)
        self._count(body)
        _, w, h, x, y, numerator, denominator, disposal, blend = _FCTL.unpack(body)
        rect = Rect(x, y, w, h)
        if not w or not h or not rect.inside(Rect(0, 0, self._canvas.w, self._canvas.h)):
            message = "a picture lies over its edge"
            raise _DamageError(message)
        if disposal >= len(_DISPOSALS) or blend >= len(_BLENDS):
            message = "a disposal or a blending that does not exist"
            raise _DamageError(message)
        delay = Fraction(1000 * numerator, denominator or _DENOMINATOR_INSTEAD)
        return Placing(rect, _DISPOSALS[disposal], _BLENDS[blend]), delay

    def _count(self, body: bytes) -> None:
        """Sequence numbers begin at 0 and have no gaps (4.9.2)."""
        if int.from_bytes(body[:4]) != self._sequence or len(body) < 4:
            message = "its pictures are out of order"
            raise _DamageError(message)
        self._sequence += 1
