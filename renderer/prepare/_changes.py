"""What each frame of an animation changes: on the screen, or at the creative's own size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageChops

from config import Rect, Size
from renderer.prepare._paint import scaled

_LANCZOS_TAPS = 3

Frames = Iterator[tuple[Image.Image, int]]
"""RGB pictures at the creative's own size, and how long each stands, ms."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one frame changes; ``image`` None: nothing."""

    rect: Rect
    image: Image.Image | None


NO_CHANGE = Change(Rect(0, 0, 0, 0), None)


class Painter(Protocol):
    """Takes the frames of an animation one after another: RGB, at the creative's own size."""

    def change(self, picture: Image.Image) -> Change:
        """What this frame changes against the one before."""

    def back(self) -> Change:
        """What leads from the last frame that was given back to the first."""


class ScreenPainter:
    """Changes on the screen, enlarged or reduced already.

    Only what changed is scaled, by the same filter and in the same order of passes as the whole picture, with every
    pixel around it that the filter reaches: so a frame looks the same however it is reached, and no edge shimmers.
    """

    def __init__(self, first: Image.Image, place: Rect) -> None:
        self.shown = scaled(first, place.size, Rect(0, 0, place.w, place.h), Image.Resampling.LANCZOS)
        """The creative as it stands on the screen now."""
        self._opening = self.shown.copy()
        self._before = first
        self._place = place

    def change(self, picture: Image.Image) -> Change:
        """See `Painter`."""
        box = ImageChops.difference(self._before, picture).getbbox()
        self._before = picture
        if box is None:
            return NO_CHANGE
        area = _reach(box, Size(*picture.size), self._place.size)
        image = scaled(picture, self._place.size, area, Image.Resampling.LANCZOS)
        change = self._difference(image, area)
        self.shown.paste(image, (area.x, area.y))
        return change

    def back(self) -> Change:
        """See `Painter`."""
        return self._difference(self._opening, Rect(0, 0, self._place.w, self._place.h))

    def _difference(self, image: Image.Image, area: Rect) -> Change:
        """The smallest rectangle of ``area`` in which ``image`` (its size) differs from what is shown."""
        before = self.shown.crop((area.x, area.y, area.right, area.bottom))
        change = _difference(before, image)
        rect = change.rect
        x, y = self._place.x + area.x + rect.x, self._place.y + area.y + rect.y
        return change if change.image is None else Change(Rect(x, y, rect.w, rect.h), change.image)


class NativePainter:
    """Changes at the creative's own size."""

    def __init__(self, first: Image.Image) -> None:
        self._opening = self._before = first

    def change(self, picture: Image.Image) -> Change:
        """See `Painter`."""
        before, self._before = self._before, picture
        return _difference(before, picture)

    def back(self) -> Change:
        """See `Painter`."""
        return _difference(self._before, self._opening)


def _difference(before: Image.Image, now: Image.Image) -> Change:
    box = ImageChops.difference(before, now).getbbox()
    if box is None:
        return NO_CHANGE
    left, top, right, bottom = box
    return Change(Rect(left, top, right - left, bottom - top), now.crop(box))


def _reach(box: tuple[int, int, int, int], size: Size, target: Size) -> Rect:
    """Every target pixel that the filter draws from the source pixels in ``box``."""
    x0, x1 = _reach_along(box[0], box[2], size.w, target.w)
    y0, y1 = _reach_along(box[1], box[3], size.h, target.h)
    return Rect(x0, y0, x1 - x0, y1 - y0)


def _reach_along(start: int, end: int, source: int, target: int) -> tuple[int, int]:
    reach = _LANCZOS_TAPS * max(1.0, source / target) + 1
    return (
        max(0, math.floor((start - reach) * target / source)),
        min(target, math.ceil((end + reach) * target / source)),
    )
