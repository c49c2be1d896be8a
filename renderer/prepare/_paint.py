"""Paints a plate: backdrop, creative, and what each frame of an animation changes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps

from config import Rect, Size

_BAND_PIXELS = 2_097_152
"""8 MiB as Pillow keeps them: a 1080p screen in one piece."""
_BLUR_AT = 16
"""The backdrop is blurred at 1/16 size: 7 to 8 times faster than at full size, and the same to the eye."""
_BLUR_RADIUS = 1 / 9
"""Of the short side: no shape of the creative may be told, only its colours."""
_BRAND_SHARE = 0.5
"""How far the blurred backdrop is drawn towards the operator's colour: panels stand on it."""
_LANCZOS_TAPS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What one frame changes on the screen; ``image`` None: nothing."""

    rect: Rect
    image: Image.Image | None


NO_CHANGE = Change(Rect(0, 0, 0, 0), None)


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
    """What stands behind creative and panels, still to be enlarged: one colour, or the picture blurred to the brand's."""
    small = (math.ceil(screen.w / _BLUR_AT), math.ceil(screen.h / _BLUR_AT))
    if kind == "black":
        return Image.new("RGB", small)
    brand = Image.new("RGB", small, brand_colour)
    if kind == "brand":
        return brand
    fitted = ImageOps.fit(picture, small, Image.Resampling.BOX)
    blurred = fitted.filter(ImageFilter.GaussianBlur(max(1.0, min(small) * _BLUR_RADIUS)))
    return Image.blend(blurred, brand, _BRAND_SHARE)


def changes(pictures: Iterator[Image.Image], first: Image.Image, place: Rect) -> Iterator[Change]:
    """The changes of frames 1, 2 … n-1, and at last that from frame n-1 back to frame 0.

    ``pictures`` are the frames at their own size, RGB, from the first on; ``first`` is frame 0 as painted at
    ``place``. Only what changed is scaled, and the way the first frame was, so a frame looks the same however it
    is reached.
    """
    before = next(pictures)
    shown = first.copy()
    for picture in pictures:
        yield _change(before, picture, shown, place)
        before = picture
    yield _difference(shown, first, Rect(0, 0, place.w, place.h), place)


def _change(before: Image.Image, now: Image.Image, shown: Image.Image, place: Rect) -> Change:
    """``now`` against ``before``; paints it on ``shown``, the creative as it stands on the screen."""
    box = _changed_box(before, now)
    if box is None:
        return NO_CHANGE
    area = _scaled_box(box, Size(*now.size), place.size)
    image = scaled(now, place.size, area, Image.Resampling.LANCZOS)
    change = _difference(shown, image, area, place)
    shown.paste(image, (area.x, area.y))
    return change


def _difference(shown: Image.Image, image: Image.Image, area: Rect, place: Rect) -> Change:
    """The smallest rectangle of ``area`` in which ``image`` (its size) differs from ``shown``, on the screen."""
    box = ImageChops.difference(shown.crop((area.x, area.y, area.right, area.bottom)), image).getbbox()
    if box is None:
        return NO_CHANGE
    left, top, right, bottom = box
    rect = Rect(place.x + area.x + left, place.y + area.y + top, right - left, bottom - top)
    return Change(rect, image.crop(box))


def _changed_box(before: Image.Image, now: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.difference(before, now).getbbox()


def _scaled_box(box: tuple[int, int, int, int], size: Size, target: Size) -> Rect:
    """Every target pixel that the filter draws from the source pixels in ``box``."""
    x0, x1 = _scaled_span(box[0], box[2], size.w, target.w)
    y0, y1 = _scaled_span(box[1], box[3], size.h, target.h)
    return Rect(x0, y0, x1 - x0, y1 - y0)


def _scaled_span(start: int, end: int, source: int, target: int) -> tuple[int, int]:
    reach = _LANCZOS_TAPS * max(1.0, source / target) + 1
    return (
        max(0, math.floor((start - reach) * target / source)),
        min(target, math.ceil((end + reach) * target / source)),
    )
