"""The most a creative may ask for, and the least that is worth showing."""

from __future__ import annotations

from dataclasses import dataclass

from config import Code, OohError, Size

MEGABYTE = 1_000_000
_LEAST_SIDE = 2
"""Below it lie tracking pixels, not ads."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From ``[prepare]``."""

    max_pixels: int
    max_frames: int

    def check_size(self, size: Size) -> None:
        """Raises ``OohError``: CREATIVE_TOO_LARGE, CREATIVE_TOO_SMALL."""
        self.check_pixels(size)
        if min(size.w, size.h) < _LEAST_SIDE:
            raise OohError(Code.CREATIVE_TOO_SMALL, f"it is {size}")

    def check_pixels(self, size: Size) -> None:
        """Raises ``OohError(CREATIVE_TOO_LARGE)``."""
        if size.pixels > self.max_pixels:
            raise OohError(Code.CREATIVE_TOO_LARGE, f"{size} is {size.pixels} pixels, over {self.max_pixels}")

    def check_frames(self, frames: int) -> None:
        """Raises ``OohError(CREATIVE_TOO_LARGE)``."""
        if frames > self.max_frames:
            raise OohError(Code.CREATIVE_TOO_LARGE, f"{frames} frames or more are over {self.max_frames}")
