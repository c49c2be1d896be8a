"""Which characters a font file can draw: its ``cmap`` table (OpenType 1.9, ``cmap``), read without loading the font."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

_MOST_BYTES = 4_000_000
"""A larger table is no real one."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Code points as ranges: ``starts[i]`` to ``ends[i]``, both included, ascending."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, char: str) -> bool:
        at = bisect_right(self.starts, ord(char)) - 1
        return at >= 0 and ord(char) <= self.ends[at]


NOTHING = Coverage((), ())


@lru_cache(maxsize=64)
def coverage(path: Path, index: int = 0) -> Coverage:
    """What the font in ``path`` (face ``index`` of a collection) draws; nothing when it cannot be read."""
    try:
        with path.open("rb") as file:
            return _merged(_ranges(_cmap(file, index)))
    except (OSError, struct.error, ValueError):
        return NOTHING


def _cmap(file: BinaryIO, index: int) -> bytes:
    """The bytes of the table. Raises ValueError when the file has none."""
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (tables,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    for _ in range(tables):
        tag, _, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return file.read(min(length, _MOST_BYTES))
    raise ValueError("no cmap")


def _ranges(table: bytes) -> list[tuple[int, int]]:
    """The ranges of the richest Unicode subtable: format 12 before format 4."""
    (count,) = struct.unpack_from(">H", table, 2)
    found: dict[int, int] = {}
    for place in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * place)
        (form,) = struct.unpack_from(">H", table, offset)
        if (platform == 0 or (platform == 3 and encoding in {1, 10})) and form in {4, 12}:
            found[form] = offset
    if 12 in found:
        return _groups(table, found[12])
    return _segments(table, found[4]) if 4 in found else []


def _groups(table: bytes, at: int) -> list[tuple[int, int]]:
    """Format 12: groups of first, last and glyph."""
    (count,) = struct.unpack_from(">I", table, at + 12)
    groups = struct.iter_unpack(">III", table[at + 16 : at + 16 + 12 * min(count, _MOST_BYTES)])
    return [(first, last) for first, last, glyph in groups if glyph or last > first]


def _segments(table: bytes, at: int) -> list[tuple[int, int]]:
    """Format 4: segments with their ends, starts, deltas and offsets in four arrays."""
    (twice,) = struct.unpack_from(">H", table, at + 6)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", table, at + 14)
    starts = struct.unpack_from(f">{count}H", table, at + 16 + twice)
    deltas = struct.unpack_from(f">{count}H", table, at + 16 + 2 * twice)
    offsets = struct.unpack_from(f">{count}H", table, at + 16 + 3 * twice)
    ranges = []
    for place, (first, last) in enumerate(zip(starts, ends, strict=True)):
        if not offsets[place]:
            ranges.append((first, last) if last < 0xFFFF else (first, first - 1))
            continue
        base = at + 16 + 3 * twice + 2 * place + offsets[place]
        for code in range(first, min(last, 0xFFFE) + 1):
            spot = base + 2 * (code - first)
            glyph = struct.unpack_from(">H", table, spot)[0] if spot + 2 <= len(table) else 0
            if glyph and (glyph + deltas[place]) & 0xFFFF:
                ranges.append((code, code))
    return ranges


def _merged(ranges: list[tuple[int, int]]) -> Coverage:
    starts: list[int] = []
    ends: list[int] = []
    for first, last in sorted(pair for pair in ranges if pair[0] <= pair[1]):
        if ends and first <= ends[-1] + 1:
            ends[-1] = max(ends[-1], last)
        else:
            starts.append(first)
            ends.append(last)
    return Coverage(tuple(starts), tuple(ends))
