"""Elara: an electric car, drawn by its lights in a dark studio."""

from __future__ import annotations

import math
from collections.abc import Callable

from PIL import Image, ImageChops

from sandbox.artist._paint import Canvas, Point, both, curve, less, tint
from sandbox.artist._texture import clouds, grain, levels
from sandbox.artist._type import Face, button, put, put_lines

Place = Callable[[Point], Point]
"""From the car's own field to the canvas."""
_WIDE = "InterDisplay-Light.otf"
_ROOF: tuple[Point, ...] = (
    (0, 66), (4, 54), (20, 46), (58, 38), (96, 31), (128, 16), (168, 5),
    (214, 3), (262, 10), (306, 24), (336, 35), (356, 44), (364, 58), (366, 72),
)  # fmt: skip
"""The car's back from nose to tail, on a field of 366 x 110."""
_WHEELS = ((72, 84), (292, 84))


def elara_1920x1080() -> Image.Image:
    """The silence is electric."""
    canvas = Canvas.new(1920, 1080, k=2)
    _studio(canvas, floor=760, centre=(1080, 560))
    _car(canvas, (430, 400), 3.6, lit=1.0)
    picture = grain(canvas.finish(), 2)
    _name(picture, (120, 150), 38)
    put_lines(picture, (116, 300), ("The silence", "is electric."), Face(_WIDE, 118, -28), "#ffffff", 122)
    put(picture, (120, 985), "Elara E6. 610 km on one charge.", Face("Inter-Medium.otf", 34), "#c9d4e4")
    face = Face("Inter-SemiBold.otf", 30)
    button(
        picture,
        (1800 - face.width("Drive one today") - 80, 936),
        "Drive one today",
        face,
        "#06101c",
        "#7fe3ff",
        (40, 25),
    )
    return picture


def elara_300x250() -> list[Image.Image]:
    """The lights come on: 300x250, animated. The words are there from the first frame, for those who glance."""
    base = Canvas.new(300, 250, k=3)
    _studio(base, floor=178, centre=(165, 130))
    return [_lit(base.copy(), _ease(step / 15)) for step in range(16)]


def _lit(canvas: Canvas, lit: float) -> Image.Image:
    _car(canvas, (30, 104), 0.68, lit=lit)
    picture = canvas.finish()
    _name(picture, (18, 28), 11)
    put_lines(picture, (17, 62), ("The silence", "is electric."), Face(_WIDE, 25, -22), "#ffffff", 27)
    face = Face("Inter-SemiBold.otf", 12)
    button(picture, (18, 204), "Drive one today", face, "#06101c", "#7fe3ff", (15, 10))
    put(picture, (283, 222), "610 km", face.at(12), "#c9d4e4", "r")
    return picture


def _ease(part: float) -> float:
    return part * part * (3 - 2 * part)


def _name(picture: Image.Image, at: Point, size: float) -> None:
    put(picture, at, "ELARA", Face("InterDisplay-Medium.otf", size, 420), "#ffffff")


def _studio(canvas: Canvas, floor: float, centre: Point) -> None:
    """Black, with a soft light on the wall and a wet floor."""
    scale = canvas.width / 1920 if canvas.width > 400 else canvas.width / 700
    canvas.image = tint(
        canvas.fade(),
        (
            (0, "#05070c"),
            (floor / canvas.height, "#101a2a"),
            (floor / canvas.height + 0.004, "#0a1018"),
            (1, "#030406"),
        ),
    )
    canvas.light("#24507d", canvas.glow_mask(centre, 1150 * scale, 0.55), 0.8)
    canvas.light("#5aa7d6", canvas.glow_mask((centre[0], floor - 10 * scale), 800 * scale, 0.16), 0.5)
    haze = levels(clouds(canvas.size, (canvas.size[0] * 0.4, canvas.size[1] * 0.16), 8, 5), 0.4, 1.0)
    canvas.light("#2f6597", both(haze, canvas.glow_mask(centre, 1000 * scale, 0.5)), 0.4)


def _car(canvas: Canvas, at: Point, scale: float, lit: float) -> None:
    def to(point: Point) -> Point:
        return at[0] + point[0] * scale, at[1] + point[1] * scale

    roof = curve([to(point) for point in _ROOF], steps=16)
    sill = [to(point) for point in ((362, 84), (322, 92), (262, 92), (104, 92), (40, 92), (6, 82))]
    body = canvas.polygon([*roof, *sill])
    ground = to((0, 108))[1]
    shadow = canvas.ellipse((to((-6, 0))[0], ground - 9 * scale, to((374, 0))[0], ground + 7 * scale))
    canvas.paint("#010203", canvas.blur(shadow, 4 * scale), 0.95)
    for wheel in _WHEELS:
        _wheel(canvas, to(wheel), 23.5 * scale)
    arches = ImageChops.add(canvas.disc(to(_WHEELS[0]), 26.5 * scale), canvas.disc(to(_WHEELS[1]), 26.5 * scale))
    shell = less(body, arches)
    canvas.paint(
        tint(
            canvas.fade(0, (*to((0, 0)), *to((366, 96)))),
            ((0, "#1c2c42"), (0.35, "#101c2e"), (0.62, "#0a1320"), (1, "#030508")),
        ),
        shell,
    )
    _glass(canvas, to, scale, shell)
    _highlights(canvas, to, scale, roof, shell, lit)
    _lamps(canvas, to, scale, lit)
    _mirror(canvas, at, scale, ground)


