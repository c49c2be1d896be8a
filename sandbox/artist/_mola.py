"""Museum of Light: a season poster of circles and overlaps, on a torn-off transparent sheet."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sandbox.artist._paint import Canvas, both, rgb
from sandbox.artist._texture import grain
from sandbox.artist._type import Face, put, put_lines

_BOLD = "LeagueSpartan-Bold.otf"
_INK = "#1b1a1f"


def mola_160x600() -> Image.Image:
    """Colour, after dark. RGBA: the sheet's corners are round, and it throws a shadow on whatever is behind."""
    canvas = Canvas.new(160, 600, "#f5efe2", k=4)
    _shapes(canvas)
    picture = grain(canvas.finish(), 2)
    put_lines(picture, (15, 47), ("Museum", "of Light"), Face(_BOLD, 22, -8), _INK, 22)
    put_lines(picture, (14, 398), ("Colour,", "after", "dark."), Face(_BOLD, 45, -22), _INK, 40)
    put_lines(picture, (15, 518), ("Late opening", "every Thursday"), Face("Inter-Medium.otf", 14), _INK, 18)
    put(picture, (15, 574), "to 28 February", Face("Inter-SemiBold.otf", 14), "#c3271b")
    return _sheet(picture)


def _shapes(canvas: Canvas) -> None:
    """Inks that multiply where they overlap, as in a screen print."""
    paper = canvas.image.copy()
    for colour, mask in (
        ("#f7b718", canvas.disc((58, 150), 62)),
        ("#e2402b", canvas.disc((112, 206), 56)),
        ("#1f6fc2", both(canvas.disc((52, 268), 60), canvas.rounded((0, 208, 160, 268), 0))),
        ("#2aa58a", both(canvas.disc((160, 300), 52), canvas.rounded((100, 248, 160, 352), 0))),
        ("#f3a6b8", canvas.polygon([(0, 84), (52, 84), (0, 150)])),
    ):
        canvas.shade(colour, mask)
    for number in range(7):
        y = 282 + number * 9
        canvas.shade("#1b1a1f", canvas.rounded((15, y, 88 - number * 7, y + 3.2), 0), 0.92)
    for number in range(9):
        canvas.shade("#1b1a1f", canvas.disc((148 - (number % 3) * 11, 102 + (number // 3) * 11), 2.3), 0.92)
    canvas.paint(paper, canvas.disc((58, 150), 17))
    canvas.shade("#1b1a1f", canvas.disc((58, 150), 7.5), 0.95)


def _sheet(picture: Image.Image) -> Image.Image:
    """Round corners and a margin for the shadow, all in the alpha channel."""
    scale, edge, radius = 4, 4, 10
    width, height = picture.size
    mask = Image.new("L", (width * scale, height * scale))
    ImageDraw.Draw(mask).rounded_rectangle(
        (edge * scale, edge * scale, (width - edge) * scale - 1, (height - edge) * scale - 1), radius * scale, fill=255
    )
    mask = mask.reduce(scale)
    shadow = mask.filter(ImageFilter.GaussianBlur(2.4)).point([value * 110 // 255 for value in range(256)])
    sheet = Image.new("RGBA", picture.size, (*rgb("#000000"), 0))
    alpha = ImageChops.lighter(mask, shadow)
    sheet.paste(picture, (0, 0), mask)
    sheet.putalpha(alpha)
    return sheet
