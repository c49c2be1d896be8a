"""The Lantern Room: the venue's own house ads, a cocktail and a slice of orange before the lights of a bar."""

from __future__ import annotations

from PIL import Image

from sandbox.artist._paint import Canvas, Point, both, curve, less, tint
from sandbox.artist._ruba import orange
from sandbox.artist._texture import bokeh, grain, levels
from sandbox.artist._type import Face, put, put_lines

_SERIF = "EBGaramond12-Regular.otf"
_LIGHTS = ("#ffb45e", "#ff8a3c", "#ffd79a", "#e2543a", "#7fb7a6")


def lantern_1920x1080() -> Image.Image:
    """Two for one until seven."""
    canvas = Canvas.new(1920, 1080, k=2)
    _bar(canvas, counter=860, seed="wide")
    _coupe(canvas, (1370, 360), 300)
    canvas.shade("#0b0605", levels(canvas.fade(270), 0.35, 1.0), 0.72)
    picture = grain(canvas.finish(), 2)
    put(picture, (120, 160), "THE LANTERN ROOM", Face("Inter-SemiBold.otf", 32, 300), "#ffce8f")
    put_lines(picture, (114, 392), ("Two for one,", "until seven."), Face(_SERIF, 150, -14), "#fff4e2", 152)
    put_lines(
        picture,
        (120, 690),
        ("Every cocktail, every weekday.", "Ask at the bar."),
        Face("Inter-Medium.otf", 40),
        "#ecd9c3",
        58,
    )
    return picture


def lantern_1080x1920() -> Image.Image:
    """The same evening, upright."""
    canvas = Canvas.new(1080, 1920, k=2)
    _bar(canvas, counter=1660, seed="tall")
    _coupe(canvas, (540, 1010), 360)
    canvas.shade("#0b0605", levels(canvas.fade(180), 0.45, 1.0), 0.7)
    picture = grain(canvas.finish(), 2)
    put(picture, (540, 200), "THE LANTERN ROOM", Face("Inter-SemiBold.otf", 38, 300), "#ffce8f", "m")
    put_lines(picture, (540, 420), ("Two for one,", "until seven."), Face(_SERIF, 168, -14), "#fff4e2", 168, "m")
    put(picture, (540, 700), "Every cocktail, every weekday.", Face("Inter-Medium.otf", 44), "#ecd9c3", "m")
    return picture


