"""Enlarges a picture: sharper than one filter can, and without the halos that a sharp filter leaves around text.

Measured by ``bench/picture/quality.py`` on text, flat graphics and photographs: see docs/pictures.md.
"""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter

from config import Size

_FIRST = 2
_ROUNDS = 3
"""Of back projection: a fourth costs as much and adds 0.001 of SSIM."""
_MOST_PIXELS = 600_000
"""Above it enlargements are small, and what back projection adds cannot be told from Lanczos."""


def enlarged(image: Image.Image, target: Size) -> Image.Image:
    """``image`` (L or RGB) at a size that is larger on at least one side."""
    if image.width * image.height > _MOST_PIXELS:
        return _bounded(image, target, Image.Resampling.LANCZOS)
    double = Size(image.width * _FIRST, image.height * _FIRST)
    return _bounded(_back_projected(image, double), target, Image.Resampling.LANCZOS)


def _back_projected(image: Image.Image, target: Size) -> Image.Image:
    """The enlargement that gives the picture back when it is reduced (Irani and Peleg 1991), within bounds.

    What the reduced enlargement lacks is enlarged and added, a few times. A page that was drawn at this size was
    averaged over each pixel, so the reduction averages too.
    """
    lowest, highest = _bounds(image, target)
    shown = _between(image.resize((target.w, target.h), Image.Resampling.BICUBIC), lowest, highest)
    for _ in range(_ROUNDS):
        back = shown.resize(image.size, Image.Resampling.BOX)
        more = ImageChops.subtract(image, back).resize((target.w, target.h), Image.Resampling.BICUBIC)
        less = ImageChops.subtract(back, image).resize((target.w, target.h), Image.Resampling.BICUBIC)
        shown = _between(ImageChops.subtract(ImageChops.add(shown, more), less), lowest, highest)
    return shown


def _bounded(image: Image.Image, target: Size, filter_: Image.Resampling) -> Image.Image:
    lowest, highest = _bounds(image, target)
    return _between(image.resize((target.w, target.h), filter_), lowest, highest)


def _bounds(image: Image.Image, target: Size) -> tuple[Image.Image, Image.Image]:
    """The darkest and the brightest of each pixel's neighbours: nothing between them may be darker or brighter."""
    size = (target.w, target.h)
    return (
        image.filter(ImageFilter.MinFilter(3)).resize(size, Image.Resampling.BILINEAR),
        image.filter(ImageFilter.MaxFilter(3)).resize(size, Image.Resampling.BILINEAR),
    )


def _between(image: Image.Image, lowest: Image.Image, highest: Image.Image) -> Image.Image:
    return ImageChops.darker(ImageChops.lighter(image, lowest), highest)
