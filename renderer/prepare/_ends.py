"""Whether a file ends before its picture does, told by its structure."""

from __future__ import annotations

from renderer.prepare._sniff import Format

_PNG_SIGNATURE_BYTES = 8
_PNG_CHUNK_OVERHEAD_BYTES = 12
_JPEG_START_OF_SCAN = 0xDA
_JPEG_END = b"\xff\xd9"


def ends_early(found: Format, data: bytes) -> bool:
    """True when the file's own lengths and markers promise more bytes than there are."""
    match found:
        case "PNG":
            return _png_ends_early(data)
        case "JPEG":
            return _jpeg_ends_early(data)
        case "WEBP":
            return int.from_bytes(data[4:8], "little") + 8 > len(data)
        case "GIF":  # its own reader walks every block and tells
            return False


def _png_ends_early(data: bytes) -> bool:
    """Chunks: length, type, data, CRC (ISO/IEC 15948 5.3), up to IEND."""
    at = _PNG_SIGNATURE_BYTES
    while at + _PNG_CHUNK_OVERHEAD_BYTES <= len(data):
        if data[at + 4 : at + 8] == b"IEND":
            return False
        at += _PNG_CHUNK_OVERHEAD_BYTES + int.from_bytes(data[at : at + 4])
    return True


def _jpeg_ends_early(data: bytes) -> bool:
    """Segments: marker, length (ITU-T T.81 B.1.1.4) up to the first scan; then an end marker must come."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == _JPEG_START_OF_SCAN:
            return data.find(_JPEG_END, at) < 0
        at += 1 if data[at + 1] == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])
    return at + 4 > len(data)
