"""Reads a JPEG's segments: its size and coding process before a byte is unpacked, and whether it is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config import Code, OohError, Size

_START_OF_SCAN, _END, _TEMPORARY = 0xDA, 0xD9, 0x01
_END_MARKER = bytes((0xFF, _END))
_RESTARTS = range(0xD0, 0xD8)
_NOT_FRAMES = (0xC4, 0xC8, 0xCC)
_FRAMES = range(0xC0, 0xD0)
_SHOWN = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)
"""Baseline, extended and progressive, Huffman or arithmetic (ITU-T T.81, table B.1)."""
_COMPONENTS = (1, 3, 4)


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """A JPEG's frame header (T.81 B.2.2)."""

    size: Size
    progressive: bool


def read_jpeg(data: bytes) -> JpegFrame:
    """The first frame header.

    Raises ``OohError``: CREATIVE_UNSUPPORTED for processes that no browser shows (lossless, hierarchical, 12 bit),
    CREATIVE_TRUNCATED or CREATIVE_CORRUPT when there is no frame header before the first scan.
    """
    for marker, start, end in _segments(data):
        if marker in _FRAMES and marker not in _NOT_FRAMES:
            return _frame(marker, data[start:end])
        if marker == _START_OF_SCAN:
            break
    if jpeg_ends_early(data):
        raise OohError(Code.CREATIVE_TRUNCATED, f"a JPEG of {len(data)} bytes")
    raise OohError(Code.CREATIVE_CORRUPT, "JPEG: no frame header before its first scan")


def scans_of(data: bytes) -> range:
    """From the first scan's data to the end marker; both ends of the file where there are none."""
    for marker, start, _ in _segments(data):
        if marker == _START_OF_SCAN:
            end = data.find(_END_MARKER, start)
            return range(start, end if end >= 0 else len(data))
    return range(len(data))


def jpeg_ends_early(data: bytes) -> bool:
    """True when segments or scans promise more than there is: no end marker after the last scan's header."""
    at = 0
    for marker, start, end in _segments(data):
        at = end
        if marker == _START_OF_SCAN:
            return data.find(_END_MARKER, start) < 0
        if marker == _END:
            return False
    return at + 4 > len(data) or at == 0


def _frame(marker: int, body: bytes) -> JpegFrame:
    if len(body) < 6:
        raise OohError(Code.CREATIVE_CORRUPT, "JPEG: a frame header cut short")
    precision, components = body[0], body[5]
    size = Size(int.from_bytes(body[3:5]), int.from_bytes(body[1:3]))
    if marker not in _SHOWN:
        raise OohError(Code.CREATIVE_UNSUPPORTED, f"a JPEG of process {marker - 0xC0} (lossless or hierarchical)")
    if precision != 8:
        raise OohError(Code.CREATIVE_UNSUPPORTED, f"a JPEG of {precision} bits a sample")
    if components not in _COMPONENTS or len(body) < 6 + 3 * components:
        raise OohError(Code.CREATIVE_CORRUPT, f"JPEG: {components} components")
    if size.w == 0 or size.h == 0:
        raise OohError(Code.CREATIVE_CORRUPT, f"JPEG: it says that it is {size}")
    return JpegFrame(size, marker in (0xC2, 0xCA))


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment's body (T.81 B.1.1.4), to the first scan's header."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at += 1  # decoders look for the next marker
            continue
        marker = data[at + 1]
        if marker in (0xFF, 0x00, _TEMPORARY, 0xD8) or marker in _RESTARTS:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        yield marker, at + 4, end
        if marker in (_START_OF_SCAN, _END):
            return
        at = end
