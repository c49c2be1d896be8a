"""What a file really is: told by its first bytes, never by its name or by what the server said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from config import Code, OohError, Size
from renderer.prepare._avif import is_avif
from renderer.prepare._bmp import is_bmp
from renderer.prepare._video_kind import video_container

Format = Literal["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "VIDEO"]

HEAD_BYTES = 1024
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WHOLE_HEADER_BYTES = {"PNG": 33, "GIF": 13, "WEBP": 30, "JPEG": 4, "AVIF": 16, "BMP": 26, "VIDEO": 12}
"""Signature and size: PNG (ISO/IEC 15948 11.2.2), GIF89a 18, WebP (RFC 9649 2.5 to 2.7)."""
_OTHERS: tuple[tuple[bytes, int, str], ...] = (
    (b"II*\0", 0, "TIFF"),
    (b"MM\0*", 0, "TIFF"),
    (b"ftyp", 4, "HEIC"),
    (b"%PDF", 0, "PDF"),
    (b"8BPS", 0, "Photoshop"),
    (b"\0\0\1\0", 0, "icon"),
    (b"\xff\x0a", 0, "JPEG XL"),
    (b"PK\x03\x04", 0, "ZIP archive"),
    (b"\x1f\x8b", 0, "gzip"),
)
_MARKUP = re.compile(r"\s*<[!?a-z]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def sniff(head: bytes, size_bytes: int) -> Format:
    """The format that ``head`` (the first ``HEAD_BYTES``) begins.

    Raises ``OohError``: CREATIVE_EMPTY, CREATIVE_NOT_AN_IMAGE, CREATIVE_TRUNCATED (a header cut short) or
    CREATIVE_UNSUPPORTED.
    """
    if size_bytes == 0:
        raise OohError(Code.CREATIVE_EMPTY)
    found = known_format(head)
    if found is not None:
        if size_bytes < _WHOLE_HEADER_BYTES[found]:
            raise OohError(Code.CREATIVE_TRUNCATED, f"{size_bytes} bytes of a {found}")
        return found
    if size_bytes < len(_PNG_SIGNATURE) and any(
        whole.startswith(head) for whole in (_PNG_SIGNATURE, b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")
    ):
        raise OohError(Code.CREATIVE_TRUNCATED, f"{size_bytes} bytes")
    for magic, offset, name in _OTHERS:
        if head[offset:].startswith(magic):
            raise OohError(Code.CREATIVE_UNSUPPORTED, name)
    raise _text_or_unknown(head)


def header_size(found: Format, head: bytes) -> Size | None:
    """Width and height as the header gives them; None where they may lie anywhere (JPEG, AVIF) or need more care.

    Raises ``OohError(CREATIVE_CORRUPT)`` when there is no such header, CREATIVE_UNSUPPORTED for Apple's PNGs.
    """
    readers: dict[Format, Callable[[bytes], Size]] = {"PNG": _png_size, "GIF": _gif_size, "WEBP": _webp_size}
    reader = readers.get(found)
    return None if reader is None else reader(head)


def is_animated_webp(head: bytes) -> bool:
    """Whether a WebP's extended header sets its animation flag (RFC 9649 2.7)."""
    return head[12:16] == b"VP8X" and bool(head[20] & 0x02)


def known_format(head: bytes) -> Format | None:
    """The format whose signature ``head`` bears; None: no picture and no video."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(_PNG_SIGNATURE):
        return "PNG"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if is_avif(head):
        return "AVIF"
    if is_bmp(head):
        return "BMP"
    if video_container(head) is not None:
        return "VIDEO"
    return None


def _png_size(head: bytes) -> Size:
    if head[12:16] == b"CgBI":
        raise OohError(Code.CREATIVE_UNSUPPORTED, "a PNG in Apple's own dialect")
    if head[12:16] != b"IHDR":
        raise OohError(Code.CREATIVE_CORRUPT, "a PNG without its header chunk")
    return Size(int.from_bytes(head[16:20]), int.from_bytes(head[20:24]))


def _gif_size(head: bytes) -> Size:
    return Size(int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little"))


def _webp_size(head: bytes) -> Size:
    """RFC 9649: ``VP8X`` 2.7 (24 bit, less one), ``VP8L`` 2.6 (14 bit, less one), ``VP8 `` 2.5 (RFC 6386 9.1)."""
    match head[12:16]:
        case b"VP8X":
            return Size(1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little"))
        case b"VP8L" if head[20] == 0x2F:
            bits = int.from_bytes(head[21:25], "little")
            return Size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        case b"VP8 " if head[23:26] == b"\x9d\x01\x2a":
            w, h = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
            return Size(w & 0x3FFF, h & 0x3FFF)
    raise OohError(Code.CREATIVE_CORRUPT, "a WebP without its image header")


def _text_or_unknown(head: bytes) -> OohError:
    text = _as_text(head)
    if text is None:
        return OohError(Code.CREATIVE_UNSUPPORTED, f"it begins with {head[:8].hex(' ')}")
    start = text.lstrip()[:200].lower()
    if start.startswith("<svg") or (start.startswith("<?xml") and "<svg" in text.lower()):
        return OohError(Code.CREATIVE_UNSUPPORTED, "SVG")
    return OohError(Code.CREATIVE_NOT_AN_IMAGE, f"it begins with {text.strip()[:40]!r}")


def _as_text(head: bytes) -> str | None:
    """The head as text, or None when it is not text. A character cut in two at its end does not count."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="ignore")
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3 and error.start < HEAD_BYTES - 3:
            text = head.decode("latin-1")
            if not _MARKUP.match(text):
                return None
        else:
            text = head[: error.start].decode("utf-8-sig")
    return text if _MARKUP.match(text) or not _CONTROL.search(text) else None
