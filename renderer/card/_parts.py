"""What cards are made of: their colours, a light ground, lines of type, dots and a code with its quiet zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

from config import Rect, Size
from renderer.panels import CAP, Face, Rgb, code, fitting, label_size, mix, shortened, slate, write

Mood = Literal["good", "warn", "bad", "plain"]

GROUND: Rgb = (14, 19, 29)
INK: Rgb = (244, 247, 252)
QUIET: Rgb = (151, 163, 184)
HAIR: Rgb = (66, 78, 102)
MOODS: dict[Mood, Rgb] = {
    "good": (74, 201, 126),
    "warn": (250, 190, 80),
    "bad": (255, 107, 94),
    "plain": QUIET,
}
_SMOOTH = 4
_LEAST_MODULE_PX = 2.5
"""A module that a phone can still tell from its neighbour, at arm's length."""


@dataclass(frozen=True, slots=True)
class Page:
    """A card being drawn: its picture, its grid unit and margin."""

    picture: Image.Image
    unit: float
    margin: float

    @classmethod
    def of(cls, size: Size) -> Page:
        """An empty one: the slate's calm light, in the cards' own colour."""
        unit = label_size(size)
        return cls(slate(size, "#0e131d"), unit, round(unit * 2.6))

    @property
    def w(self) -> int:
        """Pixels across."""
        return self.picture.width

    @property
    def h(self) -> int:
        """Pixels down."""
        return self.picture.height

    def line(self, at: tuple[float, float], text: str, face: Face, size: float, ink: Rgb, align: str = "l") -> None:
        """One line of type, its baseline at ``at``."""
        write(self.picture, at, text, face, size, ink, align)

    def within(self, at: tuple[float, float], text: str, face: Face, size: float, ink: Rgb, room: float) -> None:
        """The same, set smaller (to 80 %) and then shortened where it is wider than ``room``."""
        smaller = fitting(text, face, room, size, size * 0.8)
        write(self.picture, at, shortened(text, face, smaller, room), face, smaller, ink)

    def hair(self, y: float, left: float, right: float) -> None:
        """A fine rule."""
        thick = max(1, round(self.unit / 20))
        ImageDraw.Draw(self.picture).rectangle((left, round(y), right, round(y) + thick - 1), fill=HAIR)

    def block(self, box: tuple[float, float, float, float], radius: float, fill: Rgb) -> None:
        """A rounded rectangle (left, top, right, bottom) with smooth corners."""
        left, top, right, bottom = (round(edge) for edge in box)
        wide, high = max(1, right - left), max(1, bottom - top)
        mask = Image.new("L", (wide * _SMOOTH, high * _SMOOTH), 0)
        area = (0, 0, wide * _SMOOTH - 1, high * _SMOOTH - 1)
        ImageDraw.Draw(mask).rounded_rectangle(area, radius * _SMOOTH, fill=255)
        self.picture.paste(fill, (left, top), mask.resize((wide, high), Image.Resampling.BOX))

    def dot(self, x: float, y: float, radius: float, fill: Rgb) -> None:
        """A disc about its middle."""
        self.block((x - radius, y - radius, x + radius, y + radius), radius, fill)

    def code(self, text: str, box: Rect, align: Literal["l", "m", "r"] = "r") -> Rect | None:
        """A QR code, as large as whole pixels allow, at the top of ``box``; None when there is no room."""
        radius = max(2, round(self.unit * 0.5))
        made = code(text, min(box.w, box.h), _LEAST_MODULE_PX)
        if made is None:
            return None
        free = box.w - made.width
        place = Rect(box.x + {"l": 0, "m": free // 2, "r": free}[align], box.y, made.width, made.height)
        self.block((place.x, place.y, place.right, place.bottom), radius, (255, 255, 255))
        inner = made.crop((radius // 2, radius // 2, made.width - radius // 2, made.height - radius // 2))
        self.picture.paste(inner, (place.x + radius // 2, place.y + radius // 2))
        return place


def middle(size: float) -> float:
    """From the middle of a line's capitals down to its baseline."""
    return size * CAP / 2


def tint(mood: Mood, share: float) -> Rgb:
    """A mood's colour, as a ground."""
    return mix(GROUND, MOODS[mood], share)
