"""What makes a surface look photographed: clouds of noise, grain, bokeh, wood."""

from __future__ import annotations

import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageFilter, ImageMath

from sandbox.artist._paint import Canvas, Colour, mix


def chance(seed: int | str) -> random.Random:
    """Seeded: the same picture every time."""
    return random.Random(seed)  # noqa: S311 - for pictures


def noise(size: tuple[int, int], cell: tuple[float, float], seed: int) -> Image.Image:
    """Smooth grey noise whose grains are about ``cell`` pixels wide and high."""
    small = (max(2, round(size[0] / cell[0]) + 2), max(2, round(size[1] / cell[1]) + 2))
    grains = Image.frombytes("L", small, chance(seed).randbytes(small[0] * small[1]))
    return grains.resize(size, Image.Resampling.BICUBIC)


def clouds(size: tuple[int, int], cell: tuple[float, float], seed: int, octaves: int = 6) -> Image.Image:
    """Fractal noise, stretched to the whole range of greys. ``cell``: the largest forms, in pixels."""
    total: Image.Image | None = None
    weight, whole = 1.0, 0.0
    for octave in range(octaves):
        layer = noise(size, (max(1, cell[0] / 2**octave), max(1, cell[1] / 2**octave)), seed * 101 + octave)
        part = _scaled(layer, weight)
        total = part if total is None else _sum(total, part)
        whole += weight
        weight *= 0.53
    if total is None:
        msg = "clouds need at least one octave"
        raise ValueError(msg)
    low, high = (float(value) for value in total.getextrema())  # type: ignore[arg-type]
    return total.point(lambda v: v * (255 / (high - low)) + (-low * 255 / (high - low))).convert("L")


def levels(picture: Image.Image, low: float, high: float, gamma: float = 1.0) -> Image.Image:
    """Contrast: ``low`` (0..1) and darker becomes black, ``high`` and lighter white."""

    def level(value: int) -> int:
        part = min(1.0, max(0.0, (value / 255 - low) / (high - low)))
        return round(255 * float(part**gamma))

    return picture.point([level(value) for value in range(256)])


def grain(picture: Image.Image, amount: int, seed: int = 5) -> Image.Image:
    """Film grain, which hides the bands of 8-bit gradients too. ``amount``: levels either way."""
    size = picture.size
    grains = Image.frombytes("L", size, chance(seed).randbytes(size[0] * size[1]))
    grains = grains.filter(ImageFilter.GaussianBlur(0.6)).point(
        [max(0, min(255, round(128 + (value - 128) * amount / 40))) for value in range(256)]
    )
    layer = Image.merge("RGB", (grains, grains, grains))
    return ImageChops.add(picture, layer, 1, -128)


def bokeh(canvas: Canvas, colours: Sequence[Colour], count: int, radii: tuple[float, float], seed: int | str) -> None:
    """Lights out of focus: soft discs with a brighter rim."""
    dice = chance(seed)
    for _ in range(count):
        centre = (dice.uniform(0, canvas.width), dice.uniform(0, canvas.height))
        radius = dice.uniform(*radii)
        colour = colours[dice.randrange(len(colours))]
        strength = dice.uniform(0.08, 0.34)
        disc = canvas.blur(canvas.disc(centre, radius), radius * 0.05)
        canvas.light(colour, disc, strength)
        rim = canvas.blur(canvas.ring(centre, radius, radius * 0.08), radius * 0.04)
        canvas.light(mix(colour, "#ffffff", 0.4), rim, strength * 0.7)


def wood(size: tuple[int, int], seed: int, grain_px: float) -> Image.Image:
    """Grey planks' grain, along the picture's width."""
    broad = clouds(size, (size[0] * 0.9, grain_px * 10), seed, 3)
    fine = clouds(size, (size[0] * 0.35, grain_px), seed + 1, 4)
    pores = levels(noise(size, (grain_px * 9, max(1.0, grain_px * 0.28)), seed + 2), 0.72, 1.0)
    mixed = Image.blend(broad, fine, 0.55)
    return ImageChops.subtract(mixed, pores.point([value // 5 for value in range(256)]))


def _scaled(layer: Image.Image, weight: float) -> Image.Image:
    return layer.convert("F").point(lambda value: value * weight + 0)


def _sum(one: Image.Image, other: Image.Image) -> Image.Image:
    return ImageMath.lambda_eval(lambda of: of["one"] + of["other"], one=one, other=other)  # type: ignore[no-any-return]
