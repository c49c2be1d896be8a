"""The Quiet Orbit: a series about one astronaut, in one picture."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageDraw

from sandbox.artist._paint import Canvas, Point, both, less, tint
from sandbox.artist._texture import chance, clouds, grain, levels
from sandbox.artist._type import Face, put, put_lines


def orbit_300x600() -> Image.Image:
    """All episodes, from Friday."""
    canvas = Canvas.new(300, 600, k=3)
    _space(canvas)
    _planet(canvas, (205, 590), 262)
    _moon(canvas, (64, 232), 21)
    _astronaut(canvas, (186, 252), 1.12)
    picture = grain(canvas.finish(), 2)
    put(picture, (150, 40), "A SERIES IN SIX PARTS", Face("Inter-SemiBold.otf", 10.5, 260), "#a9bfe0", "m")
    put(picture, (150, 92), "THE QUIET", Face("BebasNeue-Bold.otf", 47, 110), "#ffffff", "m")
    put(picture, (150, 152), "ORBIT", Face("BebasNeue-Bold.otf", 72, 190), "#ffffff", "m")
    put_lines(
        picture, (150, 528), ("All episodes,", "from Friday."), Face("Inter-SemiBold.otf", 19), "#ffffff", 25, "m"
    )
    put(picture, (150, 582), "lantern+", Face("Manrope-ExtraBold.ttf", 18), "#ffb26b", "m")
    return picture


def _space(canvas: Canvas) -> None:
    canvas.image = tint(canvas.fade(), ((0, "#050817"), (0.5, "#0b1537"), (1, "#10224f")))
    dust = clouds(canvas.size, (canvas.size[0] * 0.8, canvas.size[0] * 0.5), 19, 6)
    canvas.light("#3b2f8f", levels(dust, 0.45, 1.0), 0.55)
    canvas.light("#0f6f93", levels(ImageChops.invert(dust), 0.6, 1.0), 0.4)
    dice = chance("stars")
    stars = Image.new("L", canvas.size)
    draw = ImageDraw.Draw(stars)
    for _ in range(520):
        x, y = dice.uniform(0, canvas.size[0]), dice.uniform(0, canvas.size[1])
        radius = canvas.k * dice.choice((0.22, 0.3, 0.3, 0.4, 0.62))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=dice.randint(70, 255))
    canvas.light("#ffffff", stars)
    for _ in range(7):
        at = (dice.uniform(10, canvas.width - 10), dice.uniform(160, canvas.height * 0.6))
        canvas.light("#bcd4ff", canvas.glow_mask(at, 5), 0.9)


def _planet(canvas: Canvas, at: Point, radius: float) -> None:
    """A gas giant seen from its night side's edge: bands, a terminator, an atmosphere."""
    disc = canvas.disc(at, radius)
    for reach, strength in ((1.18, 0.35), (1.07, 0.6)):
        halo = less(canvas.blur(canvas.disc(at, radius * reach), radius * 0.05), canvas.disc(at, radius * 0.995))
        canvas.light("#ff8d4d", both(halo, levels(canvas.fade(65), 0.1, 0.8)), strength * 0.55)
    side = canvas.size[1]
    bands = clouds((side, side), (side * 3, 34 * canvas.k), 51, 5)
    swirl = clouds((side, side), (120 * canvas.k, 12 * canvas.k), 52, 6)
    turned = Image.blend(bands, swirl, 0.22).rotate(-14, Image.Resampling.BICUBIC)
    left = (side - canvas.size[0]) // 2
    surface = turned.crop((left, 0, left + canvas.size[0], side))
    canvas.paint(
        tint(
            levels(surface, 0.2, 0.8),
            ((0, "#5b1f2b"), (0.35, "#a8432f"), (0.6, "#e58a4b"), (0.85, "#ffd09a"), (1, "#fff0d6")),
        ),
        disc,
    )
    lit = canvas.blur(canvas.disc((at[0] + radius * 0.30, at[1] - radius * 0.34), radius * 0.86), radius * 0.17)
    canvas.shade("#04061a", less(disc, lit), 0.97)
    rim = less(
        disc, canvas.blur(canvas.disc((at[0] - radius * 0.012, at[1] + radius * 0.016), radius * 0.985), radius * 0.012)
    )
    canvas.light("#ffdcb0", both(rim, levels(canvas.fade(65), 0.2, 0.75)), 0.95)
    canvas.shade("#050817", levels(canvas.fade(), 0.74, 1.0), 0.8)


