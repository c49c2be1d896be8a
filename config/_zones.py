"""Zones and sizes as an operator writes them in ``[[layout.template]]``: ``0 0 67.5% 100%``, ``landscape``, ``4:3``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from config._geometry import Rect, Size

_LENGTH = r"(?:0|\d{1,5}(?:\.\d{1,4})?(?:%|px))"
ZONE_PATTERN = rf"^({_LENGTH}(?: +{_LENGTH}){{3}})?$"
AREA_PATTERN = rf"^[a-z]+( +[a-z]+)*: *{_LENGTH}(?: +{_LENGTH}){{3}}$"
_NUMBER = r"\d{1,5}(?:\.\d{1,4})?"
_RATIO = rf"{_NUMBER}:{_NUMBER}"
FIT_PATTERN = rf"^(landscape|portrait|square|[1-9]\d{{0,4}}x[1-9]\d{{0,4}}|{_RATIO}|{_RATIO} to {_RATIO})$"
_NEAR = Fraction(1, 50)
"""A ratio is met within 2 %: 1366x768 is 16:9 to everybody but a computer."""

_SHAPES: dict[str, Callable[[Size], bool]] = {
    "landscape": lambda size: size.w > size.h,
    "portrait": lambda size: size.w < size.h,
    "square": lambda size: size.w == size.h,
}


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle of the screen: left, top, width and height, each a percentage of the screen or pixels."""

    lengths: tuple[tuple[Fraction, bool], ...]
    """Four of (number, whether it is a percentage)."""

    @classmethod
    def parse(cls, text: str) -> Zone:
        """Read ``X Y WIDTH HEIGHT``. Raises ``ValueError`` on anything else."""
        if not text or re.fullmatch(ZONE_PATTERN, text) is None:
            message = f"{text!r} is not a zone such as 0 0 67.5% 100%"
            raise ValueError(message)
        return cls(tuple((Fraction(word.rstrip("%px")), word.endswith("%")) for word in text.split()))

    @property
    def in_pixels(self) -> bool:
        """True when some of it is said in pixels, so that it depends on the screen whether it fits."""
        return any(number and not percent for number, percent in self.lengths)

    def on(self, screen: Size) -> Rect:
        """The zone on this screen in whole pixels; zones that touch in percent touch in pixels too."""
        x, y, w, h = self.lengths
        left, right = _span(x, w, screen.w)
        top, bottom = _span(y, h, screen.h)
        return Rect(left, top, right - left, bottom - top)


def _span(start: tuple[Fraction, bool], length: tuple[Fraction, bool], side: int) -> tuple[int, int]:
    first = _pixels(start, side)
    return round(first), round(first + _pixels(length, side))


def _pixels(length: tuple[Fraction, bool], side: int) -> Fraction:
    number, percent = length
    return number * side / 100 if percent else number


def parse_area(text: str) -> tuple[tuple[str, ...], Zone]:
    """Read ``weather scores: 70% 0 30% 50%``: the panels that may stand in a zone, and the zone.

    Raises ``ValueError`` on anything else; whether the panels exist is not looked at.
    """
    kinds, colon, zone = text.partition(":")
    if not colon or not kinds.split():
        message = f"{text!r} is not PANELS: ZONE"
        raise ValueError(message)
    return tuple(kinds.split()), Zone.parse(zone.strip())


def fits(text: str, size: Size) -> bool:
    """True when a size is what ``text`` says: a shape, an exact size, a ratio (within 2 %) or a span of ratios."""
    if text in _SHAPES:
        return _SHAPES[text](size)
    if "x" in text:
        return Size.parse(text) == size
    ratios = [_ratio(one) for one in text.split(" to ")]
    aspect = Fraction(size.w, size.h)
    return min(ratios) * (1 - _NEAR) <= aspect <= max(ratios) * (1 + _NEAR)


def _ratio(text: str) -> Fraction:
    across, down = map(Fraction, text.split(":"))
    return across / down if down else Fraction(0)
