"""Fjell: walking holidays, a still lake under layered mountains at dawn."""

from __future__ import annotations

import itertools
import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sandbox.artist._paint import Canvas, mix, ramp, tint
from sandbox.artist._texture import chance, clouds, grain, levels
from sandbox.artist._type import Face, button, put, put_lines

_SERIF = "EBGaramond12-Regular.otf"
_SKY = ((0, "#27466b"), (0.3, "#5f86a6"), (0.55, "#b7b9bd"), (0.75, "#f3cdb0"), (1, "#ffdcae"))
_SHORE = 700


def fjell_1920x1080() -> Image.Image:
    """Go where the map goes quiet."""
    canvas = Canvas.new(1920, 1080, k=1)
    canvas.image.paste(tint(ramp((1920, _SHORE)), _SKY), (0, 0))
    streaks = clouds(canvas.size, (1300, 60), 4, 6)
    canvas.light("#ffd9bb", ImageChops.multiply(levels(streaks, 0.5, 1.0), levels(canvas.fade(), 0.0, 0.5)), 0.5)
    canvas.light("#fff1cf", canvas.glow_mask((1330, 470), 620, 0.7), 0.85)
    for layer in range(5):
        _range(canvas, layer)
    _trees(canvas)
    _lake(canvas)
    picture = grain(canvas.image, 2)
    put(picture, (110, 140), "FJELL", Face("Inter-SemiBold.otf", 34, 380), "#ffffff")
    put_lines(picture, (104, 272), ("Go where the map", "goes quiet."), Face(_SERIF, 120, -14), "#ffffff", 118)
    put(
        picture,
        (110, 965),
        "Guided walks in small groups. Lofoten, May to September.",
        Face("Inter-Medium.otf", 34),
        "#f2f6fa",
    )
    face = Face("Inter-SemiBold.otf", 31)
    button(
        picture, (1810 - face.width("See the routes") - 84, 914), "See the routes", face, "#12283c", "#ffdcae", (42, 26)
    )
    return picture


def _ridge(seed: int, base: float, rise: float, rough: float) -> list[tuple[float, float]]:
    """A skyline by midpoint displacement, about 2 px a step."""
    dice = chance(f"ridge {seed}")
    heights = [dice.uniform(-0.5, 0.5), dice.uniform(-0.5, 0.5)]
    spread = 1.0
    for _ in range(10):
        spread *= rough
        between = [(a + b) / 2 + dice.uniform(-spread, spread) for a, b in itertools.pairwise(heights)]
        heights = [height for pair in zip(heights, between, strict=False) for height in pair] + [heights[-1]]
    low, high = min(heights), max(heights)
    step = 1920 / (len(heights) - 1)
    return [
        (at * step, base - rise * _room(at * step) * (height - low) / (high - low)) for at, height in enumerate(heights)
    ]


def _room(x: float) -> float:
    """Low on the left, where the words are; full height on the right."""
    part = min(1.0, max(0.0, (x - 500) / 800))
    return 0.42 + 0.58 * part * part * (3 - 2 * part)


def _range(canvas: Canvas, layer: int) -> None:
    """One range of mountains: nearer ones are darker, sharper and lower; light from the right."""
    near = layer / 4
    ridge = _ridge(
        (3, 28, 5, 41, 13)[layer],
        (560, 610, 645, 680, 702)[layer],
        (390, 300, 190, 120, 62)[layer],
        (0.52, 0.54, 0.56, 0.56, 0.56)[layer],
    )
    mask = canvas.polygon([(0, 1080), *ridge, (1920, 1080)]).filter(ImageFilter.GaussianBlur(0.8))
    far, close = mix("#a8b4c4", "#1d3140", near), mix("#8c9db2", "#0f1e2a", near)
    wide = clouds((1930, 1090), (300, 230), 60 + layer, 8)
    folded = wide.point([min(255, abs(value - 128) * 3) for value in range(256)])
    form = Image.blend(wide, folded, 0.45)
    relief = ImageChops.subtract(form.crop((0, 0, 1920, 1080)), form.crop((6, 3, 1926, 1083)), 0.62, 128)
    rock = tint(
        levels(relief, 0.25, 0.75),
        ((0, mix(close, "#0d1a2a", 0.35)), (0.5, far), (1, mix(far, "#ffd9b0", 0.55 - 0.3 * near))),
    )
    canvas.paint(rock, mask)
    if layer < 3:
        _snow(canvas, ridge, relief, mask, layer)
    top = min(y for _, y in ridge)
    mist = ImageChops.multiply(levels(canvas.fade(0, (0, top + 40, 1920, _SHORE)), 0.2, 1.0), mask)
    canvas.paint(mix("#ffdfc0", "#9fb4c4", near), mist, 0.78 - 0.42 * near)


