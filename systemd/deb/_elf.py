"""Shared libraries, read without a tool for their machine: what they need, and how to leave off what is never loaded.

The layout is the ELF gABI's, chapters 4 (header, sections) and 5 (program header, dynamic section).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRTAB = 1, 5
_LITTLE = 1
_IDENT_BYTES = 16


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where things are, in the 32 and in the 64 bit form. Little endian, as all of Debian's three machines are."""

    header: str
    segment: str
    segment_fields: tuple[int, ...]
    """Which of the fields are type, offset, vaddr, filesz and align."""
    dynamic: str


_SHAPES = {
    1: _Shape("<HHIIIIIHHHHHH", "<IIIIIIII", (0, 1, 2, 4, 7), "<II"),
    2: _Shape("<HHIQQQIHHHHHH", "<IIQQQQQQ", (0, 2, 3, 5, 7), "<QQ"),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One entry of the program header."""

    kind: int
    offset: int
    address: int
    size: int
    align: int


@dataclass(frozen=True, slots=True)
class Library:
    """An ELF file."""

    data: bytes
    shape: _Shape
    machine: int
    table: int
    """Offset of the program header, and the bytes of an entry."""
    entry: int
    segments: tuple[Segment, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the header, the program header and the segments begin and end, in order."""
        header = _IDENT_BYTES + struct.calcsize(self.shape.header)
        spans = [(0, header), (self.table, self.table + self.entry * len(self.segments))]
        return sorted(spans + [(each.offset, each.offset + each.size) for each in self.segments if each.size])

    @property
    def needed(self) -> tuple[str, ...]:
        """The names of the libraries that are loaded with it."""
        found = next((each for each in self.segments if each.kind == _DYNAMIC), None)
        if found is None:
            return ()
        view = self.data[found.offset : found.offset + found.size]
        entries = list(struct.iter_unpack(self.shape.dynamic, view))
        names = self._offset_of(next(value for tag, value in entries if tag == _STRTAB))
        return tuple(self._text(names + value) for tag, value in entries if tag == _NEEDED)

    def _offset_of(self, address: int) -> int:
        for each in self.segments:
            if each.kind == _LOAD and each.address <= address < each.address + each.size:
                return address - each.address + each.offset
        raise ValueError(f"address {address:#x} is in no segment")

    def _text(self, at: int) -> str:
        return self.data[at : self.data.index(b"\0", at)].decode()


def read_library(path: Path) -> Library | None:
    """The library in a file; None when it is something else."""
    data = path.read_bytes()
    if data[:4] != b"\x7fELF" or data[5] != _LITTLE or data[4] not in _SHAPES:
        return None
    shape = _SHAPES[data[4]]
    (_, machine, _, _, table, _, _, _, entry, count, _, _, _) = struct.unpack_from(shape.header, data, _IDENT_BYTES)
    segments = []
    for index in range(count):
        values = struct.unpack_from(shape.segment, data, table + index * entry)
        segments.append(Segment(*(values[field] for field in shape.segment_fields)))
    return Library(data, shape, machine, table, entry, tuple(segments))


def without_debug(library: Library) -> bytes:
    """The same library without what no program loads: debug information, symbol tables, the list of sections.

    Every segment stays, byte for byte. What lies between two of them is cut by whole multiples of their alignment, so
    that each keeps its place within a page, as the loader needs it.
    """
    align = max((each.align for each in library.segments if each.kind == _LOAD), default=1)
    kept, end, cut, cuts = bytearray(), 0, 0, dict[int, int]()
    for begin, until in library.spans:
        gap = max(0, begin - end)
        cut += gap // align * align
        kept += bytes(gap % align) + library.data[max(begin, end) : until]
        end = max(end, until)
        cuts[begin] = cut
    _move(kept, library, cuts)
    return bytes(kept)


def _move(kept: bytearray, library: Library, cuts: Mapping[int, int]) -> None:
    """Takes from each offset what was cut before it, and says that there are no sections."""
    shape = library.shape
    table = library.table - cuts[library.table]
    for index, each in enumerate(library.segments):
        at = table + index * library.entry
        values = list(struct.unpack_from(shape.segment, kept, at))
        values[shape.segment_fields[1]] -= cuts.get(each.offset, 0)
        struct.pack_into(shape.segment, kept, at, *values)
    values = list(struct.unpack_from(shape.header, kept, _IDENT_BYTES))
    values[4] = table
    values[5] = values[11] = values[12] = 0  # e_shoff, e_shnum, e_shstrndx
    struct.pack_into(shape.header, kept, _IDENT_BYTES, *values)
