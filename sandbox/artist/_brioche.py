"""Brioche & Sons: a row of macarons along a strip."""

from __future__ import annotations

from PIL import Image, ImageDraw

from sandbox.artist._paint import Canvas, Point, both, curve, mix, tint
from sandbox.artist._texture import chance, clouds, grain, levels
from sandbox.artist._type import Face, button, put

_SCRIPT = "lobster.otf"
_ROW = (
    ("#f2a7b5", "#fff3ea"),
    ("#b9cf8f", "#fffbe8"),
    ("#f6d184", "#8a4a22"),
    ("#c7a6d8", "#fff3ea"),
    ("#e88f6a", "#fff3ea"),
    ("#8e5b3e", "#e8c79e"),
)
"""Shell and filling: raspberry, pistachio, vanilla, violet, apricot, chocolate."""


def brioche_728x90() -> Image.Image:
    """Baked before you woke. RGBA with round corners."""
    canvas = Canvas.new(728, 90, k=4)
    canvas.image = tint(canvas.fade(90), ((0, "#fbeee0"), (0.5, "#fbe3cf"), (1, "#f4cdb4")))
    canvas.light("#ffffff", canvas.glow_mask((420, 10), 300, 0.5), 0.8)
    shelf = canvas.rounded((0, 74, 728, 90), 0)
    canvas.paint(tint(canvas.fade(0, (0, 74, 728, 90)), ((0, "#e9bfa0"), (1, "#d7a381"))), shelf)
    canvas.light("#fff4e6", canvas.line([(0, 74.4), (728, 74.4)], 0.7), 0.8)
    for at, (shell, cream) in enumerate(_ROW):
        _macaron(canvas, (322 + at * 45, 54), 20.0, shell, cream, at)
    picture = grain(canvas.finish(), 2)
    put(picture, (24, 42), "Brioche & Sons", Face(_SCRIPT, 29), "#8c2f39")
    put(picture, (25, 66), "Baked before you woke.", Face("Lato-Bold.ttf", 16), "#5d3a2b")
    face = Face("Lato-Black.ttf", 15)
    button(
        picture, (708 - face.width("Pick up today") - 36, 26), "Pick up today", face, "#ffffff", "#8c2f39", (18, 13.5)
    )
    return _rounded(picture, 14)


def _macaron(canvas: Canvas, at: Point, half: float, shell: str, cream: str, number: int) -> None:
    """Two almond shells with ruffled feet, and cream between."""
    x, y = at
    ground = canvas.ellipse((x - half * 1.02, y + 15, x + half * 1.12, y + 24))
    canvas.shade("#8a4d2f", canvas.blur(ground, 2.2), 0.75)
    filling = canvas.rounded((x - half * 0.9, y - 3.6, x + half * 0.9, y + 4.6), 3.6)
    canvas.paint(
        tint(canvas.fade(0, (x, y - 4, x + 1, y + 5)), ((0, mix(cream, "#000000", 0.18)), (1, cream))), filling
    )
    canvas.paint(cream, filling)
    canvas.shade(
        "#9a6a50", both(filling, canvas.blur(canvas.line([(x - half, y - 3.4), (x + half, y - 3.4)], 2.4), 1)), 0.7
    )
    _shell(canvas, (x, y + 4), half, 17.5, shell, number * 2, 1)
    _shell(canvas, (x, y - 3), half, 24.0, shell, number * 2 + 1, -1)


def _shell(canvas: Canvas, at: Point, half: float, height: float, colour: str, seed: int, up: int) -> None:
    """One shell; ``up``: -1 the upper, 1 the lower. The foot is towards the cream."""
    x, y = at
    dice = chance(f"macaron {seed}")
    for bump in range(15):
        across = -half * 0.95 + bump * half * 1.9 / 14
        size = dice.uniform(1.7, 2.6)
        foot = canvas.disc((x + across, y + up * dice.uniform(0.6, 1.5)), size)
        canvas.paint(mix(colour, "#ffffff", dice.uniform(0.05, 0.3)), foot)
    dome = canvas.polygon(
        [
            *curve(
                [
                    (x - half, y + up * 2.2),
                    (x - half * 0.97, y + up * height * 0.38),
                    (x - half * 0.72, y + up * height * 0.74),
                    (x, y + up * height * 0.92),
                    (x + half * 0.72, y + up * height * 0.74),
                    (x + half * 0.97, y + up * height * 0.38),
                    (x + half, y + up * 2.2),
                ]
            )
        ]
    )
    canvas.paint(mix(colour, "#5a2a1a", 0.12), dome)
    box = (x - half, y - height, x + half, y + height)
    canvas.shade(
        tint(canvas.fade(90, box), ((0, "#d9c0b4"), (0.3, "#ffffff"), (0.65, "#ffffff"), (1, "#b98f80"))), dome, 0.9
    )
    crumb = levels(clouds(canvas.size, (1.6 * canvas.k, 1.4 * canvas.k), 300 + seed, 3), 0.25, 0.75)
    canvas.shade(tint(crumb, ((0, "#dcc6ba"), (1, "#ffffff"))), dome, 0.55)
    if up < 0:
        light = canvas.blur(
            canvas.ellipse((x - half * 0.66, y - height * 0.86, x + half * 0.2, y - height * 0.42)), 2.6
        )
        canvas.light("#ffffff", both(dome, light), 0.62)
    else:
        canvas.shade("#8d5a48", both(dome, canvas.fade(0, (x - half, y, x + half, y + height))), 0.65)


def _rounded(picture: Image.Image, radius: int) -> Image.Image:
    mask = Image.new("L", (picture.width * 4, picture.height * 4))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius * 4, fill=255)
    whole = picture.convert("RGBA")
    whole.putalpha(mask.reduce(4))
    return whole
