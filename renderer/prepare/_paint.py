"""Paints a plate's base frame: the creative over its backdrop."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PIL import Image, ImageFilter, ImageOps

from config import Rect, Size

_BAND_PIXELS = 262_144
"""1 MiB as Pillow keeps them, and as much again as a plate does."""
_BLUR_AT = 16
"""The backdrop is blurred at 1/16 size: 7 to 8 times faster than at full size, and the same to the eye."""
_BLUR_RADIUS = 1 / 9
"""Of the short side: no shape of the creative may be told, only its colours."""
_BRAND_SHARE = 0.5
"""How far the blurred backdrop is drawn towards the operator's colour: panels stand on it."""


def screen_bands(
    picture: Image.Image, place: Rect, screen: Size, backdrop: str, brand_colour: str
) -> Iterator[Image.Image]:
    """The whole screen at 0 s, panels left out: ``picture`` at ``place`` over its backdrop, in bands from the top.

    In bands, so that a screen of any size takes little memory.
    """
    behind = _small_backdrop(picture, screen, backdrop, brand_colour)
    rows = max(1, _BAND_PIXELS // screen.w)
    for top in range(0, screen.h, rows):
        area = Rect(0, top, screen.w, min(rows, screen.h - top))
        band = scaled(behind, screen, area, Image.Resampling.BICUBIC)
        band.paste(picture, (place.x, place.y - top))
        yield band


def scaled(image: Image.Image, target: Size, area: Rect, filter_: Image.Resampling) -> Image.Image:
    """``area`` of what ``image`` is at the size ``target``, equal wherever areas overlap.

    Across first, then down, in two calls: left to itself, Pillow 13 takes the order that is cheaper for this area, and
    rounding between the two passes then shows in the pixels.
    """
    left, right = _span(area.x, area.right, image.width, target.w)
    top, bottom = _span(area.y, area.bottom, image.height, target.h)
    across = image.resize((area.w, image.height), filter_, (left, 0, right, image.height))
    return across.resize((area.w, area.h), filter_, (0, top, area.w, bottom))


def _span(start: int, end: int, source: int, target: int) -> tuple[float, float]:
    """From target pixels to source pixels, without stepping over the edge by a rounding."""
    return start * source / target, min(end * source / target, source)


def _small_backdrop(picture: Image.Image, screen: Size, kind: str, brand_colour: str) -> Image.Image:
    """What stands behind creative and panels, to be enlarged: one colour, or the picture blurred to the brand's."""
    small = (math.ceil(screen.w / _BLUR_AT), math.ceil(screen.h / _BLUR_AT))
    if kind == "black":
        return Image.new("RGB", small)
    brand = Image.new("RGB", small, brand_colour)
    if kind == "brand":
        return brand
    fitted = ImageOps.fit(picture, small, Image.Resampling.BOX)
    blurred = fitted.filter(ImageFilter.GaussianBlur(max(1.0, min(small) * _BLUR_RADIUS)))
    return Image.blend(blurred, brand, _BRAND_SHARE)
