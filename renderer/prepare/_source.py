"""What every kind of creative is to the painter: a source of pixels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from PIL import Image

from config import Size

REDUCING_GAP = 3.0
"""Large pictures are first reduced by boxes to three times the size needed, which nobody can see."""


class Source(Protocol):
    """An opened creative."""

    @property
    def size(self) -> Size:
        """As it is seen: after its EXIF orientation."""

    @property
    def frames(self) -> int:
        """1 for a still."""

    @property
    def loops(self) -> int:
        """How often it asks to run; 0: for ever. Says nothing for a still."""

    @property
    def warnings(self) -> list[str]:
        """What was odd but no reason to refuse it; complete once the pixels were decoded."""

    def still(self, target: Size) -> Image.Image:
        """The first picture, upright, scaled to ``target``: RGB or RGBA in sRGB. Call it once."""

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """What a viewer sees at each frame, at its own size and upright, RGB or RGBA, and how long it stands, ms.

        The image is used again for the next frame: copy what you keep. An animation begins anew when this is called
        again.
        """
