"""Type: measured text in any script, text that fits or is dropped, lines that are broken well."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from renderer.panels._bidi import Direction
from renderer.panels._colour import Rgb
from renderer.panels._faces import BITMAP_SIZE, FONTS, Cut, Face, loaded, shaping
from renderer.panels._runs import Run, clusters, cut, drawable, runs

__all__ = ["CAP", "FONTS", "Face", "clean", "fitting", "shortened", "width", "write"]

CAP = 0.727
"""Height of a capital or a figure in Inter, as a share of the size."""
_MOST = 240
_EMOJI_DROP = 0.028
"""How much lower than its own baseline an emoji is set, to be centred on capitals."""
_TABULAR = ["tnum"]


def clean(value: object, limit: int = _MOST) -> str:
    """One line of text that can be drawn, from whatever a feed sent; empty when it is not text."""
    if not isinstance(value, str):
        return ""
    kept = "".join(" " if c.isspace() else c for c in value[: limit * 4] if c.isspace() or _printable(c))
    return drawable(cut(" ".join(kept.split()), limit)).strip()


def _printable(char: str) -> bool:
    return char in "\u200c\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


@lru_cache(maxsize=4096)
def _width(text: str, face: Face, size_px: int) -> float:
    return sum(_run_width(run, size_px) for run in runs(text, face))


def _run_width(run: Run, size_px: int) -> float:
    font = loaded(run.cut, size_px)
    wide = font.getlength(_letters(run), direction=_direction(run), features=_features(run))
    return wide * size_px * run.cut.scale / BITMAP_SIZE if run.cut.colour else wide


def _letters(run: Run) -> str:
    """Without a shaper, right-to-left text is at least set in the order in which it is seen."""
    return run.text if run.direction == "ltr" or shaping() else "".join(reversed(clusters(run.text)))


def _features(run: Run) -> list[str] | None:
    """Only Inter has figures to align."""
    return _TABULAR if run.cut.tabular and shaping() else None


def _direction(run: Run) -> Direction | None:
    return run.direction if shaping() else None


def width(text: str, face: Face, size_px: float) -> float:
    """How wide ``text`` is set, in pixels."""
    return _width(text, face, _whole(size_px))


def fitting(text: str, face: Face, max_width: float, max_size_px: float, min_size_px: float = 6) -> int:
    """The largest size, between the two, at which ``text`` is no wider than ``max_width`` (else the smallest)."""
    size = _whole(max_size_px)
    wide = width(text, face, size)
    if wide > max(max_width, 0.0):
        size = max(_whole(min_size_px), math.floor(size * max(max_width, 0) / wide))
        while size > min_size_px and width(text, face, size) > max_width:
            size -= 1
    return size


def shortened(text: str, face: Face, size_px: float, max_width: float) -> str:
    """``text``, or as much of it as fits with an ellipsis; empty when not even three letters would."""
    if width(text, face, size_px) <= max_width:
        return text
    parts = clusters(text)
    low, high = 0, len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        if width("".join(parts[:middle]).rstrip() + "…", face, size_px) <= max_width:
            low = middle
        else:
            high = middle - 1
    least = 3 if text.isascii() or low < 2 else 2
    return "".join(parts[:low]).rstrip(" ,.;:-–،。、") + "…" if low >= least else ""


def write(
    image: Image.Image,
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
    size = _whole(size_px)
    x = at[0]
    if align != "l":
        wide = width(text, face, size)
        x -= wide / 2 if align == "m" else wide
    draw = ImageDraw.Draw(image)
    for run in runs(text, face):
        if run.cut.colour:
            _stamp(image, x, at[1], run, size)
        else:
            stroke = run.cut.stroke * size
            font = loaded(run.cut, size)
            draw.text(
                (x, round(at[1])),
                _letters(run),
                fill=ink,
                font=font,
                anchor="ls",
                direction=_direction(run),
                features=_features(run),
                stroke_width=stroke,
            )
        x += _run_width(run, size)


def _stamp(image: Image.Image, x: float, base: float, run: Run, size: int) -> None:
    picture, rise = _emoji(run.text, run.cut, run.direction, size)
    image.paste(picture, (round(x), round(base + size * _EMOJI_DROP) - rise), picture)


@lru_cache(maxsize=32)
def _emoji(text: str, cut: Cut, direction: Direction, size: int) -> tuple[Image.Image, int]:
    """Colour bitmaps reduced to a size, and how far they rise above the baseline."""
    run = Run(text, cut, direction)
    font: ImageFont.FreeTypeFont = loaded(cut, size)
    left, top, right, bottom = font.getbbox(text, anchor="ls", direction=_direction(run))
    wide, high = max(1, math.ceil(right - min(left, 0))), max(1, math.ceil(bottom - top))
    large = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
    draw = ImageDraw.Draw(large)
    draw.text((0, -top), text, font=font, anchor="ls", embedded_color=True, direction=_direction(run))
    times = size * cut.scale / BITMAP_SIZE
    small = (max(1, round(wide * times)), max(1, round(high * times)))
    return large.resize(small, Image.Resampling.LANCZOS), round(-top * times)


def _whole(size_px: float) -> int:
    return max(1, min(2000, round(size_px)))
