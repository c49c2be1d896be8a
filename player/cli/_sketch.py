"""Draws a layout as a sketch: its zones to scale, with names and sizes, and a neutral creative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from PIL import Image, ImageDraw, ImageFont

from config import PanelKind, Rect, Size
from renderer.layout import Layout
from renderer.panels import FONTS

Rgb = tuple[int, int, int]
Font = ImageFont.FreeTypeFont
Box = tuple[int, int, int, int]

_MOST_PIXELS = Size(1600, 1100)
"""The screen's frame on the sheet is at most this large."""
_LEAST_WIDTH = 760
"""The sheet's, for its heading's sake."""
_MARGIN, _HEAD = 48, 104
_FINE = 2
"""Drawn at twice the size and brought down: smooth corners and lines."""

_PAPER, _INK, _QUIET = (246, 246, 244), (27, 31, 38), (110, 117, 128)
_BACKDROP, _LINE = (38, 43, 52), (84, 92, 106)
_CREATIVE, _CREATIVE_LINE = (231, 228, 221), (203, 198, 188)
_ZONES: Mapping[PanelKind, Rgb] = MappingProxyType(
    {
        "weather": (78, 117, 158),
        "scores": (88, 124, 92),
        "headlines": (154, 112, 66),
        "clock": (116, 104, 156),
        "brand": (156, 92, 106),
    }
)
"""Calm, and dark enough for white words (at least 4:1)."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the sheet says over the picture."""

    title: str
    facts: str


def sketch(layout: Layout, creative: Size, words: Words) -> Image.Image:
    """The sheet, RGB. The screen is drawn to scale, at most 1600x1100."""
    scale = min(_MOST_PIXELS.w / layout.screen.w, _MOST_PIXELS.h / layout.screen.h)
    frame = Size(max(1, round(layout.screen.w * scale)), max(1, round(layout.screen.h * scale)))
    width = max(_LEAST_WIDTH, frame.w + 2 * _MARGIN)
    sheet = Image.new("RGB", (width, frame.h + 2 * _MARGIN + _HEAD), _PAPER)
    _heading(sheet, words)
    sheet.paste(_picture(layout, creative, frame, scale), (_MARGIN, _MARGIN + _HEAD))
    return sheet


def _heading(sheet: Image.Image, words: Words) -> None:
    draw = ImageDraw.Draw(sheet)
    wide = sheet.width - 2 * _MARGIN
    draw.text((_MARGIN, _MARGIN - 8), words.title, _INK, _fitting("InterDisplay-Bold", 40, words.title, wide))
    draw.text((_MARGIN, _MARGIN + 48), words.facts, _QUIET, _fitting("Inter-Medium", 22, words.facts, wide))


def _picture(layout: Layout, creative: Size, frame: Size, scale: float) -> Image.Image:
    times = scale * _FINE
    picture = Image.new("RGB", (frame.w * _FINE, frame.h * _FINE), _BACKDROP)
    draw = ImageDraw.Draw(picture)
    for area in layout.areas:
        draw.rectangle(_box(area.rect, times), outline=_LINE, width=_FINE)
    place = partial(_zone, picture, times=times)
    for panel in layout.panels:
        place(panel.rect, _ZONES[panel.kind], (255, 255, 255), (panel.kind, _said(panel.rect)), 6.0)
    if layout.creative is not None:
        _cross(picture, layout.creative, times)
        told = ("creative", _said(layout.creative), f"{creative} × {layout.scale:.2f}".replace("x", "×"))
        _labels(picture, _box(layout.creative, times), _INK, told, _CREATIVE)
    return picture.resize((frame.w, frame.h), Image.Resampling.LANCZOS)


def _said(rect: Rect) -> str:
    return f"{rect.w} × {rect.h}"


def _box(rect: Rect, times: float) -> Box:
    """The rectangle on the picture, its last row and column included; never inside out."""
    left, top = round(rect.x * times), round(rect.y * times)
    return left, top, max(left, round(rect.right * times) - 1), max(top, round(rect.bottom * times) - 1)


def _zone(
    picture: Image.Image, rect: Rect, colour: Rgb, ink: Rgb, lines: tuple[str, ...], radius: float, *, times: float
) -> None:
    box = _box(rect, times)
    ImageDraw.Draw(picture).rounded_rectangle(box, radius * _FINE, fill=colour)
    _labels(picture, box, ink, lines)


def _cross(picture: Image.Image, rect: Rect, times: float) -> None:
    """The creative: a plain ground with its diagonals, as on a layout sheet."""
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = _box(rect, times)
    draw.rectangle((left, top, right, bottom), fill=_CREATIVE, outline=_CREATIVE_LINE, width=_FINE)
    for ends in ((left, top, right, bottom), (left, bottom, right, top)):
        draw.line(ends, fill=_CREATIVE_LINE, width=_FINE)


def _labels(picture: Image.Image, box: Box, ink: Rgb, lines: tuple[str, ...], ground: Rgb | None = None) -> None:
    """The lines in the middle of the box, the first one bold; as many as it holds. ``ground`` is laid under them."""
    wide, high = (box[2] - box[0]) * 0.86, (box[3] - box[1]) * 0.8
    size = min(34.0 * _FINE, high / 1.4, max(13.0 * _FINE, min(wide, high * 2) / 9))
    told: list[tuple[str, Font]] = [(lines[0], _font("InterDisplay-SemiBold", size))]
    told += [(line, _font("Inter-Medium", size * 0.72)) for line in lines[1:]]
    while told and not (sum(map(_high, told)) <= high and max(map(_wide, told)) <= wide):
        told.pop()
    if told:
        _write(ImageDraw.Draw(picture), ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), ink, told, ground)


def _write(
    draw: ImageDraw.ImageDraw, middle: tuple[float, float], ink: Rgb, told: list[tuple[str, Font]], ground: Rgb | None
) -> None:
    x, y = middle[0], middle[1] - sum(map(_high, told)) / 2
    if ground is not None:
        air = _high(told[0]) / 2
        half = max(map(_wide, told)) / 2 + air
        draw.rounded_rectangle((x - half, y - air / 2, x + half, 2 * middle[1] - y + air / 2), air, fill=ground)
    for line in told:
        draw.text((x, y + _high(line) / 2), line[0], ink, line[1], anchor="mm")
        y += _high(line)


def _high(line: tuple[str, Font]) -> float:
    return line[1].size * 1.35


def _wide(line: tuple[str, Font]) -> float:
    return line[1].getlength(line[0])


def _font(face: str, size: float) -> Font:
    return ImageFont.truetype(str(FONTS / f"{face}.otf"), max(1, round(size)))


def _fitting(face: str, size: int, text: str, width: float) -> Font:
    font = _font(face, size)
    return font if font.getlength(text) <= width else _font(face, size * width / font.getlength(text))
