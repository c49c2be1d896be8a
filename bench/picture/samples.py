"""Creatives for the sheet in sizes that the sandbox's artist does not draw: one invented brand, set in any shape."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from config import Size
from renderer.panels import FONTS

_DUSK, _DAWN, _INK = (24, 52, 78), (236, 150, 108), (255, 248, 240)
_LINES = ("Nordlys", "Night trains", "from €29")


def nordlys(size: Size) -> Image.Image:
    """A banner of this size, RGB: an evening sky, hills and three words."""
    picture = _sky(size)
    draw = ImageDraw.Draw(picture)
    upright = size.w / size.h < 1.8
    lines = _LINES if upright else (_LINES[0], " ".join(_LINES[1:]))
    high = size.h * (0.115 if upright else 0.3)
    wide = size.w * (0.8 if upright else 0.4)
    x, y = size.w * 0.08, size.h * (0.1 if upright else 0.16)
    for index, line in enumerate(lines):
        bold = index == 0
        font = _fitted("InterDisplay-Bold" if bold else "Inter-Medium", high * (1 if bold else 0.72), line, wide)
        draw.text((x, y), line, _INK, font)
        y += font.size * 1.35
    return picture


def _sky(size: Size) -> Image.Image:
    ramp = Image.linear_gradient("L").resize((size.w, size.h))
    picture = Image.composite(Image.new("RGB", ramp.size, _DAWN), Image.new("RGB", ramp.size, _DUSK), ramp)
    fine = picture.resize((size.w * 3, size.h * 3))
    draw = ImageDraw.Draw(fine)
    w, h = fine.size
    reach = min(w, h)
    draw.ellipse(
        (w * 0.74 - reach * 0.14, h * 0.5, w * 0.74 + reach * 0.14, h * 0.5 + reach * 0.28), fill=(255, 214, 150)
    )
    for base, colour in ((0.74, (92, 76, 96)), (0.84, (44, 52, 74))):
        hill = [(w * i / 40, h * base + reach * 0.05 * ((i * 7 + round(base * 100)) % 5 - 2)) for i in range(41)]
        draw.polygon([(0, h), *hill, (w, h)], fill=colour)
    return fine.resize((size.w, size.h), Image.Resampling.LANCZOS)


def _fitted(face: str, size: float, text: str, width: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(FONTS / f"{face}.otf"), max(6, round(size)))
    if font.getlength(text) <= width:
        return font
    return ImageFont.truetype(str(FONTS / f"{face}.otf"), max(6, int(size * width / font.getlength(text))))
