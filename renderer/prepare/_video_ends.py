"""Whether a video file ends before it should, told by the lengths that its own structure gives."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_WITHIN = 64
"""A file may lack its last few bytes (padding, an index's tail) without lacking a picture."""
_EBML_LEAD_BYTES = 4096
_SEGMENT = b"\x18\x53\x80\x67"
_UNKNOWN_LENGTH = b"\x01\xff\xff\xff\xff\xff\xff\xff"


def video_ends_early(container: str, path: Path) -> bool:
    """True when the file promises more bytes than it has, or has no index where one must be."""
    size = path.stat().st_size
    with path.open("rb") as file:
        match container:
            case "mov":
                return _mov_ends_early(file, size)
            case "matroska":
                return _matroska_end(file.read(_EBML_LEAD_BYTES)) > size + _WITHIN
            case "avi":
                return int.from_bytes(file.read(8)[4:], "little") + 8 > size + _WITHIN
    return False


def _mov_ends_early(file: BinaryIO, size: int) -> bool:
    """Boxes: 32-bit length and type, 1 for a 64-bit length, 0 for all that is left (ISO/IEC 14496-12 4.2)."""
    at, indexed = 0, False
    while at + 8 <= size:
        file.seek(at)
        length, kind, long = struct.unpack(">I4sQ", file.read(16).ljust(16, b"\0"))
        indexed = indexed or kind in (b"moov", b"moof")
        if length == 0:
            return not indexed
        step = long if length == 1 else length
        if step < 8:
            return False  # no box: damage, not an end
        at += step
    return not indexed or at > size + _WITHIN


def _matroska_end(lead: bytes) -> int:
    """Where the Segment ends; 0 when it does not say (RFC 8794 4 and 6.2, RFC 9559 4.5)."""
    at = lead.find(_SEGMENT)
    if at < 0 or lead[at + 4 :].startswith((_UNKNOWN_LENGTH, b"\xff")) or at + 12 > len(lead):
        return 0
    first = lead[at + 4]
    octets = 9 - first.bit_length() if first else 9
    if octets > 8:
        return 0
    length = int.from_bytes(lead[at + 4 : at + 4 + octets]) - (1 << 7 * octets)
    return at + 4 + octets + length