def _glass(canvas: Canvas, to: Place, scale: float, shell: Image.Image) -> None:
    """The side windows, reflecting the studio's light."""
    window = canvas.polygon(
        [
            *curve([to((108, 33)), to((134, 19)), to((170, 10)), to((214, 8)), to((254, 14)), to((296, 28))]),
            *curve([to((296, 30)), to((240, 34)), to((170, 36)), to((110, 37))]),
        ]
    )
    canvas.paint("#04080e", both(window, shell))
    streak = canvas.polygon([to((150, 4)), to((176, 4)), to((150, 40)), to((120, 40))])
    canvas.light("#6fb7e6", both(window, canvas.blur(streak, 2 * scale)), 0.28)
    pillar = canvas.line([to((202, 6)), to((206, 36))], 2.4 * scale)
    canvas.paint("#0b1420", both(window, pillar))


def _highlights(canvas: Canvas, to: Place, scale: float, roof: list[Point], shell: Image.Image, lit: float) -> None:
    """The studio's light along the roof, the shoulder and the sill."""
    rim = canvas.blur(canvas.line(roof, 2.0 * scale), 0.7 * scale)
    soft = canvas.blur(canvas.line(roof, 7 * scale), 3.5 * scale)
    canvas.light("#5aa9e6", both(shell, soft), 0.45 + 0.25 * lit)
    canvas.light("#d8f1ff", both(shell, rim), 0.85)
    shoulder = curve([to((14, 56)), to((70, 49)), to((170, 45)), to((280, 46)), to((352, 52))])
    canvas.light("#4d92c9", both(shell, canvas.blur(canvas.line(shoulder, 5 * scale), 3 * scale)), 0.55)
    canvas.light("#cfeaff", both(shell, canvas.blur(canvas.line(shoulder, 1.0 * scale), 0.4 * scale)), 0.7)
    sill = curve([to((104, 82)), to((180, 78)), to((262, 82))])
    canvas.light("#3f7fb5", both(shell, canvas.blur(canvas.line(sill, 2.4 * scale), 1.4 * scale)), 0.7)
    for x in (142, 206):
        canvas.shade(
            "#000000",
            both(shell, canvas.blur(canvas.line([to((x, 38)), to((x - 4, 88))], 0.8 * scale), 0.2 * scale)),
            0.8,
        )
    for x in (188, 250):
        canvas.light(
            "#a9d8f5",
            both(shell, canvas.blur(canvas.line([to((x, 54)), to((x + 11, 53.6))], 1.1 * scale), 0.2 * scale)),
            0.6,
        )


def _lamps(canvas: Canvas, to: Place, scale: float, lit: float) -> None:
    """A blade of light at the nose, a red one at the tail, and their beams."""
    if lit <= 0:
        return
    blade = curve([to((3, 57)), to((14, 53.4)), to((34, 51))])
    canvas.light("#7fe3ff", canvas.glow_mask(to((2, 58)), 120 * scale * lit, 0.5), 0.75 * lit)
    canvas.light("#9fe9ff", canvas.blur(canvas.line(blade, 5 * scale), 3 * scale), lit)
    canvas.light("#ffffff", canvas.blur(canvas.line(blade, 1.7 * scale), 0.35 * scale), lit)
    tail = curve([to((340, 44)), to((354, 48)), to((362, 57))])
    canvas.light("#ff2038", canvas.glow_mask(to((362, 54)), 70 * scale * lit, 0.7), 0.8 * lit)
    canvas.light("#ff4a55", canvas.blur(canvas.line(tail, 2.2 * scale), 0.6 * scale), lit)
    beam = canvas.polygon([to((0, 56)), to((-150, 84)), to((-150, 118)), to((0, 62))])
    soft = both(canvas.blur(beam, 7 * scale), levels(canvas.fade(90, (*to((-150, 40)), *to((4, 130)))), 0.1, 1.0))
    canvas.light("#8fe6ff", soft, 0.5 * lit)


def _wheel(canvas: Canvas, at: Point, radius: float) -> None:
    canvas.paint("#020304", canvas.disc(at, radius))
    canvas.light("#4f6d88", canvas.blur(canvas.ring(at, radius, radius * 0.05), radius * 0.03), 0.6)
    rim = canvas.disc(at, radius * 0.76)
    box = (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)
    canvas.paint(tint(canvas.fade(30, box), ((0, "#5d7690"), (0.4, "#1d2937"), (1, "#080c12"))), rim)
    for spoke in range(10):
        turn = spoke / 10 * math.tau + 0.2
        gap = [
            (at[0] + math.cos(turn + a) * radius * r, at[1] + math.sin(turn + a) * radius * r)
            for r, a in ((0.22, -0.10), (0.68, -0.21), (0.70, 0.15), (0.24, 0.12))
        ]
        canvas.paint("#04060a", canvas.blur(canvas.polygon(gap), radius * 0.01))
    canvas.light("#b9dcf5", canvas.blur(canvas.ring(at, radius * 0.77, radius * 0.04), radius * 0.015), 0.6)
    canvas.paint("#0b121a", canvas.disc(at, radius * 0.13))


def _mirror(canvas: Canvas, at: Point, scale: float, ground: float) -> None:
    """The wet floor: the car again, upside down, blurred and fading."""
    line = round(ground * canvas.k)
    high = min(canvas.size[1] - line, round(100 * scale * canvas.k))
    above = canvas.image.crop((0, line - high, canvas.size[0], line)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    layer = Image.new("RGB", canvas.size)
    layer.paste(above, (0, line))
    layer = canvas.blur(layer, 2.2 * scale)
    left, right = at[0] - 150 * scale, at[0] + 420 * scale
    fade = ImageChops.invert(canvas.fade(0, (left, ground, right, ground + high / canvas.k)))
    mask = both(fade, canvas.rounded((left, ground, right, ground + high / canvas.k), 0))
    canvas.light(layer, mask, 0.34)
