"""Tern: a bank that is an app, so its picture is a telephone."""

from __future__ import annotations

from PIL import Image

from sandbox.artist._paint import Box, Canvas, Point, both, curve, less, tint
from sandbox.artist._texture import grain, levels
from sandbox.artist._type import Face, button, put, put_lines

_BOLD = "Manrope-ExtraBold.ttf"
_SEMI = "Manrope-SemiBold.ttf"
_MINT = "#3ee6b0"
_NIGHT = "#06262a"


def tern_300x600() -> Image.Image:
    """Money that keeps up with you."""
    canvas = Canvas.new(300, 600, k=3)
    canvas.image = tint(canvas.fade(20), ((0, "#0f5a5c"), (0.5, "#0a3e42"), (1, _NIGHT)))
    canvas.light("#2fd8b0", canvas.glow_mask((236, 300), 260), 0.55)
    canvas.light("#1f8f9a", canvas.glow_mask((30, 560), 220), 0.5)
    _phone(canvas, (62, 214, 238, 580))
    picture = grain(canvas.finish(), 1)
    _screen(picture, (62, 214))
    _mark(picture, (24, 46), 1.0, "#ffffff")
    put_lines(picture, (24, 104), ("Money that keeps", "up with you."), Face(_BOLD, 30.5, -28), "#ffffff", 36)
    put(picture, (24, 176), "Free account, opened in 6 minutes.", Face("Manrope-Medium.ttf", 15), "#c5ece3")
    face = Face(_BOLD, 17)
    wide = face.width("Open an account") + 52
    button(picture, (150 - wide / 2, 536), "Open an account", face, _NIGHT, _MINT, (26, 16))
    return picture


def tern_320x50() -> Image.Image:
    """The same, in a strip."""
    canvas = Canvas.new(320, 50, k=4)
    canvas.image = tint(canvas.fade(90), ((0, _NIGHT), (0.6, "#0a4a4c"), (1, "#11807a")))
    canvas.light(_MINT, canvas.glow_mask((300, 10), 110, 0.6), 0.35)
    picture = canvas.finish()
    _mark(picture, (14, 31), 0.78, "#ffffff")
    put_lines(picture, (90, 22), ("Money that keeps", "up with you."), Face(_BOLD, 13.5), "#ffffff", 17)
    face = Face(_BOLD, 12)
    wide = face.width("Open") + 28
    button(picture, (308 - wide, 11), "Open", face, _NIGHT, _MINT, (14, 10))
    return picture


def _phone(canvas: Canvas, box: Box) -> None:
    left, top, right, bottom = box
    body = canvas.rounded(box, 27)
    canvas.shade("#000000", canvas.blur(canvas.moved(body, 6, 16), 15), 0.75)
    canvas.paint(
        tint(canvas.fade(90, box), ((0, "#8b989c"), (0.08, "#2b3437"), (0.92, "#11181a"), (1, "#6f7d81"))), body
    )
    canvas.paint("#07090a", canvas.rounded((left + 2.2, top + 2.2, right - 2.2, bottom - 2.2), 25))
    glass = canvas.rounded((left + 6, top + 6, right - 6, bottom - 6), 21.5)
    canvas.paint(tint(canvas.fade(0, box), ((0, "#ffffff"), (1, "#e9f2ef"))), glass)
    card = canvas.rounded((left + 17, top + 66, right - 17, top + 166), 12)
    canvas.shade("#0a3e42", both(glass, canvas.blur(canvas.moved(card, 0, 6), 6)), 0.35)
    sheen = tint(
        canvas.fade(40, (left + 17, top + 66, right - 17, top + 166)),
        ((0, "#13b98d"), (0.5, "#0b8f86"), (1, "#075a66")),
    )
    canvas.paint(sheen, card)
    for radius, strength in ((92, 0.16), (62, 0.2), (34, 0.26)):
        canvas.light("#8ff5d6", both(card, canvas.disc((right - 22, top + 74), radius)), strength)
    canvas.paint("#e8c878", canvas.rounded((left + 28, top + 104, left + 48, top + 119), 3))
    canvas.shade("#8a6a1f", canvas.line([(left + 28, top + 111.5), (left + 48, top + 111.5)], 0.6), 0.8)
    canvas.shade("#8a6a1f", canvas.line([(left + 38, top + 104), (left + 38, top + 119)], 0.6), 0.8)
    _chart(canvas, (left + 17, top + 178, right - 17, top + 240))
    for row, colour in enumerate(("#ff8b5e", "#5b7cfa", "#f2b630")):
        canvas.paint(colour, canvas.rounded((left + 17, top + 254 + row * 31, left + 39, top + 276 + row * 31), 7))
    canvas.paint("#07090a", canvas.rounded(((left + right) / 2 - 24, top + 12, (left + right) / 2 + 24, top + 25), 6.5))
    shine = canvas.polygon([(left, top), (left + 96, top), (left - 10, top + 250)])
    canvas.light("#ffffff", both(glass, canvas.blur(shine, 6)), 0.10)


