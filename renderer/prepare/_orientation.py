"""Which way up a picture is to be seen: its EXIF orientation, and what undoes it."""

from __future__ import annotations

import struct
import warnings

from PIL import Image

from config import Size

_EXIF_ORIENTATION = 0x0112
_TURNS: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each orientation (Exif 2.32, 4.6.4, tag 0x0112)."""
_SIDEWAYS = (5, 6, 7, 8)
_LOOKUP_ERRORS = (KeyError, IndexError, AttributeError)
_EXIF_ERRORS = (SyntaxError, ValueError, TypeError, OSError, OverflowError, struct.error, *_LOOKUP_ERRORS)


class Orientation:
    """How the stored rows are turned and mirrored against what is to be seen."""

    __slots__ = ("_value",)

    def __init__(self, value: int = 1) -> None:
        self._value = value if value in _TURNS else 1

    def seen(self, stored: Size) -> Size:
        """The size that a viewer shows; also the way back, from seen to stored."""
        return stored.turned(90) if self._value in _SIDEWAYS else stored

    def upright(self, image: Image.Image) -> Image.Image:
        """The image as a viewer shows it."""
        turn = _TURNS.get(self._value)
        return image if turn is None else image.transpose(turn)


def orientation_of(image: Image.Image, notes: list[str]) -> Orientation:
    """What the image's EXIF block says; see `orientation_in`."""
    return orientation_in(image.info.get("exif"), notes)


def orientation_in(raw: bytes | None, notes: list[str]) -> Orientation:
    """What an EXIF block says; a broken block is upright, with a warning in ``notes``."""
    if not raw:
        return Orientation()
    exif = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a half-broken block may still hold the orientation
            exif.load(raw)
            value = exif.get(_EXIF_ORIENTATION, 1)
    except _EXIF_ERRORS as error:
        notes.append(f"its EXIF block is ignored: {error}")
        return Orientation()
    return Orientation(value if isinstance(value, int) else 1)