def _bar(canvas: Canvas, counter: float, seed: str) -> None:
    """Lights out of focus over a polished counter that mirrors them."""
    canvas.image = tint(canvas.fade(), ((0, "#1d0f0d"), (0.6, "#4a2217"), (1, "#1a0c09")))
    canvas.light("#c4622a", canvas.glow_mask((canvas.width * 0.7, counter * 0.6), canvas.width * 0.7, 0.8), 0.6)
    bokeh(canvas, _LIGHTS, 46, (26, 105), f"lantern {seed}")
    line = round(counter * canvas.k)
    high = canvas.size[1] - line
    mirror = canvas.image.crop((0, line - high, canvas.size[0], line)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    canvas.image.paste(canvas.blur(mirror, 14), (0, line))
    below = canvas.rounded((0, counter, canvas.width, canvas.height), 0)
    canvas.shade("#6b3b26", below, 0.85)
    canvas.shade("#140806", both(below, canvas.fade(0, (0, counter, canvas.width, canvas.height))), 0.6)
    canvas.light("#ffcf9a", canvas.blur(canvas.line([(0, counter), (canvas.width, counter)], 3), 1.5), 0.5)


def _coupe(canvas: Canvas, at: Point, half: float) -> None:
    """A coupe from its rim's centre: bowl, drink, stem, foot, a curl of orange peel."""
    x, y = at
    lip, depth = half * 0.17, half * 0.78
    side = [
        (x - half, y),
        (x - half * 0.93, y + depth * 0.42),
        (x - half * 0.62, y + depth * 0.82),
        (x - half * 0.06, y + depth),
    ]
    bowl_line = curve(side)
    bowl = canvas.polygon([*bowl_line, *[(2 * x - px, py) for px, py in reversed(bowl_line)]])
    bowl.paste(255, (0, 0), canvas.ellipse((x - half, y - lip, x + half, y + lip)))
    foot_y = y + half * 2.02
    _stem(canvas, at, half, depth, foot_y)
    canvas.light("#ffdcb2", bowl, 0.10)
    level = y + depth * 0.20
    wide = half * 0.955
    drink = both(
        bowl,
        canvas.polygon(
            [
                *[(px, max(py, level)) for px, py in bowl_line],
                *[(2 * x - px, max(py, level)) for px, py in reversed(bowl_line)],
            ]
        ),
    )
    box = (x - half, level, x + half, y + depth)
    canvas.paint(tint(canvas.fade(0, box), ((0, "#ff9a3a"), (0.5, "#e0551c"), (1, "#8e1f12"))), drink, 0.9)
    canvas.light(
        "#ffd28a",
        both(
            drink,
            canvas.blur(
                canvas.ellipse((x - half * 0.7, level + depth * 0.1, x + half * 0.1, y + depth * 0.7)), half * 0.12
            ),
        ),
        0.6,
    )
    canvas.shade("#6d1408", both(drink, canvas.fade(90, box)), 0.45)
    surface = canvas.ellipse((x - wide, level - lip * 0.86, x + wide, level + lip * 0.86))
    canvas.paint(
        tint(
            canvas.fade(70, (x - wide, level - lip, x + wide, level + lip)),
            ((0, "#ffcf85"), (0.5, "#ff9f4a"), (1, "#d8541f")),
        ),
        surface,
        0.95,
    )
    foam = less(
        surface,
        canvas.blur(
            canvas.ellipse((x - wide * 0.94, level - lip * 0.74, x + wide * 0.94, level + lip * 0.74)), half * 0.012
        ),
    )
    canvas.light("#fff0d6", foam, 0.55)
    orange(canvas, (x + half * 0.80, y - half * 0.10), half * 0.27, 0.3)
    rim = less(
        canvas.ellipse((x - half, y - lip, x + half, y + lip)),
        canvas.ellipse((x - half * 0.985, y - lip * 0.93, x + half * 0.985, y + lip * 0.93)),
    )
    canvas.light("#fff6ea", canvas.blur(rim, half * 0.003), 0.95)
    edge = less(bowl, canvas.blur(canvas.moved(bowl, half * 0.012, -half * 0.006), half * 0.008))
    canvas.light("#ffe9cf", edge, 0.8)
    shine = canvas.polygon(
        curve(
            [
                (x - half * 0.84, y + depth * 0.12),
                (x - half * 0.74, y + depth * 0.46),
                (x - half * 0.52, y + depth * 0.74),
                (x - half * 0.60, y + depth * 0.46),
                (x - half * 0.70, y + depth * 0.10),
            ],
            closed=True,
        )
    )
    canvas.light("#ffffff", canvas.blur(shine, half * 0.014), 0.6)


def _stem(canvas: Canvas, at: Point, half: float, depth: float, foot_y: float) -> None:
    x, y = at
    thin = half * 0.032
    left = curve(
        [
            (x - half * 0.11, y + depth * 0.98),
            (x - thin, y + depth * 1.22),
            (x - thin, foot_y - half * 0.2),
            (x - half * 0.12, foot_y - half * 0.02),
        ]
    )
    stem = canvas.polygon([*left, *[(2 * x - px, py) for px, py in reversed(left)]])
    foot = canvas.ellipse((x - half * 0.56, foot_y - half * 0.10, x + half * 0.56, foot_y + half * 0.10))
    canvas.shade("#120605", canvas.blur(canvas.moved(foot, 0, half * 0.05), half * 0.05), 0.85)
    canvas.light("#ffc98f", foot, 0.16)
    rim = less(foot, canvas.ellipse((x - half * 0.535, foot_y - half * 0.096, x + half * 0.535, foot_y + half * 0.082)))
    canvas.light("#fff1dd", canvas.blur(rim, half * 0.004), 0.85)
    glass = tint(
        canvas.fade(90, (x - half * 0.12, y, x + half * 0.12, foot_y)),
        ((0, "#5b3422"), (0.38, "#fff2df"), (0.52, "#8a5a3c"), (0.8, "#ffdcb4"), (1, "#4a291b")),
    )
    canvas.paint(glass, stem, 0.78)
    canvas.light("#ff8a3c", both(foot, canvas.glow_mask((x, foot_y), half * 0.4, 0.25)), 0.7)