def _snow(canvas: Canvas, ridge: list[tuple[float, float]], relief: Image.Image, mask: Image.Image, layer: int) -> None:
    """Snow lies near the tops, in the lee of the relief."""
    depth = (150, 105, 60)[layer]
    field = Image.new("L", canvas.size)
    draw = ImageDraw.Draw(field)
    for (x, y), (x2, _) in itertools.pairwise(ridge):
        peak = max(0.0, (690 - layer * 20 - y) / 330)
        for part in range(8):
            level = round(255 * (1 - part / 8))
            reach = depth * peak**1.3
            draw.rectangle((x, y + reach * part / 8, x2, y + reach * (part + 1) / 8), fill=level)
    field = field.filter(ImageFilter.GaussianBlur(3))
    rough = levels(clouds(canvas.size, (46, 90), 90 + layer, 6), 0.25, 0.75)
    cover = levels(ImageChops.add(field, rough, 1.0, -150), 0.05, 0.35)
    shaded = tint(levels(relief, 0.32, 0.66), ((0, "#6f86ab"), (0.45, "#a9b6cd"), (0.7, "#e6e3e6"), (1, "#fff1dc")))
    canvas.paint(shaded, ImageChops.multiply(cover, mask), 0.85)


def _trees(canvas: Canvas) -> None:
    """Firs along the far shore."""
    dice = chance("firs")
    mask = Image.new("L", (1920 * 2, 1080 * 2))
    draw = ImageDraw.Draw(mask)
    x = -10.0
    while x < 1930:
        wave = 0.5 + 0.5 * math.sin(x / 170) * math.sin(x / 61 + 2)
        height = dice.uniform(10, 24) + 26 * wave
        half = height * dice.uniform(0.16, 0.22)
        for tier in range(6):
            top = _SHORE - height + tier * height / 7
            wide = half * (tier + 1.6) / 6
            draw.polygon(
                [
                    (x * 2, top * 2),
                    ((x - wide) * 2, (top + height / 3.6) * 2),
                    ((x + wide) * 2, (top + height / 3.6) * 2),
                ],
                fill=255,
            )
        draw.line([(x * 2, (_SHORE - height) * 2), (x * 2, _SHORE * 2)], fill=255, width=3)
        x += dice.uniform(3, 11)
    draw.rectangle((0, (_SHORE - 5) * 2, 3840, _SHORE * 2 + 2), fill=255)
    canvas.paint(tint(canvas.fade(0, (0, _SHORE - 55, 1920, _SHORE)), ((0, "#243d44"), (1, "#0a171d"))), mask.reduce(2))


def _lake(canvas: Canvas) -> None:
    """The water: all of it again, upside down, moved by ripples, with a path of light."""
    high = 1080 - _SHORE
    above = canvas.image.crop((0, _SHORE - round(high * 1.45), 1920, _SHORE)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = above.resize((1920, high), Image.Resampling.BICUBIC).filter(ImageFilter.BoxBlur((0, 2)))
    dice = chance("ripples")
    for y in range(high):
        reach = 0.4 + 5.5 * (y / high) ** 1.4
        shift = round(reach * math.sin(y * 0.9 + dice.uniform(-1.2, 1.2)))
        row = water.crop((0, y, 1920, y + 1))
        water.paste(ImageChops.offset(row, shift, 0), (0, y))
    water = Image.blend(water, tint(ramp(water.size), ((0, "#8fa3b3"), (1, "#0b1b2a"))), 0.30)
    canvas.image.paste(water, (0, _SHORE))
    glints = levels(clouds(canvas.size, (120, 5), 33, 4), 0.55, 0.95)
    path = ImageChops.multiply(canvas.glow_mask((1330, 830), 520, 0.62), canvas.rounded((0, _SHORE + 4, 1920, 1080), 0))
    lit = ImageChops.multiply(glints, path)
    canvas.light("#ffe2b4", lit, 0.75)
    canvas.paint(
        "#dfe6ea", canvas.line([(0, _SHORE + 1), (1920, _SHORE + 1)], 1.4).filter(ImageFilter.GaussianBlur(1)), 0.35
    )
    canvas.shade("#1b3145", levels(canvas.fade(), 0.72, 1.0), 0.55)
