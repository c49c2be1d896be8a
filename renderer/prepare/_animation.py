"""Animations as sources of pixels: what GIF, APNG, WebP and AVIF sequences have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PIL import Image

from config import Code, OohError, Size
from renderer.prepare._source import REDUCING_GAP

Shown = tuple[Image.Image, int]
"""What a viewer sees at a frame, and for how long, ms. The image is used again for the next frame."""
_DAMAGE = (Code.CREATIVE_TRUNCATED, Code.CREATIVE_CORRUPT)


class Animation:
    """An opened animation (see `Source`); ``compose`` begins it anew at each call."""

    def __init__(
        self, size: Size, frames: int, loops: int, warnings: list[str], compose: Callable[[], Iterator[Shown]]
    ) -> None:
        self.size = size
        self.frames = frames
        """As the file lists them: damage may leave fewer."""
        self.loops = loops
        self.warnings = warnings
        self._compose = compose

    def still(self, target: Size) -> Image.Image:
        """See `Source`."""
        picture, _ = next(self.pictures())
        return picture.resize((target.w, target.h), Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)

    def pictures(self) -> Iterator[Shown]:
        """See `Source`. May be called again: the animation then begins anew.

        Ends at the first frame that cannot be decoded, with a warning. Raises ``OohError`` when that is frame 0.
        """
        composed = self._compose()
        for index in range(self.frames):
            try:
                shown = next(composed)
            except OohError as error:
                if index == 0 or error.code not in _DAMAGE:
                    raise
                self._warn(f"from frame {index + 1} on it is damaged: {index} of its {self.frames} frames are shown")
                return
            yield shown

    def _warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)
