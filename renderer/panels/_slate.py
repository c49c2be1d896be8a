"""The slate: what is on screen when there is nothing else. Calm, in the operator's colour, never an error."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageMath

from config import Size
from renderer.panels._colour import BLACK, WHITE, Rgb, ink_on, luminance, mix, parse
from renderer.panels._style import label_size
from renderer.panels._type import CAP, Face, clean, fitting, write

_FALLBACK: Rgb = (16, 21, 31)
_COOL: Rgb = (64, 122, 235)
_COARSE = 480
"""The light is drawn this wide and enlarged: as soft as if blurred large, at a fraction of the cost."""

_Pool = tuple[float, float, float, Rgb]
"""Centre across and down, reach (shares of the sides), colour at the centre."""


def slate(size: Size, brand_colour: str, line: str | None = None) -> Image.Image:
    """A still of exactly ``size``: soft light on the brand's colour, and one short line if given. Always the same."""
    brand = parse(brand_colour) or _FALLBACK
    picture = _light(size, brand)
    words = clean(line or "", 60)
    if words and min(size.w, size.h) >= 60:
        text_size = fitting(words, Face.TEXT, size.w * 0.8, label_size(size) * 1.3, 8)
        ink = mix(brand, ink_on(brand), 0.72)
        at = (size.w / 2, size.h - min(size.w, size.h) * 0.09 + text_size * CAP / 2)
        write(picture, at, words, Face.TEXT, text_size, ink, "m")
    return picture


def _light(size: Size, brand: Rgb) -> Image.Image:
    """Pools of light of the brand's own family, computed in floats and dithered, so that no bands show."""
    times = min(1.0, _COARSE / max(size.w, size.h))
    small = (max(2, round(size.w * times)), max(2, round(size.h * times)))
    masks = [(_mask(small, pool), pool[3]) for pool in _pools(brand)]
    noise = Image.frombytes("L", small, Random(7).randbytes(small[0] * small[1])).convert("F")  # noqa: S311
    bands = []
    for channel in range(3):
        band = Image.new("F", small, brand[channel])
        for mask, colour in masks:
            band = ImageMath.lambda_eval(_towards(colour[channel]), band=band, mask=mask)
        dithered = ImageMath.lambda_eval(lambda v: v["band"] + v["noise"] / 255.0, band=band, noise=noise)
        bands.append(dithered.convert("L"))
    return Image.merge("RGB", bands).resize((size.w, size.h), Image.Resampling.BICUBIC)


def _towards(level: int) -> Callable[[dict[str, Any]], Any]:
    """The expression that moves a band towards one level where its mask is."""
    return lambda v: v["band"] + (level - v["band"]) * v["mask"] / 255.0


def _pools(brand: Rgb) -> tuple[_Pool, ...]:
    vivid = brand if max(brand) - min(brand) > 60 else _COOL
    if luminance(brand) < 0.4:
        return (
            (0.85, 1.05, 0.75, mix(brand, BLACK, 0.45)),
            (0.05, 0.0, 1.05, mix(mix(brand, vivid, 0.24), WHITE, 0.03)),
            (0.30, 0.22, 0.50, mix(mix(brand, vivid, 0.32), WHITE, 0.07)),
        )
    return (
        (0.85, 1.05, 0.75, mix(brand, BLACK, 0.10)),
        (0.20, 0.05, 0.85, mix(brand, WHITE, 0.45)),
    )


def _mask(size: tuple[int, int], pool: _Pool) -> Image.Image:
    """How much of a pool's light falls where, 0 to 255, in floats."""
    x, y, reach, _ = pool
    tiny = (max(2, size[0] // 6), max(2, size[1] // 6))
    r = reach * max(tiny) * 0.5
    mask = Image.new("L", tiny, 0)
    ImageDraw.Draw(mask).ellipse((x * tiny[0] - r, y * tiny[1] - r, x * tiny[0] + r, y * tiny[1] + r), fill=255)
    soft = mask.filter(ImageFilter.GaussianBlur(r * 0.62)).convert("F")
    return soft.resize(size, Image.Resampling.BICUBIC)
