"""Bands: a large picture worked on a few rows at a time, in the processor's cache and not in new memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from PIL import Image

_ROWS = 64
"""A third of a megabyte of the widest tile at 1080p."""


class Backdrop(Protocol):
    """What lies behind a tile: a picture, or somebody who reads it where he is asked."""

    @property
    def size(self) -> tuple[int, int]:
        """Of the whole, in pixels."""

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        """A part as a picture of its own: left, top, right, bottom."""


def bands(high: int) -> Iterator[tuple[int, int]]:
    """From where to where, downwards, until ``high``."""
    return ((top, min(high, top + _ROWS)) for top in range(0, high, _ROWS))
