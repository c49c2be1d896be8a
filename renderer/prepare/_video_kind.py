"""Which video container a file is, told by its first bytes."""

from __future__ import annotations

from pathlib import Path

_HEAD_BYTES = 1024
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"moof", b"sidx")
"""What an ISO base media or QuickTime file may begin with (ISO/IEC 14496-12 4.3, QuickTime File Format)."""
_PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"miaf")
"""Brands of still pictures and their sequences (ISO/IEC 23008-12, AVIF): no videos, though built of the same boxes."""
_LEAST_TEXT = 9
"""A box begins with its length, 32 bits with the highest first."""
_TS_PACKETS = ((0, 188), (4, 192))
"""The first sync byte and the step to the next: plain (ISO/IEC 13818-1 2.4.3.2), and with time codes (BDAV)."""
_MAGICS: tuple[tuple[bytes, str], ...] = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"\0\0\1\xba", "mpeg"),
    (b"\0\0\1\xb3", "mpegvideo"),
    (b"OggS", "ogg"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "asf"),
)


def video_container(head: bytes) -> str | None:
    """FFmpeg's name of the container that ``head`` begins, or None when it begins no video.

    Only the demuxer of this name is ever let at the file: a playlist named ``ad.mp4`` opens nothing.
    """
    if head[4:8] in _BOXES and head[0] < _LEAST_TEXT:  # "Get free …" is text
        return None if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS else "mov"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    for start, step in _TS_PACKETS:
        if len(head) > start + 2 * step and all(head[start + n * step] == 0x47 for n in range(3)):
            return "mpegts"
    return next((name for magic, name in _MAGICS if head.startswith(magic)), None)


def is_video(path: Path) -> bool:
    """Whether a file begins as a video does. Raises ``OSError`` when it cannot be read."""
    with path.open("rb") as file:
        return video_container(file.read(_HEAD_BYTES)) is not None
