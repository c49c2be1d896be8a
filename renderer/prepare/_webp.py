"""Reads a WebP's chunks, and decodes large stills in a quarter of the memory that Pillow takes.

Pillow unpacks every WebP as an animation: 16 bytes a pixel, 1 GB for 64 megapixels. FFmpeg keeps a lossy picture as
it is stored, 1.5 bytes a pixel, and averages it down while it turns it to RGB.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from config import Size

_ALPHA = ("yuva420p", "argb", "rgba", "bgra")


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and data of each chunk (RFC 9649 2.3), as far as they are whole."""
    at = 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > len(data):
            return
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)


def webp_metadata(data: bytes) -> tuple[bytes | None, bytes | None]:
    """ICC profile and EXIF block (RFC 9649 2.7)."""
    found: dict[bytes, bytes] = {}
    for name, body in webp_chunks(data):
        if name in (b"ICCP", b"EXIF"):
            found.setdefault(name, body)
    return found.get(b"ICCP"), found.get(b"EXIF")


def decode_reduced(data: bytes, least: Size) -> Image.Image:
    """The picture at its own size, or averaged down to no less than ``least``: RGB or RGBA.

    Raises ``ValueError`` when it cannot be decoded, ``MemoryError``.
    """
    import av  # noqa: PLC0415 - 0.1 s that only large pictures need

    try:
        with av.open(io.BytesIO(data), "r", "webp_pipe") as container:
            stream = container.streams.video[0]
            stream.thread_count = 1
            stream.codec_context.options = {"err_detect": "explode"}
            frame = next(container.decode(stream))
            w, h = max(least.w, 1), max(least.h, 1)
            if w >= frame.width or h >= frame.height:
                w, h = frame.width, frame.height
            mode, form = ("RGBA", "rgba") if frame.format.name in _ALPHA else ("RGB", "rgb24")
            small = frame.reformat(width=w, height=h, format=form, interpolation="AREA")
            plane = small.planes[0]
            return Image.frombytes(mode, (w, h), bytes(plane), "raw", mode, plane.line_size)
    except (av.FFmpegError, StopIteration) as error:
        raise ValueError(str(error)) from error
