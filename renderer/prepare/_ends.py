"""Whether a file ends before its picture does, told by its structure."""

from __future__ import annotations

from renderer.prepare._avif import avif_ends_early
from renderer.prepare._jpeg import jpeg_ends_early
from renderer.prepare._sniff import Format

_PNG_SIGNATURE_BYTES = 8
_PNG_CHUNK_OVERHEAD_BYTES = 12


def ends_early(found: Format, data: bytes) -> bool:
    """True when the file's own lengths and markers promise more bytes than there are."""
    match found:
        case "PNG":
            return _png_ends_early(data)
        case "JPEG":
            return jpeg_ends_early(data)
        case "WEBP":
            return int.from_bytes(data[4:8], "little") + 8 > len(data)
        case "AVIF":
            return avif_ends_early(data)
        case _:  # their own readers walk every block and tell
            return False


def _png_ends_early(data: bytes) -> bool:
    """Chunks: length, type, data, CRC (ISO/IEC 15948 5.3), up to IEND."""
    at = _PNG_SIGNATURE_BYTES
    while at + _PNG_CHUNK_OVERHEAD_BYTES <= len(data):
        if data[at + 4 : at + 8] == b"IEND":
            return False
        at += _PNG_CHUNK_OVERHEAD_BYTES + int.from_bytes(data[at : at + 4])
    return True
