"""The notice of a pause: calm, and it says when it ends."""

from __future__ import annotations

from datetime import datetime

from PIL import Image

from config import Size
from renderer.card._said import CardSaid
from renderer.panels import CAP, Face, clean, fitting, ink_on, label_size, mix, parse, slate, write

_FALLBACK = (16, 21, 31)


def paused_card(size: Size, said: CardSaid, until: datetime) -> Image.Image:
    """On the operator's own slate, for guests may look at it: that it is paused, until when, and whose it is."""
    picture = slate(size, said.brand_colour)
    brand = parse(said.brand_colour) or _FALLBACK
    ink = ink_on(brand)
    unit = label_size(size)
    words = f"Paused until {said.local(until):%H:%M}"
    large = fitting(words, Face.HEADLINE, size.w * 0.84, min(unit * 5, size.h * 0.2), 8)
    base = size.h / 2 + large * CAP / 2 - unit
    write(picture, (size.w / 2, base), words, Face.HEADLINE, large, ink, "m")
    small = "It goes on by itself."
    line = fitting(small, Face.TEXT, size.w * 0.84, unit * 1.4, 6)
    write(picture, (size.w / 2, base + unit * 2.8), small, Face.TEXT, line, mix(brand, ink, 0.74), "m")
    name = clean(" · ".join(filter(None, (said.screen_id, said.venue))), 120)
    foot = fitting(name, Face.TEXT, size.w * 0.84, unit, 6)
    at = (size.w / 2, size.h - min(size.w, size.h) * 0.07)
    write(picture, at, name, Face.TEXT, foot, mix(brand, ink, 0.6), "m")
    return picture
