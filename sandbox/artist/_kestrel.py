"""Kestrel Coffee: a cup from above on a walnut table, beans, a line of serif."""

from __future__ import annotations

import math

from PIL import Image

from sandbox.artist._paint import Canvas, Point, both, curve, less, tint
from sandbox.artist._texture import chance, clouds, grain, levels, wood
from sandbox.artist._type import Face, button, put, put_lines

SERIF = "EBGaramond12-Regular.otf"
SANS = "Inter-SemiBold.otf"


def kestrel_300x250() -> Image.Image:
    """Slow mornings."""
    canvas = Canvas.new(300, 250, k=4)
    _table(canvas)
    _beans(canvas)
    _cup(canvas, (60, 138), 88)
    canvas.shade("#1a0f08", levels(canvas.fade(90), 0.35, 1.0), 0.6)
    picture = grain(canvas.finish(), 3)
    put(picture, (286, 27), "KESTREL", Face(SANS, 10.5, 240), "#f2e6d5", "r")
    put_lines(picture, (286, 88), ("Slow", "mornings."), Face(SERIF, 34, -12), "#fff6e9", 33, "r")
    put(picture, (286, 149), "Autumn roast, 250 g", Face("Inter-Medium.otf", 11), "#e3cfb4", "r")
    put(picture, (286, 165), "from €8.50", Face("Inter-Medium.otf", 11), "#e3cfb4", "r")
    face = Face(SANS, 12)
    wide = face.width("Order a bag") + 30
    button(picture, (286 - wide, 203), "Order a bag", face, "#2a170c", "#f4c57a", (15, 10.5))
    return picture


def _table(canvas: Canvas) -> None:
    grey = wood(canvas.size, 31, 3.2 * canvas.k)
    canvas.image = tint(grey, ((0, "#120a06"), (0.45, "#3a2114"), (0.75, "#5d3821"), (1, "#7d5233")))
    for y in (62, 151, 226):
        canvas.shade("#000000", canvas.blur(canvas.line([(0, y), (300, y + 1)], 1.1), 0.4), 0.75)
        canvas.light("#c79a6b", canvas.blur(canvas.line([(0, y + 1.4), (300, y + 2.4)], 0.6), 0.3), 0.25)
    canvas.light("#ffce93", canvas.glow_mask((30, 20), 190), 0.34)


def _beans(canvas: Canvas) -> None:
    dice = chance("beans")
    places = [(146, 232), (163, 219), (171, 239), (127, 243), (152, 205), (12, 240), (6, 24), (25, 12), (285, 243)]
    for place in places:
        _bean(canvas, place, dice.uniform(7.5, 9.5), dice.uniform(0, math.tau))


def _bean(canvas: Canvas, at: Point, length: float, turn: float) -> None:
    def spot(along: float, across: float) -> Point:
        x, y = along * length, across * length
        return at[0] + x * math.cos(turn) - y * math.sin(turn), at[1] + x * math.sin(turn) + y * math.cos(turn)

    body = canvas.polygon([spot(math.cos(a / 30 * math.tau), 0.66 * math.sin(a / 30 * math.tau)) for a in range(30)])
    canvas.shade("#000000", canvas.blur(canvas.moved(body, 1.8, 2.8), 1.8), 0.8)
    canvas.paint("#3a1d0e", body)
    canvas.light("#b06f3c", both(body, canvas.glow_mask((at[0] - 2.5, at[1] - 3), length)), 0.75)
    crease = curve([spot(-0.92, 0.02), spot(-0.4, 0.14), spot(0.05, -0.03), spot(0.5, -0.14), spot(0.92, 0.02)])
    canvas.paint("#140803", canvas.blur(canvas.line(crease, 1.5), 0.25), 0.95)
    canvas.light("#e9b380", both(body, canvas.blur(canvas.line([(x - 0.9, y - 1) for x, y in crease], 0.7), 0.3)), 0.4)


