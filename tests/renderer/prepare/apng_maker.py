"""Writes animated PNGs chunk by chunk, so that tests say exactly what is in them (PNG third edition, 11.3.6)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

Pixel = tuple[int, ...]

RED, GREEN, BLUE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)
CLEAR, HALF_WHITE = (0, 0, 0, 0), (255, 255, 255, 128)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
KEEP, BACKGROUND, PREVIOUS = range(3)
SOURCE, OVER = range(2)


@dataclass(frozen=True)
class Part:
    """A one-coloured picture at ``x``, ``y``, RGBA unless the file is of another type."""

    x: int
    y: int
    w: int
    h: int
    colour: Pixel = RED
    dispose: int = KEEP
    blend: int = SOURCE
    numerator: int = 1
    denominator: int = 10
    interlaced: bool = False
    """As the file's header says: Adam7 (8.1)."""


def make_apng(
    parts: list[Part],
    *,
    size: tuple[int, int] = (8, 8),
    plays: int = 0,
    hidden: Pixel | None = None,
    listed: int | None = None,
    header: bytes = b"\x08\x06\0\0\0",
    shared: bytes = b"",
) -> bytes:
    """The file's bytes. ``hidden``: a default image of that colour, outside the animation."""
    return b"".join((SIGNATURE, head(size, header), shared, *chunks_of(parts, size, plays, hidden, listed), END))


def chunks_of(
    parts: list[Part],
    size: tuple[int, int] = (8, 8),
    plays: int = 0,
    hidden: Pixel | None = None,
    listed: int | None = None,
) -> list[bytes]:
    """``acTL``, then ``fcTL`` and data of each part: what a test may put out of order."""
    chunks = [chunk(b"acTL", struct.pack(">II", len(parts) if listed is None else listed, plays))]
    if hidden is not None:
        chunks.append(chunk(b"IDAT", pixels(Part(0, 0, *size, hidden))))
    sequence = 0
    for part in parts:
        chunks.append(control(part, sequence))
        sequence += 1
        if len(chunks) == 2:
            chunks.append(chunk(b"IDAT", pixels(part)))
        else:
            chunks.append(data(part, sequence))
            sequence += 1
    return chunks


def control(part: Part, sequence: int) -> bytes:
    """``fcTL``."""
    place = struct.pack(">IIIII", sequence, part.w, part.h, part.x, part.y)
    return chunk(b"fcTL", place + struct.pack(">HHBB", part.numerator, part.denominator, part.dispose, part.blend))


def data(part: Part, sequence: int) -> bytes:
    """``fdAT``."""
    return chunk(b"fdAT", struct.pack(">I", sequence) + pixels(part))


def pixels(part: Part) -> bytes:
    """Rows without a filter, deflated."""
    rows = b""
    for x, y, step_x, step_y in PASSES if part.interlaced else ((0, 0, 1, 1),):
        across, down = len(range(x, part.w, step_x)), len(range(y, part.h, step_y))
        rows += (b"\0" + bytes(part.colour) * across) * down if across else b""
    return zlib.compress(rows)


def head(size: tuple[int, int] = (8, 8), header: bytes = b"\x08\x06\0\0\0") -> bytes:
    """``IHDR``; ``header``: depth, colour type, compression, filter, interlacing."""
    return chunk(b"IHDR", struct.pack(">II", *size) + header)


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


END = chunk(b"IEND", b"")
