"""The test pattern: every edge, the shape, sharpness, greys, colours, which way is up, and the mode in figures."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from config import Size
from renderer.card._said import CardSaid
from renderer.panels import CAP, Face, Rgb, fitting, label_size, write

_GROUND: Rgb = (52, 52, 52)
_GRID: Rgb = (88, 88, 88)
_WHITE: Rgb = (255, 255, 255)
_SAFE: Rgb = (255, 214, 10)
_SAFE_SHARE = 0.05
"""Of each side: what an overscanning TV may hide (SMPTE ST 2046-1 keeps action inside 93 %, EBU R 95 inside 96.5 %)."""
_BARS: tuple[Rgb, ...] = (
    (255, 255, 255),
    (255, 255, 0),
    (0, 255, 255),
    (0, 255, 0),
    (255, 0, 255),
    (255, 0, 0),
    (0, 0, 255),
    (0, 0, 0),
)
_GREYS = (0, 8, 16, 32, 64, 96, 128, 160, 192, 224, 239, 247, 255)
"""The two at each end must differ: else the TV and the player do not agree on limited and full range."""
_FINE = ((1, True), (1, False), (2, True), (2, False), (4, True), (4, False))
"""Thickness in pixels, upright."""
_SMOOTH = 2


def pattern_card(size: Size, said: CardSaid) -> Image.Image:
    """Exactly ``size``: its outermost pixels are the white line at every edge."""
    picture = Image.new("RGB", (size.w, size.h), _GROUND)
    unit = label_size(size)
    _grid(picture)
    _circles(picture, unit)
    _safe(picture, unit)
    _middle(picture, unit, said)
    _corners(picture, unit)
    ImageDraw.Draw(picture).rectangle((0, 0, size.w - 1, size.h - 1), outline=_WHITE)
    return picture


def _grid(picture: Image.Image) -> None:
    """Squares, from the middle outwards, so that both sides end alike."""
    draw = ImageDraw.Draw(picture)
    step = max(8, round(max(picture.size) / 24))
    for across in range(picture.width // 2 % step, picture.width, step):
        draw.line((across, 0, across, picture.height), _GRID)
    for down in range(picture.height // 2 % step, picture.height, step):
        draw.line((0, down, picture.width, down), _GRID)
    draw.line((picture.width // 2, 0, picture.width // 2, picture.height), (150, 150, 150))
    draw.line((0, picture.height // 2, picture.width, picture.height // 2), (150, 150, 150))


def _circles(picture: Image.Image, unit: float) -> None:
    """A large one that touches two edges, and one in each corner: an egg shows a wrong shape."""
    w, h = picture.size
    large = min(w, h) // 2 - 2
    small = round(min(w, h) * 0.11)
    away = small + round(unit * 0.8)
    thick = max(2, round(unit / 9))
    for x, y, radius in (
        (w / 2, h / 2, large),
        (away, away, small),
        (w - away, away, small),
        (away, h - away, small),
        (w - away, h - away, small),
    ):
        _circle(picture, (x, y), radius, thick)


def _circle(picture: Image.Image, middle: tuple[float, float], radius: int, thick: int) -> None:
    side = 2 * radius
    mask = Image.new("L", (side * _SMOOTH, side * _SMOOTH), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, side * _SMOOTH - 1, side * _SMOOTH - 1), outline=255, width=thick * _SMOOTH)
    at = (round(middle[0] - radius), round(middle[1] - radius))
    picture.paste(_WHITE, at, mask.resize((side, side), Image.Resampling.BOX))


def _safe(picture: Image.Image, unit: float) -> None:
    """The dashed line that a TV without overscan shows whole, far from its edge."""
    draw = ImageDraw.Draw(picture)
    x, y = round(picture.width * _SAFE_SHARE), round(picture.height * _SAFE_SHARE)
    right, bottom = picture.width - 1 - x, picture.height - 1 - y
    dash, thick = max(4, round(unit * 0.7)), max(1, round(unit / 12))
    for start in range(x, right, 2 * dash):
        for level in (y, bottom):
            draw.line((start, level, min(right, start + dash), level), _SAFE, thick)
    for start in range(y, bottom, 2 * dash):
        for level in (x, right):
            draw.line((level, start, level, min(bottom, start + dash)), _SAFE, thick)
    write(picture, (x + unit * 0.5, bottom - unit * 0.5), "5 %", Face.STRONG, unit * 0.8, _SAFE)


def _middle(picture: Image.Image, unit: float, said: CardSaid) -> None:
    """Arrow, figures, greys, colours and fine lines, one under the other inside the large circle."""
    w, h = picture.size
    wide = min(w, h) * 0.66
    left, right = round((w - wide) / 2), round((w + wide) / 2)
    band = min(w, h) * 0.085
    y = h / 2 - min(w, h) * 0.36
    _arrow(picture, (w / 2, y), band * 1.1)
    y += band * 1.25
    write(picture, (w / 2, y + unit), "TOP", Face.BOLD, max(unit * 1.2, band * 0.42), _WHITE, "m")
    y += band * 0.75
    lines = _figures(picture, said)
    panel = (left, round(y), right, round(y + band * 1.75))
    ImageDraw.Draw(picture).rectangle(panel, fill=(16, 16, 16))
    large = fitting(lines[0], Face.HEADLINE, wide * 0.9, band * 0.86, 6)
    write(picture, (w / 2, y + band * 0.55 + large * CAP / 2), lines[0], Face.HEADLINE, large, _WHITE, "m")
    small = fitting(lines[1], Face.TEXT, wide * 0.9, band * 0.4, 5)
    write(picture, (w / 2, y + band * 1.3 + small * CAP / 2), lines[1], Face.TEXT, small, (205, 205, 205), "m")
    y += band * 1.95
    _steps(picture, (left, round(y), right, round(y + band)), [(grey, grey, grey) for grey in _GREYS])
    y += band * 1.15
    _steps(picture, (left, round(y), right, round(y + band)), _BARS)
    y += band * 1.15
    _fine(picture, (left, round(y), right, round(y + band * 0.8)))


def _figures(picture: Image.Image, said: CardSaid) -> tuple[str, str]:
    output = said.output
    words = [f"turned {said.rotation}°" if said.rotation else "not turned"]
    if output is not None:
        words += [output.driver, output.renderer if output.back_end == "gpu" else "software"]
    rate = "" if output is None else f"  {output.refresh_hz:.4g} Hz"
    return f"{picture.width} × {picture.height}{rate}", " · ".join([said.screen_id, *words])


def _arrow(picture: Image.Image, tip: tuple[float, float], high: float) -> None:
    """Points to the top of the picture as people are to see it."""
    x, y = tip
    mask = Image.new("L", (round(high * 4), round(high * 4)), 0)
    outline = ((0, -0.5), (0.5, 0.05), (0.19, 0.05), (0.19, 0.5), (-0.19, 0.5), (-0.19, 0.05), (-0.5, 0.05))
    corners = [((a + 0.5) * mask.width, (b + 0.5) * mask.height) for a, b in outline]
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    side = max(1, round(high))
    picture.paste(_WHITE, (round(x - side / 2), round(y)), mask.resize((side, side), Image.Resampling.BOX))


def _steps(picture: Image.Image, box: tuple[int, int, int, int], colours: Sequence[Rgb]) -> None:
    """Patches side by side, without a gap."""
    left, top, right, bottom = box
    draw = ImageDraw.Draw(picture)
    for place, colour in enumerate(colours):
        start = left + (right - left) * place // len(colours)
        end = left + (right - left) * (place + 1) // len(colours)
        draw.rectangle((start, top, end - 1, bottom - 1), fill=colour)


def _fine(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Lines of one pixel, two and four, upright and lying: grey or coloured where something scales the picture."""
    left, top, right, bottom = box
    for place, (thick, upright) in enumerate(_FINE):
        start = left + (right - left) * place // len(_FINE)
        end = left + (right - left) * (place + 1) // len(_FINE)
        tile = Image.new("RGB", (max(1, end - start), max(1, bottom - top)), (0, 0, 0))
        draw = ImageDraw.Draw(tile)
        for at in range(0, max(tile.size), 2 * thick):
            box_at = (at, 0, at + thick - 1, tile.height) if upright else (0, at, tile.width, at + thick - 1)
            draw.rectangle(box_at, fill=_WHITE)
        picture.paste(tile, (start, top))


def _corners(picture: Image.Image, unit: float) -> None:
    """Red wedges into each corner, over the edge line's end: a hidden one means that the picture is cut there."""
    w, h = picture.size
    side = max(6, round(unit * 0.9))
    draw = ImageDraw.Draw(picture)
    red = (235, 40, 40)
    draw.polygon([(1, 1), (side, 1), (1, side)], fill=red)
    draw.polygon([(w - 2, 1), (w - 1 - side, 1), (w - 2, side)], fill=red)
    draw.polygon([(1, h - 2), (side, h - 2), (1, h - 1 - side)], fill=red)
    draw.polygon([(w - 2, h - 2), (w - 1 - side, h - 2), (w - 2, h - 1 - side)], fill=red)
