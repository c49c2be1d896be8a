"""Solstice: a festival's poster in flat inks; its sun turns while the names change."""

from __future__ import annotations

import math

from PIL import Image

from sandbox.artist._paint import Canvas, both, curve
from sandbox.artist._texture import chance
from sandbox.artist._type import Face, put

_TITLE = "BebasNeue-Bold.otf"
_NIGHT, _PLUM, _ROSE, _CORAL, _SUN, _SAND = "#2b1453", "#6a1f74", "#c42f6e", "#f4664a", "#ffb52e", "#fff0cf"
_NAMES = (
    ("PAPER LANTERN CLUB", "MARA VELL", "NIGHT TRAM"),
    ("GOLDEN ANTENNA", "IDA & THE TIDE", "HALF PAST BLUE"),
    ("DJ MARIGOLD", "SIX WOODEN HORSES", "LOW ORBIT"),
)
_BLACK = "#1d0d3a"
"""Night seen against the sun."""
_STEPS = 10
"""Frames per scene."""


def solstice_300x600() -> list[Image.Image]:
    """Three scenes, one turn of the rays each."""
    skyline = _skyline()
    return [_frame(scene, step, skyline) for scene in range(len(_NAMES)) for step in range(_STEPS)]


def _frame(scene: int, step: int, skyline: Canvas) -> Image.Image:
    canvas = skyline.copy()
    centre = (150.0, 322.0)
    sky = canvas.rounded((0, 0, 300, 392), 0)
    for ray in range(16):
        turn = (ray + (step + 1) / _STEPS) / 16 * math.tau
        wedge = [
            centre,
            *((centre[0] + math.cos(turn + a) * 480, centre[1] + math.sin(turn + a) * 480) for a in (-0.098, 0.098)),
        ]
        canvas.paint(_PLUM, both(sky, canvas.polygon(wedge)))
    for radius, colour in ((126, _ROSE), (106, _CORAL), (86, _SUN)):
        canvas.paint(colour, both(sky, canvas.disc(centre, radius)))
    for stripe in range(5):
        y = 326 + stripe * 14
        canvas.paint(_ROSE, both(canvas.disc(centre, 86), canvas.rounded((0, y, 300, y + 2.6 + stripe * 1.7), 0)))
    _hills(canvas)
    picture = canvas.finish()
    put(picture, (150, 82), "SOLSTICE", Face(_TITLE, 80, 18).fitted("SOLSTICE", 264), _SAND, "m")
    put(
        picture,
        (150, 110),
        "OPEN AIR  ·  20 TO 22 JUNE",
        Face("Inter-SemiBold.otf", 14, 70).fitted("OPEN AIR  ·  20 TO 22 JUNE", 258),
        _SUN,
        "m",
    )
    for line, name in enumerate(_NAMES[scene]):
        put(picture, (150, 482 + line * 31), name, Face(_TITLE, 30, 30).fitted(name, 262), _SAND if line else _SUN, "m")
    put(picture, (150, 582), "Tickets from €39", Face("Inter-SemiBold.otf", 15), "#ff9fb0", "m")
    return picture


def _skyline() -> Canvas:
    canvas = Canvas.new(300, 600, _NIGHT, k=3)
    dice = chance("solstice")
    for _ in range(46):
        at = (dice.uniform(0, 300), dice.uniform(120, 300))
        canvas.paint(_SAND, canvas.disc(at, dice.choice((0.5, 0.7, 1.0))), 0.8)
    return canvas


def _hills(canvas: Canvas) -> None:
    """Two lines of hills, palms, and a crowd with its hands up."""
    far = curve([(-10, 372), (50, 352), (110, 374), (180, 356), (240, 372), (310, 350)])
    canvas.paint("#8f2272", canvas.polygon([*far, (310, 600), (-10, 600)]))
    near = curve([(-10, 398), (70, 386), (150, 396), (230, 384), (310, 398)])
    canvas.paint("#481a66", canvas.polygon([*near, (310, 600), (-10, 600)]))
    for x, base, height, lean in ((34, 396, 92, 8), (58, 394, 62, -6), (262, 394, 104, -10)):
        _palm(canvas, x, base, height, lean)
    dice = chance("crowd")
    for person in range(44):
        left = person * 7 + dice.uniform(-9, -5)
        head = 438 + dice.uniform(-8, 6)
        canvas.paint(_BLACK, canvas.disc((left + 7, head), 5))
        canvas.paint(_BLACK, canvas.rounded((left, head + 5, left + 14, 470), 6))
        if dice.random() < 0.34:
            side = dice.choice((-1, 1))
            arm = [(left + 7 + side * out, head + down) for out, down in ((5, 10), (9, -4), (7, -17))]
            canvas.paint(_BLACK, canvas.line(arm, 3.2))
    canvas.paint(_BLACK, canvas.rounded((0, 452, 300, 600), 0))


def _palm(canvas: Canvas, x: float, base: float, height: float, lean: float) -> None:
    top = (x + lean, base - height)
    trunk = curve([(x, base), (x + lean * 0.3, base - height * 0.5), top])
    canvas.paint(_BLACK, canvas.line(trunk, 3.2))
    for frond in range(9):
        angle = math.pi + frond / 8 * math.pi
        reach = height * 0.36
        tip = (top[0] + math.cos(angle) * reach, top[1] + math.sin(angle) * reach * 0.55 + reach * 0.36)
        middle = (top[0] + math.cos(angle) * reach * 0.55, top[1] + math.sin(angle) * reach * 0.62 - 1)
        upper = curve([top, middle, tip])
        lower = curve([tip, (middle[0], middle[1] + 5), top])
        canvas.paint(_BLACK, canvas.polygon([*upper, *lower]))
