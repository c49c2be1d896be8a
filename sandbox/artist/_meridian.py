"""Meridian: a wristwatch, strap and all, that a skyscraper banner was made for."""

from __future__ import annotations

import math

from PIL import Image

from sandbox.artist._paint import Canvas, Point, both, less, tint
from sandbox.artist._texture import clouds, grain, levels, noise
from sandbox.artist._type import Face, button, put, put_lines

_SERIF = "EBGaramond12-Regular.otf"
_STEEL = ((0, "#f6f7f8"), (0.25, "#aeb4bb"), (0.5, "#eceff1"), (0.75, "#7d848c"), (1, "#dfe3e6"))


def meridian_160x600() -> Image.Image:
    """Keep your own time."""
    canvas = Canvas.new(160, 600, k=5)
    canvas.image = tint(canvas.fade(25), ((0, "#e9e4dc"), (0.5, "#d8d0c4"), (1, "#b9ad9d")))
    canvas.light("#ffffff", canvas.glow_mask((40, 230), 220), 0.7)
    _strap(canvas)
    _case(canvas, (80, 292), 64)
    picture = grain(canvas.finish(), 2)
    put(picture, (80, 36), "MERIDIAN", Face("InterDisplay-Medium.otf", 14.5, 330), "#2b2620", "m")
    put_lines(picture, (80, 78), ("Keep your", "own time."), Face(_SERIF, 32, -10), "#2b2620", 31, "m")
    put(picture, (80, 530), "Automatic, 38 mm", Face("Inter-SemiBold.otf", 12), "#2b2620", "m")
    face = Face("Inter-SemiBold.otf", 12.5)
    button(picture, (80 - face.width("Find yours") / 2 - 20, 549), "Find yours", face, "#ffffff", "#23395b", (20, 11))
    return picture


def _strap(canvas: Canvas) -> None:
    """Tan leather with stitches, above and below the case, fading out at its ends."""
    for top, bottom, wide, narrow in ((132, 240, 25, 31), (344, 506, 31, 24)):
        left, right = 80, 80
        shape = canvas.polygon(
            [(left - wide, top), (right + wide, top), (right + narrow, bottom), (left - narrow, bottom)]
        )
        canvas.shade("#4a3b2a", canvas.blur(canvas.moved(shape, 7, 5), 6), 0.6)
        hide = clouds(canvas.size, (5 * canvas.k, 4 * canvas.k), 5, 5)
        pores = levels(noise(canvas.size, (1.1 * canvas.k, 0.9 * canvas.k), 6), 0.1, 0.9)
        canvas.paint(tint(Image.blend(hide, pores, 0.3), ((0, "#7d441c"), (0.5, "#a9642f"), (1, "#c98648"))), shape)
        across = canvas.fade(90, (80 - 34, top, 80 + 34, bottom))
        canvas.shade(tint(across, ((0, "#5a3a22"), (0.25, "#ffffff"), (0.62, "#ffffff"), (1, "#4a2e1a"))), shape, 0.8)
        canvas.light("#ffd9a8", both(shape, canvas.blur(canvas.line([(71, top), (71, bottom)], 9), 5)), 0.28)
        for side in (-1, 1):
            for stitch in range(round((bottom - top - 8) / 7)):
                y = top + 6 + stitch * 7
                reach = wide + (narrow - wide) * (y - top) / (bottom - top) - 4.2
                thread = canvas.line([(80 + side * reach, y), (80 + side * reach, y + 4)], 1.1)
                canvas.shade("#3d2210", canvas.blur(canvas.moved(thread, 0.4, 0.5), 0.4), 0.7)
                canvas.paint("#f3e3c4", thread)
    canvas.paint("#5c3516", canvas.ellipse((78, 440, 82, 444)))
    canvas.paint("#5c3516", canvas.ellipse((78, 462, 82, 466)))
    canvas.paint("#5c3516", canvas.ellipse((78, 484, 82, 488)))


def _case(canvas: Canvas, at: Point, radius: float) -> None:
    x, y = at
    crown = canvas.rounded((x + radius - 1, y - 6, x + radius + 7, y + 6), 2)
    canvas.paint(tint(canvas.fade(0, (x + radius, y - 6, x + radius + 7, y + 6)), _STEEL), crown)
    for ridge in range(6):
        canvas.shade(
            "#5b6168", canvas.line([(x + radius + 1, y - 5 + ridge * 2), (x + radius + 7, y - 5 + ridge * 2)], 0.5), 0.7
        )
    for dx in (-1, 1):
        for dy in (-1, 1):
            lug = canvas.polygon(
                [
                    (x + dx * 30, y + dy * 50),
                    (x + dx * 45, y + dy * 42),
                    (x + dx * 41, y + dy * 70),
                    (x + dx * 33, y + dy * 71),
                ]
            )
            canvas.shade("#4a3b2a", canvas.blur(canvas.moved(lug, 3, 3), 2.5), 0.6)
            canvas.paint(tint(canvas.fade(90, (x - 46, y - 72, x + 46, y + 72)), _STEEL), canvas.blur(lug, 0.6))
    body = canvas.disc(at, radius)
    canvas.shade("#3d3022", canvas.blur(canvas.moved(body, 6, 9), 8), 0.75)
    box = (x - radius, y - radius, x + radius, y + radius)
    canvas.paint(tint(canvas.fade(40, box), _STEEL), body)
    canvas.paint(tint(canvas.fade(220, box), _STEEL), canvas.disc(at, radius * 0.945))
    canvas.shade("#000000", canvas.blur(canvas.ring(at, radius * 0.885, radius * 0.03), 0.3), 0.55)
    _dial(canvas, at, radius * 0.86)
    _hands(canvas, at, radius * 0.86)
    glass = canvas.disc(at, radius * 0.86)
    streak = canvas.polygon([(x - 70, y - 14), (x + 4, y - 70), (x + 24, y - 70), (x - 70, y + 4)])
    canvas.light("#ffffff", both(glass, canvas.blur(streak, 3)), 0.13)


