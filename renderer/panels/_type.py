"""Type: the bundled faces, measured text, text that fits or is dropped."""

from __future__ import annotations

import math
import unicodedata
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

from renderer.panels._colour import Rgb

FONTS = Path(__file__).with_name("fonts")
CAP = 0.727
"""Height of a capital or a figure in Inter, as a share of the size."""
_MOST = 240


class Face(StrEnum):
    """The cuts in use. Display cuts are drawn for 30 pixels and more."""

    TEXT = "Inter-Medium"
    STRONG = "Inter-SemiBold"
    BOLD = "Inter-Bold"
    FIGURE = "InterDisplay-Light"
    DISPLAY = "InterDisplay-Medium"
    HEADLINE = "InterDisplay-SemiBold"


@lru_cache(maxsize=1)
def _shaper() -> tuple[ImageFont.Layout, list[str] | None]:
    """Raqm gives tabular figures; without it figures keep their own widths and columns lose a pixel or two."""
    if features.check("raqm"):
        return ImageFont.Layout.RAQM, ["tnum"]
    return ImageFont.Layout.BASIC, None


@lru_cache(maxsize=48)
def _font(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{face}.otf", size_px, layout_engine=_shaper()[0])


def clean(value: object, limit: int = _MOST) -> str:
    """One line of printable text from whatever a feed sent; empty when it is not text."""
    if not isinstance(value, str):
        return ""
    kept = "".join(" " if c.isspace() else c for c in value[: limit * 4] if c.isspace() or _printable(c))
    return " ".join(kept.split())[:limit]


def _printable(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def width(text: str, face: Face, size_px: float) -> float:
    """How wide ``text`` is set, in pixels."""
    return _font(face, _whole(size_px)).getlength(text, features=_shaper()[1])


def fitting(text: str, face: Face, max_width: float, max_size_px: float, min_size_px: float = 6) -> int:
    """The largest size, between the two, at which ``text`` is no wider than ``max_width`` (else the smallest)."""
    size = _whole(max_size_px)
    wide = width(text, face, size)
    if wide > max_width:
        size = max(_whole(min_size_px), math.floor(size * max(max_width, 0) / wide))
        while size > min_size_px and width(text, face, size) > max_width:
            size -= 1
    return size


def shortened(text: str, face: Face, size_px: float, max_width: float) -> str:
    """``text``, or as much of it as fits with an ellipsis; empty when not even three letters would."""
    if width(text, face, size_px) <= max_width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + "…", face, size_px) <= max_width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip(" ,.;:-–") + "…" if low >= 3 else ""


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    face: Face,
    size_px: float,
    ink: Rgb,
    align: str = "l",
) -> None:
    """Set one line: ``at`` is the point on the baseline, ``align`` l, m or r says which point of the line it is."""
    if not text:
        return
    font, shape = _font(face, _whole(size_px)), _shaper()[1]
    x = at[0]
    if align != "l":
        wide = font.getlength(text, features=shape)
        x -= wide / 2 if align == "m" else wide
    draw.text((x, round(at[1])), text, fill=ink, font=font, anchor="ls", features=shape)


def _whole(size_px: float) -> int:
    return max(1, min(2000, round(size_px)))