def _cup(canvas: Canvas, at: Point, radius: float) -> None:
    saucer = canvas.disc(at, radius)
    canvas.shade("#000000", canvas.blur(canvas.moved(saucer, 7, 10), 9), 0.85)
    _china(canvas, at, radius, "#b9ab9a", "#fffdf8")
    canvas.shade("#8b7b6a", canvas.blur(canvas.ring(at, radius * 0.78, 2.5), 1.4), 0.55)
    grip = canvas.line([(at[0] + 40, at[1] - 40), (at[0] + 62, at[1] - 62)], 11)
    grip.paste(255, (0, 0), canvas.disc((at[0] + 62, at[1] - 62), 5.5))
    canvas.shade("#2b1a10", both(saucer, canvas.blur(canvas.moved(grip, 6, 8), 4)), 0.6)
    canvas.paint("#e6ddd1", grip)
    canvas.light("#ffffff", both(grip, canvas.blur(canvas.moved(grip, -2.2, -2.2), 1.2)), 0.8)
    cup = canvas.disc(at, radius * 0.63)
    canvas.shade("#2b1a10", both(saucer, canvas.blur(canvas.moved(cup, 6, 8), 6)), 0.85)
    _china(canvas, at, radius * 0.63, "#c9bdae", "#ffffff")
    _coffee(canvas, at, radius * 0.56)


def _china(canvas: Canvas, at: Point, radius: float, dark: str, bright: str) -> None:
    """Glazed porcelain, lit from the top left."""
    disc = canvas.disc(at, radius)
    box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
    canvas.paint(tint(canvas.fade(45, box), ((0.1, bright), (0.55, "#f4ede3"), (0.95, dark))), disc)
    rim = canvas.blur(canvas.ring(at, radius, radius * 0.045), 0.5)
    canvas.light("#ffffff", both(disc, rim), 0.75)


def _coffee(canvas: Canvas, at: Point, radius: float) -> None:
    surface = canvas.disc(at, radius)
    crema = clouds(canvas.size, (26 * canvas.k, 26 * canvas.k), 77, 6)
    canvas.paint(tint(crema, ((0, "#6b3414"), (0.5, "#9a5624"), (1, "#c07a39"))), surface)
    canvas.shade("#3c1a08", both(surface, canvas.blur(canvas.ring(at, radius, radius * 0.16), 3)), 0.75)
    canvas.shade("#000000", less(surface, canvas.blur(canvas.disc((at[0] + 3, at[1] + 4), radius), 2)), 0.75)
    milk = _rosetta(canvas, at, radius * 0.78)
    foam = clouds(canvas.size, (14 * canvas.k, 14 * canvas.k), 79, 5)
    canvas.paint(tint(foam, ((0, "#f3dcb9"), (1, "#fff6e4"))), both(surface, canvas.blur(milk, 0.45)), 0.95)
    bubbles = levels(clouds(canvas.size, (3 * canvas.k, 3 * canvas.k), 81, 2), 0.74, 0.9)
    canvas.light("#e8b77d", both(surface, bubbles), 0.3)
    canvas.light(
        "#fff3df", both(surface, canvas.blur(canvas.ellipse((at[0] - 34, at[1] - 38, at[0] + 4, at[1] - 24)), 5)), 0.35
    )


def _rosetta(canvas: Canvas, at: Point, reach: float) -> Image.Image:
    """Latte art: leaves folded along a stem, closed by a heart."""
    x, y = at
    mask = Image.new("L", canvas.size)
    for layer in range(5):
        top = y - reach * (0.30 - layer * 0.25)
        half = reach * (0.78 - abs(layer - 1.4) * 0.15)
        drop = reach * 0.34
        leaf = curve(
            [
                (x, top + drop * 0.50),
                (x - half * 0.6, top - drop * 0.05),
                (x - half, top - drop * 0.75),
                (x - half * 0.78, top + drop * 0.25),
                (x, top + drop * 1.0),
                (x + half * 0.78, top + drop * 0.25),
                (x + half, top - drop * 0.75),
                (x + half * 0.6, top - drop * 0.05),
            ],
            closed=True,
        )
        mask.paste(255, (0, 0), canvas.polygon(leaf))
    r = reach * 0.3
    top = y - reach * 0.62
    heart = curve(
        [
            (x, top + r * 1.5),
            (x - r, top + 0.1 * r),
            (x - r * 0.55, top - r * 0.7),
            (x, top - r * 0.25),
            (x + r * 0.55, top - r * 0.7),
            (x + r, top + 0.1 * r),
        ],
        closed=True,
    )
    mask.paste(255, (0, 0), canvas.polygon(heart))
    mask.paste(0, (0, 0), canvas.line([(x, y - reach * 0.2), (x, y + reach * 0.95)], 1.6))
    return mask
