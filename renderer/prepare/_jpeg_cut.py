"""Whether a JPEG was cut and then closed with an end marker, as some tools do: it would show rows of grey."""

from __future__ import annotations

import io

from PIL import Image

from renderer.prepare._jpeg import scans_of

_MIDDLE = (127, 128)
"""What decoders leave where blocks are missing: all coefficients 0 (inverted in CMYK)."""
_PIECE = bytes(range(1, 255))
_MORE = b"".join((_PIECE, *(bytes((0xFF, restart)) + _PIECE for restart in range(0xD0, 0xD8)))) * 2
"""Scan data that a whole picture has no use for, and a cut one decodes, whichever restart interval is next."""


def lacks_blocks(image: Image.Image, data: bytes) -> bool:
    """True when the scan ends before the last block. ``image``: the picture unpacked from ``data``, at any scale.

    A picture whose last pixel is middle grey is unpacked twice more at 1/8, once with more data before its end marker:
    only where blocks are missing does that change anything. What lacks only finer scans of a progressive picture is
    whole here.
    """
    if not _is_middle_grey(image.getpixel((image.width - 1, image.height - 1))):
        return False
    end = scans_of(data).stop
    return _eighth(data) != _eighth(data[:end] + _MORE + data[end:])


def _is_middle_grey(pixel: float | tuple[int, ...] | None) -> bool:
    samples = pixel if isinstance(pixel, tuple) else (pixel,)
    return all(sample in _MIDDLE for sample in samples[:3])


def _eighth(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        image.draft(None, (1, 1))
        return image.tobytes()
