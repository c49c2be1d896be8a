"""The brand panel: the operator's name, logo and line, and a QR code that a phone can read from where people stand."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from PIL import Image

from config import Size
from renderer.panels._bands import Backdrop
from renderer.panels._code import code
from renderer.panels._colour import WHITE, Rgb, contrast, mix
from renderer.panels._lines import broken
from renderer.panels._logo import logo, mean_colour
from renderer.panels._style import BrandSaid, PanelSettings, PanelStyle
from renderer.panels._tile import Tile, rounded
from renderer.panels._type import CAP, Face, clean, fitting, shortened

_LEAST_MODULE = 0.15
"""Side of a QR module in labels, at least. Phones want a code a tenth of its distance wide: 33 modules and more of this
size make a code five labels wide, which reads from where a label of a hundredth of a room's length does."""
_LINE = 1.3
_WIDE = 1.25
"""Sides' ratio from which the code stands beside the words."""


@dataclass(frozen=True, slots=True)
class Brand:
    """Everything the panel may show."""

    title: str
    line: str
    url: str
    address: str
    """The URL as people say it."""
    logo: str

    @classmethod
    def of(cls, said: BrandSaid) -> Brand:
        """From the configuration."""
        return cls(clean(said.title, 60), clean(said.line, 120), said.url, _spoken(said.url), said.logo)


@dataclass(frozen=True, slots=True)
class _Words:
    """Logo and lines as one group: measured first, so that it can be centred with the code."""

    picture: Image.Image | None
    lines: tuple[tuple[str, Face, float, float], ...]
    """Words, face, size, and the gap above."""
    gap: float
    """Below the logo."""

    @property
    def high(self) -> float:
        """Its height."""
        picture = (self.picture.height + (self.gap if self.lines else 0)) if self.picture is not None else 0.0
        return picture + sum(size * CAP + above for _, _, size, above in self.lines)

    @classmethod
    def of(cls, known: Brand, wide: float, high: float, unit: float, *, coded: bool) -> _Words:
        """As large as they may be there. What is last is left out first: the address, or the line without a code."""
        named = bool(known.title)
        picture = logo(known.logo, round(wide), round(min(high * (0.45 if named else 0.7), unit * 7)))
        left = high - (picture.height + unit * 0.8 if picture is not None else 0.0)
        size = fitting(known.title, Face.HEADLINE, wide, min(unit * 3.2, max(left * 0.4, unit)), unit * 1.25)
        titles = broken(known.title, Face.HEADLINE, size, wide, 2) if left > size * 2.4 and named else ()
        titles = titles or tuple(filter(None, (shortened(known.title, Face.HEADLINE, size, wide),)))
        lines: list[tuple[str, Face, float, float]] = []
        for words in titles:
            lines.append((words, Face.HEADLINE, size, size * (_LINE - CAP) if lines else 0.0))
            left -= size * _LINE
        small = max(unit * 1.15, min(size * 0.5, unit * 1.5))
        room = min(2, int((left - small * (0.95 - _LINE + CAP)) / (small * _LINE)))
        more = [(words, Face.TEXT) for words in broken(known.line, Face.TEXT, small, wide, room)]
        address = shortened(known.address, Face.STRONG, small, wide)
        said = [(address, Face.STRONG)] if address and not address.endswith("…") else []
        more = more + said if coded else said + more
        for place, (words, face) in enumerate(more):
            above = small * (_LINE - CAP) if place and more[place - 1][1] == face else small * 0.95
            if left >= small * CAP + above:
                lines.append((words, face, small, above if lines else 0.0))
                left -= small * CAP + above
        return cls(picture, tuple(lines), unit * 0.8)

    def draw(self, tile: Tile, x: float, y: float, align: str) -> None:
        """From y down; ``align`` l or m about x."""
        if self.picture is not None:
            _logo(tile, self.picture, x if align == "l" else x - self.picture.width / 2, y)
            y += self.picture.height + self.gap
        inks: dict[Face, Rgb] = {Face.HEADLINE: tile.inks.first, Face.TEXT: tile.inks.second}
        for words, face, size, above in self.lines:
            y += above + size * CAP
            tile.write((x, y), words, face, size, inks.get(face, tile.inks.accent), align)


def draw_brand(
    size: Size, known: Brand, settings: PanelSettings, style: PanelStyle, backdrop: Backdrop | None
) -> Image.Image:
    """The tile: code beside the words when wide, below them when tall, alone when there are none."""
    tile = Tile.on(size, style, backdrop, rtl=settings.language().rtl)
    box, unit = tile.inner, tile.label
    beside = box.w >= _WIDE * box.h
    room = min(box.h + (size.h - box.h) * 0.5, box.w * 0.44) if beside else min(box.w, box.h * 0.5)
    alone = not (known.title or known.line or known.logo)
    picture = code(known.url, int(min(box.w, box.h) if alone else room), unit * _LEAST_MODULE) if known.url else None
    side, gap = (picture.width, unit * 1.4) if picture is not None else (0, 0.0)
    if alone and picture is not None:
        _card(tile, picture, box.mid - side / 2, box.y + (box.h - side) / 2)
        return tile.image
    if beside:
        words = _Words.of(known, box.w - side - gap, box.h, unit, coded=side > 0)
        words.draw(tile, box.x, box.y + (box.h - words.high) / 2, "l")
        if picture is not None:
            _card(
                tile,
                picture,
                size.w - (size.h - side) / 2 - side if side > box.h else box.right - side,
                (size.h - side) / 2,
            )
        return tile.image
    words = _Words.of(known, box.w, box.h - side - gap, unit, coded=side > 0)
    spare = max(0.0, box.h - words.high - gap - side)
    words.draw(tile, box.mid, box.y + spare / 2, "m")
    if picture is not None:
        _card(tile, picture, box.mid - side / 2, box.y + spare / 2 + words.high + gap)
    return tile.image


def _card(tile: Tile, picture: Image.Image, x: float, y: float) -> None:
    """The code on its white card; the corners are round within the quiet zone."""
    tile.fill(rounded(Size(picture.width, picture.height), picture.width * 0.05), x, y, picture)


def _logo(tile: Tile, picture: Image.Image, x: float, y: float) -> None:
    """The logo; where its colour would sink into the glass, on a card."""
    if contrast(mean_colour(picture), tile.inks.surface) < 1.6:
        pad = round(tile.label * 0.4)
        card = Size(picture.width + 2 * pad, picture.height + 2 * pad)
        ground = WHITE if tile.inks.dark else mix(tile.inks.surface, (0, 0, 0), 0.82)
        tile.fill(rounded(card, tile.label * 0.4), x - pad, y - pad, ground)
    tile.stamp(picture, x, y)


def _spoken(url: str) -> str:
    """``example.com/menu`` for ``https://www.example.com/menu/``."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return clean(host + parts.path.rstrip("/"), 60)