def _dial(canvas: Canvas, at: Point, radius: float) -> None:
    """Sunburst blue with applied markers and a date."""
    dial = canvas.disc(at, radius)
    canvas.paint("#1f3f73", dial)
    for ray in range(180):
        turn = ray / 180 * math.tau
        bright = 0.5 + 0.5 * math.cos(2 * (turn - 0.9))
        jitter = 0.75 + 0.25 * math.sin(ray * 7.3)
        wedge = [
            at,
            *(
                (at[0] + math.cos(turn + a) * radius * 1.02, at[1] + math.sin(turn + a) * radius * 1.02)
                for a in (-0.02, 0.02)
            ),
        ]
        canvas.light("#7fa8e6", both(dial, canvas.polygon(wedge)), 0.42 * bright**2 * jitter)
    canvas.shade("#0a1730", both(dial, canvas.blur(canvas.ring(at, radius, radius * 0.14), 3)), 0.8)
    for minute in range(60):
        turn = minute / 60 * math.tau
        major = minute % 5 == 0
        inner, outer, width = (0.78, 0.93, 2.3) if major else (0.90, 0.94, 0.55)
        line = [
            (at[0] + math.cos(turn) * radius * part, at[1] + math.sin(turn) * radius * part) for part in (inner, outer)
        ]
        mark = canvas.line(line, width)
        if major:
            canvas.shade("#000000", canvas.blur(canvas.moved(mark, 0.5, 0.8), 0.5), 0.6)
        canvas.paint("#f4f6f8" if major else "#c9d6ea", mark)
    window = canvas.rounded((at[0] + radius * 0.47, at[1] - 4.6, at[0] + radius * 0.72, at[1] + 4.6), 1)
    canvas.paint("#f7f5ef", window)
    big = Image.new("RGB", canvas.size)
    put(
        big,
        ((at[0] + radius * 0.595) * canvas.k, (at[1] + 2.9) * canvas.k),
        "22",
        Face("Inter-SemiBold.otf", 8 * canvas.k),
        "#ffffff",
        "m",
    )
    canvas.paint("#1a1a1a", big.getchannel("R"))
    name = Image.new("RGB", canvas.size)
    put(
        name,
        (at[0] * canvas.k, (at[1] - radius * 0.40) * canvas.k),
        "MERIDIAN",
        Face("InterDisplay-Medium.otf", 6.6 * canvas.k, 200),
        "#ffffff",
        "m",
    )
    put(
        name,
        (at[0] * canvas.k, (at[1] + radius * 0.48) * canvas.k),
        "AUTOMATIC",
        Face("InterDisplay-Medium.otf", 4.4 * canvas.k, 240),
        "#ffffff",
        "m",
    )
    canvas.paint("#eef3fa", name.getchannel("R"), 0.95)


def _hands(canvas: Canvas, at: Point, radius: float) -> None:
    """Ten past ten, as in every watch advertisement."""
    hour, minute = -math.pi / 2 + (10 + 9 / 60) / 12 * math.tau, -math.pi / 2 + 9 / 60 * math.tau
    for turn, length, width in ((hour, 0.52, 3.6), (minute, 0.80, 2.9)):
        _hand(canvas, at, turn, length * radius, width)
    second = -math.pi / 2 + 36 / 60 * math.tau
    line = canvas.line(
        [(at[0] + math.cos(second) * part, at[1] + math.sin(second) * part) for part in (-radius * 0.2, radius * 0.86)],
        0.8,
    )
    canvas.shade("#000000", canvas.blur(canvas.moved(line, 1, 1.8), 0.8), 0.5)
    canvas.paint("#ff7a45", line)
    canvas.paint("#d9dee4", canvas.disc(at, 2.8))
    canvas.paint("#ff7a45", canvas.disc(at, 1.4))


def _hand(canvas: Canvas, at: Point, turn: float, length: float, width: float) -> None:
    def to(along: float, across: float) -> Point:
        return at[0] + along * math.cos(turn) - across * math.sin(turn), at[1] + along * math.sin(
            turn
        ) + across * math.cos(turn)

    half = width / 2
    points = [
        to(-length * 0.12, half * 0.6),
        to(length * 0.62, half),
        to(length, 0),
        to(length * 0.62, -half),
        to(-length * 0.12, -half * 0.6),
    ]
    shape = canvas.polygon(points)
    canvas.shade("#000000", canvas.blur(canvas.moved(shape, 1.4, 2.4), 1.2), 0.6)
    canvas.paint("#f3f5f7", shape)
    lower = canvas.polygon(
        [to(-length * 0.12, 0), to(length, 0), to(length * 0.62, half), to(-length * 0.12, half * 0.6)]
    )
    canvas.paint("#aab4c0", less(lower, less(lower, shape)))
