"""Aurelle Air: a wing over a sea of clouds at sunset."""

from __future__ import annotations

from PIL import Image, ImageChops

from sandbox.artist._paint import Canvas, both, curve, less, ramp, tint
from sandbox.artist._texture import clouds, grain, levels
from sandbox.artist._type import Face, button, put

DISPLAY = "InterDisplay-SemiBold.otf"
_DUSK = ((0, "#182a5c"), (0.35, "#45549a"), (0.58, "#a8699a"), (0.76, "#ea8070"), (0.9, "#fba968"), (1, "#ffc67c"))


def aurelle_970x250() -> Image.Image:
    """Lisbon, from 49 euros."""
    canvas = Canvas.new(970, 250, k=2)
    _sky(canvas, horizon=150, sun=(590, 128))
    _wing(canvas)
    canvas.shade("#16214d", levels(ImageChops.invert(canvas.fade(90)), 0.38, 0.9), 0.8)
    picture = grain(canvas.finish(), 2)
    _mark(picture, (44, 50), 1.0)
    put(picture, (44, 126), "Lisbon, from €49.", Face(DISPLAY, 56, -20), "#ffffff")
    put(picture, (44, 160), "Daily flights. Two bags. No small print.", Face("Inter-Medium.otf", 18), "#f1effc")
    button(picture, (44, 184), "Book your seat", Face("Inter-SemiBold.otf", 17), "#1d2f63", "#ffffff", (24, 13))
    return picture


def aurelle_728x90() -> Image.Image:
    """The same sky, narrow."""
    canvas = Canvas.new(728, 90, k=3)
    _sky(canvas, horizon=56, sun=(440, 44))
    canvas.shade("#16214d", levels(ImageChops.invert(canvas.fade(90)), 0.38, 0.9), 0.8)
    picture = grain(canvas.finish(), 2)
    _mark(picture, (24, 33), 0.72)
    put(picture, (24, 70), "Lisbon, from €49.", Face(DISPLAY, 31, -18), "#ffffff")
    face = Face("Inter-SemiBold.otf", 15)
    wide = face.width("Book your seat") + 40
    button(picture, (704 - wide, 25), "Book your seat", face, "#1d2f63", "#ffffff", (20, 14.5))
    return picture


def _sky(canvas: Canvas, horizon: float, sun: tuple[float, float]) -> None:
    scale = canvas.height / 250
    high = round(horizon * canvas.k)
    canvas.image.paste(tint(ramp((canvas.size[0], high)), _DUSK), (0, 0))
    canvas.image.paste(
        tint(ramp((canvas.size[0], canvas.size[1] - high)), ((0, "#ffcf9e"), (0.3, "#c98a9c"), (1, "#3b4580"))),
        (0, high),
    )
    canvas.light("#ff9c52", canvas.glow_mask(sun, 460 * scale, 0.42), 0.8)
    canvas.light("#ffe9b8", canvas.glow_mask(sun, 130 * scale, 0.8), 0.9)
    canvas.light("#ffffff", canvas.blur(canvas.disc(sun, 11 * scale), 2 * scale), 1.0)
    _wisps(canvas, horizon, scale)
    _cloud_sea(canvas, horizon, scale)
    canvas.light("#ffd9a0", canvas.glow_mask(sun, 330 * scale, 0.16), 0.6)


def _wisps(canvas: Canvas, horizon: float, scale: float) -> None:
    """Cirrus, lit from below."""
    streaks = clouds(canvas.size, (620 * scale * canvas.k, 34 * scale * canvas.k), 12, 6)
    mask = both(levels(streaks, 0.52, 0.95), levels(canvas.fade(0, (0, 0, canvas.width, horizon)), 0.1, 0.9))
    canvas.light("#ff9d86", mask, 0.55)


def _cloud_sea(canvas: Canvas, horizon: float, scale: float) -> None:
    """Rows of cumulus, each nearer one larger and darker; tops catch the sun."""
    rows = 9
    for row in range(rows):
        near = row / (rows - 1)
        top = horizon - 3 * scale + (canvas.height - horizon) * near**1.5 * 0.82
        depth = (10 + 78 * near) * scale
        form = clouds(
            canvas.size, ((60 + 260 * near) * scale * canvas.k, (30 + 90 * near) * scale * canvas.k), 40 + row, 6
        )
        height = ramp((canvas.size[0], max(2, round(depth * canvas.k))))
        rise = Image.new("L", canvas.size, 255)
        rise.paste(0, (0, 0, canvas.size[0], round(top * canvas.k)))
        rise.paste(height, (0, round(top * canvas.k)))
        body = levels(ImageChops.add(form, rise, 1.0, -215), 0.02, 0.22)
        lit = ImageChops.subtract(
            form, ImageChops.offset(form, 0, round(5 * scale * (0.4 + near) * canvas.k)), 1.0, 128
        )
        shadow, middle, bright = (("#7f6a9d", "#d89a98", "#fff1cf"), ("#3a4379", "#8a719c", "#ffc79a"))[near > 0.45]
        canvas.paint(tint(levels(lit, 0.42, 0.62), ((0, shadow), (0.5, middle), (1, bright))), body, 0.72)


def _wing(canvas: Canvas) -> None:
    """From the bottom right corner towards the sun, with its winglet."""
    upper = curve([(1010, 206), (900, 184), (800, 168), (716, 157)])
    lower = curve([(712, 162), (800, 184), (880, 214), (990, 262)])
    wing = canvas.polygon([*upper, *lower, (1010, 262)])
    canvas.paint(tint(canvas.fade(90, (700, 150, 970, 250)), ((0, "#6f6f9c"), (0.5, "#383f74"), (1, "#1d2450"))), wing)
    edge = canvas.blur(canvas.line(upper, 2.6), 0.7)
    canvas.light("#ffd2a0", both(wing, edge), 1.0)
    canvas.shade("#101638", both(wing, canvas.blur(canvas.line([(742, 164), (850, 192), (985, 240)], 1.2), 0.4)), 0.7)
    for start, end in (((836, 175), (852, 199)), ((904, 187), (928, 227))):
        canvas.shade("#101638", both(wing, canvas.blur(canvas.line([start, end], 1.0), 0.3)), 0.55)
    tip = canvas.polygon(
        [*curve([(720, 160), (704, 146), (694, 118)]), (686, 112), *curve([(688, 126), (694, 150), (712, 162)])]
    )
    canvas.paint(tint(canvas.fade(0, (686, 112, 724, 164)), ((0, "#f7c9a1"), (0.5, "#8c6a94"), (1, "#3f477e"))), tip)
    canvas.light("#ffe9c4", both(tip, less(tip, canvas.moved(tip, -1.6, 0.4))), 0.9)


def _mark(picture: Image.Image, at: tuple[float, float], scale: float) -> None:
    """The mark: two strokes of a wing, and the name."""
    x, y = at
    canvas = Canvas.new(picture.width, picture.height, k=4)
    wing = canvas.polygon(
        [
            *curve([(x, y), (x + 9 * scale, y - 14 * scale), (x + 27 * scale, y - 19 * scale)]),
            *curve([(x + 21 * scale, y - 8 * scale), (x + 12 * scale, y - 2 * scale), (x, y)]),
        ]
    )
    white = wing.reduce(4)
    picture.paste(Image.new("RGB", picture.size, "#ffffff"), (0, 0), white)
    put(picture, (x + 36 * scale, y - 2 * scale), "aurelle", Face("InterDisplay-Bold.otf", 23 * scale, 10), "#ffffff")
