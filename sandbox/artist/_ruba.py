"""Ruba: a cold can among orange slices."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw

from sandbox.artist._paint import Canvas, Point, both, curve, less, tint
from sandbox.artist._texture import bokeh, chance, clouds, grain, levels
from sandbox.artist._type import Face, button, put, put_lines

_BLACK = "LeagueSpartan-Black.otf"


def ruba_1080x1920() -> Image.Image:
    """Squeeze the day."""
    canvas = Canvas.new(1080, 1920, k=2)
    canvas.image = tint(canvas.fade(20), ((0, "#ffcf3f"), (0.5, "#ff9a1f"), (1, "#f0560f")))
    canvas.light("#fff3b0", canvas.glow_mask((540, 1010), 900), 0.75)
    bokeh(canvas, ("#fff0a8", "#ffe27a", "#ffffff"), 26, (18, 90), "ruba")
    orange(canvas, (180, 1080), 265, -0.3)
    orange(canvas, (930, 1330), 300, 0.5)
    _can(canvas, (540, 1130), 420, 900)
    orange(canvas, (205, 1630), 320, 0.2)
    _leaf(canvas, (505, 1700), 230, -0.3)
    orange(canvas, (850, 1725), 250, 1.1)
    picture = grain(canvas.finish(), 2)
    put_lines(picture, (540, 250), ("SQUEEZE", "THE DAY."), Face(_BLACK, 196, -16), "#ffffff", 172, "m")
    put(picture, (540, 520), "Sparkling blood orange. Nothing else.", Face("Inter-SemiBold.otf", 42), "#7a2302", "m")
    return picture


def ruba_300x250() -> Image.Image:
    """The same can, at hand."""
    canvas = Canvas.new(300, 250, k=4)
    canvas.image = tint(canvas.fade(40), ((0, "#ffd24a"), (0.5, "#ff9d24"), (1, "#ee5a12")))
    canvas.light("#fff3b0", canvas.glow_mask((215, 120), 170), 0.8)
    bokeh(canvas, ("#fff0a8", "#ffffff"), 14, (5, 22), "small")
    orange(canvas, (286, 92), 56, 0.4)
    _can(canvas, (226, 134), 86, 196)
    orange(canvas, (168, 226), 52, 0.1)
    orange(canvas, (272, 238), 60, 0.8)
    picture = grain(canvas.finish(), 2)
    put_lines(picture, (18, 74), ("SQUEEZE", "THE DAY."), Face(_BLACK, 36, -16), "#ffffff", 33)
    put_lines(picture, (18, 131), ("Sparkling", "blood orange."), Face("Inter-SemiBold.otf", 13), "#7a2302", 17)
    button(picture, (18, 186), "Find a can", Face("Inter-SemiBold.otf", 13), "#ffffff", "#c43a06", (16, 11.5))
    return picture


def orange(canvas: Canvas, at: Point, radius: float, turn: float) -> None:
    """A slice of orange: peel, pith, ten segments with pulp."""
    disc = canvas.disc(at, radius)
    canvas.shade("#a33300", canvas.blur(canvas.moved(disc, radius * 0.05, radius * 0.12), radius * 0.09), 0.75)
    canvas.paint("#f58a10", disc)
    canvas.light(
        "#ffd27a",
        both(
            disc,
            canvas.blur(
                canvas.ring((at[0] - radius * 0.02, at[1] - radius * 0.03), radius, radius * 0.05), radius * 0.015
            ),
        ),
        0.7,
    )
    canvas.paint("#fff0cd", canvas.blur(canvas.disc(at, radius * 0.93), radius * 0.012))
    flesh = _flesh(canvas, at, radius)
    for segment in range(10):
        middle = turn + segment / 10 * math.tau
        mask = canvas.blur(canvas.polygon(_segment(at, radius * 0.86, middle, math.tau / 20 * 0.88)), radius * 0.008)
        canvas.paint(flesh, mask)
        inner = less(
            mask, canvas.blur(canvas.polygon(_segment(at, radius * 0.80, middle, math.tau / 20 * 0.72)), radius * 0.03)
        )
        canvas.light("#ffb84d", inner, 0.45)
    canvas.paint("#ffedc2", canvas.blur(canvas.disc(at, radius * 0.055), radius * 0.02))
    canvas.light(
        "#ffffff", both(disc, canvas.glow_mask((at[0] - radius * 0.35, at[1] - radius * 0.45), radius * 0.8)), 0.38
    )


def _segment(at: Point, radius: float, middle: float, half: float) -> list[Point]:
    """A wedge with round corners."""

    def spot(share: float, angle: float) -> Point:
        return at[0] + math.cos(angle) * radius * share, at[1] + math.sin(angle) * radius * share

    return curve(
        [
            spot(0.10, middle),
            spot(0.55, middle - half * 0.94),
            spot(0.90, middle - half * 0.95),
            spot(0.985, middle - half * 0.66),
            spot(1.0, middle),
            spot(0.985, middle + half * 0.66),
            spot(0.90, middle + half * 0.95),
            spot(0.55, middle + half * 0.94),
        ],
        closed=True,
        steps=10,
    )


def _flesh(canvas: Canvas, at: Point, radius: float) -> Image.Image:
    """Pulp: noise drawn out from the centre, deep red outside."""
    side = max(8, round(radius * canvas.k))
    vesicles = clouds((side * 2, side * 2), (side * 0.16, side * 0.16), int(at[0]) + 3, 4)
    spokes = Image.new("L", (side * 2, side * 2))
    draw, dice = ImageDraw.Draw(spokes), chance(int(at[1]))
    for _ in range(240):
        angle, start, reach = dice.uniform(0, math.tau), dice.uniform(0.1, 0.7), dice.uniform(0.08, 0.24)
        line = [
            (side + math.cos(angle) * side * part, side + math.sin(angle) * side * part)
            for part in (start, start + reach)
        ]
        draw.line(line, dice.randint(40, 120), round(side * 0.016))
    pulp = tint(vesicles, ((0, "#d8330c"), (0.5, "#f2601a"), (1, "#ff9036")))
    local = Canvas(side * 2, side * 2, 1, pulp)
    local.light("#ffc27a", local.blur(spokes, side * 0.006), 0.8)
    flesh = Image.new("RGB", canvas.size)
    flesh.paste(local.image, (round(at[0] * canvas.k) - side, round(at[1] * canvas.k) - side))
    return flesh


def _leaf(canvas: Canvas, at: Point, length: float, turn: float) -> None:
    def spot(along: float, across: float) -> Point:
        x, y = along * length, across * length
        return at[0] + x * math.cos(turn) - y * math.sin(turn), at[1] + x * math.sin(turn) + y * math.cos(turn)

    outline = curve(
        [spot(0, 0), spot(0.3, -0.2), spot(0.7, -0.16), spot(1, 0), spot(0.7, 0.18), spot(0.3, 0.2)], closed=True
    )
    leaf = canvas.polygon(outline)
    canvas.shade("#8a2f00", canvas.blur(canvas.moved(leaf, 8, 16), 12), 0.6)
    canvas.paint(
        tint(
            canvas.fade(30, (at[0], at[1] - length * 0.6, at[0] + length, at[1] + length * 0.3)),
            ((0, "#86c440"), (1, "#1f6a2c")),
        ),
        leaf,
    )
    canvas.light(
        "#d4f08a", both(leaf, canvas.blur(canvas.line([spot(0.02, 0), spot(0.98, 0)], length * 0.014), 0.8)), 0.7
    )
    for part in range(1, 8):
        for side in (-1, 1):
            vein = [spot(part / 8, 0), spot(part / 8 + 0.14, 0.16 * side)]
            canvas.light("#c7e77a", both(leaf, canvas.blur(canvas.line(vein, length * 0.007), 0.6)), 0.4)


def _can(canvas: Canvas, at: Point, width: float, height: float) -> None:
    """An aluminium can: body, shoulders, lid, label and dew."""
    x, y = at
    left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    neck, lip = width * 0.10, width * 0.12
    shape = canvas.polygon(
        [
            (left + neck, top + lip * 0.3),
            *curve([(left + neck, top + lip * 0.5), (left + neck * 0.45, top + lip * 1.3), (left, top + lip * 2.2)]),
            *curve([(left, bottom - lip * 1.5), (left + neck * 0.5, bottom - lip * 0.55), (left + neck * 1.1, bottom)]),
            *curve(
                [
                    (x - width * 0.2, bottom + lip * 0.22),
                    (x, bottom + lip * 0.28),
                    (x + width * 0.2, bottom + lip * 0.22),
                ]
            ),
            *curve(
                [(right - neck * 1.1, bottom), (right - neck * 0.5, bottom - lip * 0.55), (right, bottom - lip * 1.5)]
            ),
            *curve([(right, top + lip * 2.2), (right - neck * 0.45, top + lip * 1.3), (right - neck, top + lip * 0.5)]),
            (right - neck, top + lip * 0.3),
        ]
    )
    canvas.shade("#8f2b00", canvas.blur(canvas.moved(shape, width * 0.08, width * 0.06), width * 0.09), 0.8)
    box = (left, top, right, bottom)
    label = (
        (0, "#8e1a06"),
        (0.10, "#d63a10"),
        (0.24, "#ff7a3a"),
        (0.34, "#ff5a1c"),
        (0.6, "#ea4410"),
        (0.86, "#a82408"),
        (0.95, "#d8481e"),
        (1, "#8e1a06"),
    )
    canvas.paint(tint(canvas.fade(90, box), label), shape)
    metal = (
        (0, "#77736f"),
        (0.14, "#c9c6c2"),
        (0.26, "#ffffff"),
        (0.4, "#d5d2ce"),
        (0.7, "#8d8984"),
        (0.9, "#d9d6d2"),
        (1, "#6f6b67"),
    )
    steel = tint(canvas.fade(90, box), metal)
    collar = canvas.polygon(
        [
            (left, top),
            (right, top),
            (right, top + lip * 1.5),
            *curve([(right, top + lip * 1.5), (x, top + lip * 1.85), (left, top + lip * 1.5)]),
        ]
    )
    canvas.paint(steel, both(shape, collar))
    foot = canvas.polygon(
        [
            *curve([(left, bottom - lip * 0.75), (x, bottom - lip * 0.4), (right, bottom - lip * 0.75)]),
            (right, bottom + lip),
            (left, bottom + lip),
        ]
    )
    canvas.paint(steel, both(shape, foot))
    _label(canvas, at, width, height, shape)
    _lid(canvas, at, width, top, neck, lip)
    shine = canvas.blur(
        canvas.rounded((left + width * 0.16, top + lip * 2.4, left + width * 0.23, bottom - lip * 1.6), width * 0.04),
        width * 0.018,
    )
    canvas.light("#ffffff", both(shape, shine), 0.62)
    _dew(canvas, shape, box, width)


def _lid(canvas: Canvas, at: Point, width: float, top: float, neck: float, lip: float) -> None:
    x = at[0]
    half = width / 2 - neck
    rim = canvas.ellipse((x - half, top - lip * 0.25, x + half, top + lip * 0.85))
    canvas.paint(
        tint(
            canvas.fade(90, (x - half, top, x + half, top + lip)),
            ((0, "#8d8984"), (0.3, "#ffffff"), (0.65, "#a5a19c"), (1, "#d9d6d2")),
        ),
        rim,
    )
    inner = canvas.ellipse((x - half * 0.92, top - lip * 0.12, x + half * 0.92, top + lip * 0.74))
    canvas.paint(tint(canvas.fade(0, (x - half, top, x + half, top + lip)), ((0, "#7c7873"), (1, "#d6d3cf"))), inner)
    tab = canvas.ellipse((x - half * 0.22, top + lip * 0.12, x + half * 0.30, top + lip * 0.5))
    canvas.shade("#4a4642", canvas.blur(canvas.moved(tab, 0, lip * 0.06), lip * 0.05), 0.7)
    canvas.paint("#e8e5e1", tab)
    canvas.paint("#8d8984", canvas.ellipse((x + half * 0.06, top + lip * 0.2, x + half * 0.22, top + lip * 0.42)))


def _label(canvas: Canvas, at: Point, width: float, height: float, shape: Image.Image) -> None:
    """The name, upright, and half an orange as a sun."""
    x, y = at
    layer = Image.new("L", canvas.size)
    face = Face(_BLACK, width * 0.37 * canvas.k, -18)
    big = Image.new("RGB", canvas.size)
    put(big, (x * canvas.k, (y - height * 0.05) * canvas.k), "ruba", face, "#ffffff", "m")
    small = Face("Inter-SemiBold.otf", width * 0.058 * canvas.k, 160)
    put(big, (x * canvas.k, (y + height * 0.03) * canvas.k), "BLOOD ORANGE", small, "#ffffff", "m")
    put(
        big,
        (x * canvas.k, (y + height * 0.355) * canvas.k),
        "330 ml",
        small.at(width * 0.05 * canvas.k),
        "#ffffff",
        "m",
    )
    layer = big.getchannel("R")
    canvas.paint("#fff6e6", both(layer, shape), 0.97)
    sun = (x, y + height * 0.285)
    for ring, part in ((0.235, 255), (0.205, 0), (0.18, 255)):
        radius = width * ring
        half = both(canvas.disc(sun, radius), canvas.rounded((x - radius, sun[1] - radius, x + radius, sun[1]), 0))
        canvas.paint("#fff6e6" if part else "#ea4410", both(half, shape))
    for ray in range(1, 6):
        angle = math.pi + ray / 6 * math.pi
        end = (x + math.cos(angle) * width * 0.18, sun[1] + math.sin(angle) * width * 0.18)
        canvas.paint("#ea4410", canvas.line([sun, end], width * 0.014))
    shadow = levels(canvas.fade(90, (x - width / 2, y - height / 2, x + width / 2, y + height / 2)), 0.62, 1.0)
    canvas.shade("#b04a2a", both(shape, shadow), 0.45)


def _dew(canvas: Canvas, shape: Image.Image, box: tuple[float, float, float, float], width: float) -> None:
    """Condensation: drops of many sizes, each with its light and its shadow."""
    dice = chance("dew")
    left, top, right, bottom = box
    drops, lights = Image.new("L", canvas.size), Image.new("L", canvas.size)
    for _ in range(230):
        at = (dice.uniform(left, right), dice.uniform(top + (bottom - top) * 0.12, bottom))
        radius = width * 0.013 * dice.uniform(0.35, 1) ** 2 * 1.6
        tall = dice.uniform(1.0, 1.35)
        drops.paste(
            255, (0, 0), canvas.ellipse((at[0] - radius, at[1] - radius * tall, at[0] + radius, at[1] + radius * tall))
        )
        spot = (at[0] - radius * 0.3, at[1] - radius * 0.4)
        lights.paste(255, (0, 0), canvas.disc(spot, radius * 0.34))
    inside = both(drops, shape)
    canvas.shade(
        "#7a1a04", both(shape, canvas.moved(canvas.blur(inside, width * 0.003), width * 0.003, width * 0.006)), 0.55
    )
    canvas.light("#ff9a66", inside, 0.38)
    canvas.light("#ffffff", both(shape, canvas.blur(lights, width * 0.0012)), 0.95)
