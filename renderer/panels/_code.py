"""QR codes (ISO/IEC 18004): whole pixels a module, the quiet zone of four, dark on white whatever the theme."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

_QUIET = 4
"""Modules that stay clear on every side (ISO/IEC 18004:2015, 5.3.8)."""
_DARK = 0x10


@lru_cache(maxsize=8)
def code(text: str, room_px: int, least_module_px: float) -> Image.Image | None:
    """A code of at most ``room_px`` square, RGB with its quiet zone.

    Error correction M, or more where the same size holds it; L where only that makes modules large enough. None when
    a module would be smaller than ``least_module_px`` even so: a code that nobody can scan is only noise.
    """
    import segno  # noqa: PLC0415 - only screens with a code pay for it

    for level in ("m", "l"):
        try:
            made = segno.make_qr(text, error=level, boost_error=True)
        except (segno.DataOverflowError, ValueError):
            continue
        rows = [bytes(_DARK if module else 255 for module in row) for row in made.matrix]
        pixels = room_px // (len(rows) + 2 * _QUIET)
        if pixels >= max(1.0, least_module_px):
            return _picture(rows, pixels)
    return None


def _picture(rows: list[bytes], pixels: int) -> Image.Image:
    count = len(rows)
    modules = Image.frombytes("L", (count, count), b"".join(rows))
    side = (count + 2 * _QUIET) * pixels
    picture = Image.new("L", (side, side), 255)
    picture.paste(modules.resize((count * pixels, count * pixels), Image.Resampling.NEAREST), (_QUIET * pixels,) * 2)
    return picture.convert("RGB")
