"""The canvas that the pictures of a GIF or an APNG are laid on, one after another.

GIF89a 23 and the PNG specification (third edition, 11.3.6.2) mean the same three things by a picture's
disposal; both begin with a canvas that is transparent all over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PIL import Image

from config import Rect, Size

CLEAR = (0, 0, 0, 0)


class Disposal(Enum):
    """What becomes of a picture's place before the next one is laid."""

    KEEP = auto()
    CLEAR = auto()
    """Transparent, as in all browsers: a GIF's background colour and a WebP's are ignored there."""
    RESTORE = auto()
    """What was there before. Before the first picture it was transparent, which makes it `CLEAR`."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where one picture goes, and how."""

    rect: Rect
    """Its own size; what lies over the canvas' edge is cut off."""
    disposal: Disposal
    over: bool
    """Blended over what is there, or in its place (alpha and all)."""


class Canvas:
    """``image`` is what a viewer sees now: RGBA, changed in place by each `lay`."""

    def __init__(self, size: Size) -> None:
        self.image = Image.new("RGBA", (size.w, size.h), CLEAR)
        self._pending: tuple[tuple[int, int, int, int], Image.Image | None] | None = None

    def lay(self, placing: Placing, picture: Image.Image | None) -> None:
        """Dispose of the picture before, then lay this one (RGBA, of its rectangle's size; None: it is empty)."""
        self._dispose()
        rect = placing.rect
        box = (rect.x, rect.y, min(rect.right, self.image.width), min(rect.bottom, self.image.height))
        if picture is None or box[0] >= box[2] or box[1] >= box[3]:
            return
        if placing.disposal is not Disposal.KEEP:
            kept = self.image.crop(box) if placing.disposal is Disposal.RESTORE else None
            self._pending = (box, kept)
        if placing.over:
            self.image.alpha_composite(picture, box[:2], (0, 0, box[2] - box[0], box[3] - box[1]))
        else:
            self.image.paste(picture, box[:2])

    def _dispose(self) -> None:
        if self._pending is None:
            return
        box, kept = self._pending
        self._pending = None
        if kept is None:
            self.image.paste(CLEAR, box)
        else:
            self.image.paste(kept, box)
