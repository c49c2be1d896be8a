"""Writes PNGs by the standard, chunk by chunk: every colour type, depth and interlace, and faults on demand."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column, first row, step right, step down of each pass (PNG 3rd edition 8.1)."""

Sample = Callable[[int, int], Sequence[int]]


def chunk(kind: bytes, data: bytes = b"", *, wrong_crc: bool = False) -> bytes:
    """Length, type, data, CRC (5.3)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) ^ wrong_crc)


def header(w: int, h: int, depth: int, colour_type: int, *, interlace: int = 0) -> bytes:
    """IHDR (11.2.1)."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour_type, 0, 0, interlace))


def png(
    size: tuple[int, int],
    depth: int,
    colour_type: int,
    sample: Sample,
    *,
    interlace: bool = False,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """``sample(x, y)`` gives the samples of one pixel; ``before`` and ``after`` stand around its image data."""
    w, h = size
    passes = ADAM7 if interlace else ((0, 0, 1, 1),)
    raw = b""
    for x0, y0, dx, dy in passes:
        if x0 >= w:
            continue
        for y in range(y0, h, dy):
            raw += b"\0" + _row([value for x in range(x0, w, dx) for value in sample(x, y)], depth)
    data = zlib.compress(raw)
    half = len(data) // 2
    return b"".join(
        (
            SIGNATURE,
            header(w, h, depth, colour_type, interlace=int(interlace)),
            before,
            chunk(b"IDAT", data[:half]),
            chunk(b"IDAT", data[half:]),
            after,
            chunk(b"IEND"),
        )
    )


def flat(*samples: int) -> Sample:
    """Every pixel the same."""
    return lambda _x, _y: samples


def _row(values: list[int], depth: int) -> bytes:
    """Samples packed from the left, most significant bit first (7.2)."""
    if depth == 16:
        return struct.pack(f">{len(values)}H", *values)
    per_byte = 8 // depth
    values = values + [0] * (-len(values) % per_byte)
    return bytes(
        sum(value << (8 - depth * (place + 1)) for place, value in enumerate(values[at : at + per_byte]))
        for at in range(0, len(values), per_byte)
    )