def _moon(canvas: Canvas, at: Point, radius: float) -> None:
    disc = canvas.disc(at, radius)
    rock = clouds(canvas.size, (16 * canvas.k, 16 * canvas.k), 71, 6)
    canvas.paint(tint(rock, ((0, "#6f7890"), (1, "#d8ddea"))), disc)
    dice = chance("craters")
    for _ in range(16):
        turn, reach = dice.uniform(0, math.tau), radius * dice.uniform(0, 0.9)
        spot = (at[0] + math.cos(turn) * reach, at[1] + math.sin(turn) * reach)
        size = radius * dice.uniform(0.05, 0.19)
        canvas.shade("#596178", both(disc, canvas.blur(canvas.disc(spot, size), 0.3)), 0.6)
        canvas.light(
            "#ffffff", both(disc, canvas.blur(canvas.ring((spot[0] - 0.4, spot[1] + 0.4), size, 0.5), 0.2)), 0.35
        )
    lit = canvas.blur(canvas.disc((at[0] + radius * 0.35, at[1] + radius * 0.3), radius * 0.95), radius * 0.2)
    canvas.shade("#060a1e", less(disc, lit), 0.95)


def _astronaut(canvas: Canvas, at: Point, scale: float) -> None:
    """A small figure adrift, lit by the planet from below, on a slack line."""

    def to(x: float, y: float) -> Point:
        turn = -0.32
        x, y = x * scale, y * scale
        return at[0] + x * math.cos(turn) - y * math.sin(turn), at[1] + x * math.sin(turn) + y * math.cos(turn)

    tether = [(at[0] + 14 + t * 130, at[1] - 3 - 26 * math.sin(t * 5.2) - t * 30) for t in (i / 60 for i in range(61))]
    canvas.paint("#93a4c8", canvas.blur(canvas.line(tether, 0.9), 0.15), 0.75)
    suit = Image.new("L", canvas.size)
    for points, width in (
        (((-3.5, 11), (-6, 21), (-4, 31)), 7.4),
        (((4, 11), (8, 20), (14, 27)), 7.4),
        (((-7, -4), (-16, 0), (-21, -8)), 6.0),
        (((7, -4), (16, -9), (23, -5)), 6.0),
    ):
        limb = [to(*point) for point in points]
        suit.paste(255, (0, 0), canvas.line(limb, width * scale))
        for joint in limb:
            suit.paste(255, (0, 0), canvas.disc(joint, width * scale / 2))
    pack = canvas.polygon([to(-10, -9), to(10, -9), to(10.5, 9), to(-10.5, 9)])
    canvas.paint("#5f6c8c", canvas.blur(pack, 0.6))
    suit.paste(255, (0, 0), canvas.blur(canvas.polygon([to(-8, -8), to(8, -8), to(8.5, 13), to(-8.5, 13)]), 0.5))
    suit.paste(255, (0, 0), canvas.disc(to(0, -15), 9.4 * scale))
    box = (at[0] - 30 * scale, at[1] - 30 * scale, at[0] + 30 * scale, at[1] + 38 * scale)
    canvas.paint(
        tint(canvas.fade(20, box), ((0, "#6d7c9f"), (0.5, "#c5cee2"), (0.75, "#fff1dd"), (1, "#ffb877"))), suit
    )
    inner = canvas.blur(suit, 1.8)
    canvas.shade("#34405f", less(suit, levels(inner, 0.35, 0.95)), 0.55)
    face_x, face_y = to(0.5, -14.5)
    half = 6.3 * scale
    visor = canvas.ellipse((face_x - half, face_y - half * 0.95, face_x + half, face_y + half * 0.85))
    canvas.paint(
        tint(
            canvas.fade(15, (at[0] - 8, at[1] - 26, at[0] + 12, at[1] - 4)),
            ((0, "#0b1026"), (0.55, "#3b2a4a"), (1, "#ff9d57")),
        ),
        visor,
    )
    canvas.light("#ffffff", both(visor, canvas.blur(canvas.disc(to(-2.2, -17.6), 1.5 * scale), 0.5)), 0.9)
    box_x, box_y = to(-3.5, -1.5)
    canvas.shade("#7885a5", canvas.blur(canvas.rounded((box_x, box_y, box_x + 6, box_y + 6), 1), 0.2), 0.7)
