"""Sizes and rectangles, in whole pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIZE = re.compile(r"(\d{1,5})\s*[xX×]\s*(\d{1,5})")


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """A width and a height in pixels."""

    w: int
    h: int

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``1920x1080``. Raises ``ValueError`` on anything else, and on a zero side."""
        match = _SIZE.fullmatch(text.strip())
        if match is None or int(match[1]) == 0 or int(match[2]) == 0:
            message = f"{text!r} is not a size such as 1920x1080"
            raise ValueError(message)
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.w}x{self.h}"

    @property
    def pixels(self) -> int:
        """The area."""
        return self.w * self.h

    def turned(self, rotation: int) -> Size:
        """The size after a rotation of 0, 90, 180 or 270 degrees."""
        return Size(self.h, self.w) if rotation % 180 else self


USUAL_SIZE = Size(1920, 1080)
"""What a screen is taken for when neither it nor the configuration says its size."""

LEAST_SIDE, MOST_SIDE = 16, 16_384
"""Sides of a screen in pixels: nothing smaller can be read, nothing larger is made."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle: left, top, width, height."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.h

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.w, self.h)

    def inset(self, by: int) -> Rect:
        """The rectangle smaller by ``by`` pixels on every side (never under 0 wide or high)."""
        w, h = max(0, self.w - 2 * by), max(0, self.h - 2 * by)
        return Rect(self.x + (self.w - w) // 2, self.y + (self.h - h) // 2, w, h)

    def inside(self, other: Rect) -> bool:
        """True when no pixel of it lies outside ``other``."""
        return self.x >= other.x and self.y >= other.y and self.right <= other.right and self.bottom <= other.bottom

    def overlaps(self, other: Rect) -> bool:
        """True when they share a pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def as_list(self) -> list[int]:
        """``[x, y, w, h]``, the form in records and reports."""
        return [self.x, self.y, self.w, self.h]