def _chart(canvas: Canvas, box: Box) -> None:
    """A balance that rises."""
    left, top, right, bottom = box
    heights = (0.82, 0.7, 0.76, 0.52, 0.6, 0.38, 0.42, 0.16)
    points = [(left + (right - left) * at / 7, top + (bottom - top) * height) for at, height in enumerate(heights)]
    line = curve(points)
    under = canvas.polygon([(left, bottom), *line, (right, bottom)])
    canvas.paint("#19c79a", both(under, levels(canvas.fade(180, box), 0.0, 1.0)), 0.35)
    canvas.paint("#0fae86", canvas.line(line, 2.2))
    canvas.paint("#0fae86", canvas.disc(points[-1], 4))
    canvas.paint("#ffffff", canvas.disc(points[-1], 1.8))


def _screen(picture: Image.Image, corner: Point) -> None:
    """The app's words, set at the picture's own size so that they are sharp."""
    x, y = corner
    put(picture, (x + 17, y + 22), "9:41", Face(_BOLD, 10), "#0d1f20")
    put(picture, (x + 17, y + 39), "Total", Face(_SEMI, 10), "#5c7274")
    put(picture, (x + 17, y + 57), "€4,218.60", Face(_BOLD, 18), "#0d1f20")
    put(picture, (x + 28, y + 88), "tern", Face(_BOLD, 14, -10), "#ffffff")
    put(picture, (x + 28, y + 152), "··  ··  8214", Face(_SEMI, 11, 60), "#e4fff6")
    for row, (name, amount, colour) in enumerate(
        (("Rye & Co.", "−€6.40", "#0d1f20"), ("Salary", "+€2,900", "#0a8f6c"), ("Train", "−€18.00", "#0d1f20"))
    ):
        put(picture, (x + 46, y + 269 + row * 31), name, Face(_SEMI, 11.5), "#0d1f20")
        put(picture, (x + 159, y + 269 + row * 31), amount, Face(_BOLD, 11.5), colour, "r")


def _mark(picture: Image.Image, at: Point, scale: float, colour: str) -> None:
    """A tern's tail: a fork, and the name."""
    x, y = at
    canvas = Canvas.new(picture.width, picture.height, k=4)
    tail = [(0, -17), (9, -7), (20, -18), (14, -2), (9, 2)]
    bird = canvas.polygon([(x + dx * scale, y + dy * scale) for dx, dy in tail])
    cut = canvas.polygon([(x + dx * scale, y + dy * scale) for dx, dy in ((9, -7), (9, 2), (4, -4))])
    picture.paste(Image.new("RGB", picture.size, colour), (0, 0), bird.reduce(4))
    picture.paste(Image.new("RGB", picture.size, _MINT), (0, 0), less(cut, less(cut, bird)).reduce(4))
    put(picture, (x + 27 * scale, y), "tern", Face(_BOLD, 27 * scale, -25), colour)
