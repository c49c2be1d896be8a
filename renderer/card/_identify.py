"""The identify card: which screen this is, to be read from the other side of the room."""

from __future__ import annotations

import colorsys
import re
import zlib
from collections.abc import Iterator

from PIL import Image

from config import Rect, Size
from renderer.card._parts import INK, QUIET, Page
from renderer.card._said import CardSaid
from renderer.panels import CAP, Face, Rgb, clean, fitting, shortened, width

_BREAKS = re.compile(r"[^._:-]+[._:-]*|[._:-]+")
_MOST_LINES = 3
_LEADING = 1.06


def identify_card(size: Size, said: CardSaid) -> Image.Image:
    """The id as large as it fits, the venue, and a code that says the id; a bar in a colour that only this id has."""
    page = Page.of(size)
    u, m = page.unit, page.margin
    bar = round(u * 0.9)
    page.block((0, 0, page.w, bar), 0, colour_of(said.screen_id))
    page.block((0, page.h - bar, page.w, page.h), 0, colour_of(said.screen_id))
    wide = page.w >= page.h * 1.15
    text = f"ooh-player:{said.screen_id}"
    if wide:
        side = round(min(page.h * 0.42, page.w * 0.24))
        box = Rect(round(page.w - m * 1.4) - side, round((page.h - side) / 2), side, side)
        placed = page.code(text, box)
        room = (placed.x if placed is not None else page.w) - m * 2.4
        area = (m * 1.4, bar + u, room, page.h - 2 * bar - 2 * u)
    else:
        side = round(min(page.w * 0.46, page.h * 0.26))
        box = Rect(round((page.w - side) / 2), round(page.h - bar - m - side), side, side)
        placed = page.code(text, box, "m")
        bottom = placed.y if placed is not None else page.h - bar
        area = (m, bar + u, page.w - 2 * m, bottom - bar - 2 * u)
    _words(page, said, area, align="l" if wide else "m")
    return page.picture


def _words(page: Page, said: CardSaid, area: tuple[float, float, float, float], align: str) -> None:
    """Id and venue, together in the middle of the area (left, top, width, height)."""
    left, top, wide, high = area
    u = page.unit
    venue = clean(said.venue, 120)
    below = u * 3.2 if venue else 0.0
    lines, size = set_large(clean(said.screen_id, 64) or "?", wide, (high - below) * 0.8)
    tall = len(lines) * size * _LEADING
    base = top + (high - tall - below) / 2 + size * (_LEADING + CAP) / 2
    x = left if align == "l" else left + wide / 2
    for line in lines:
        page.line((x, base), line, Face.HEADLINE, size, INK, align)
        base += size * _LEADING
    if venue:
        base += u * 1.9 - size * (_LEADING - CAP / 4) + size * 0.2
        venue_size = fitting(venue, Face.DISPLAY, wide, u * 1.9, u)
        page.line((x, base), shortened(venue, Face.DISPLAY, venue_size, wide), Face.DISPLAY, venue_size, QUIET, align)


def set_large(text: str, wide: float, high: float) -> tuple[list[str], int]:
    """The lines, at most three, and the largest size at which they fit: broken after ``-``, ``.``, ``_``, ``:``."""
    best: tuple[list[str], int] = ([text], 1)
    for lines in _settings(text):
        most = high / (len(lines) * _LEADING)
        size = min(fitting(line, Face.HEADLINE, wide, most, 1) for line in lines)
        if size > best[1] and all(width(line, Face.HEADLINE, size) <= wide for line in lines):
            best = (lines, size)
    return best


def _settings(text: str) -> Iterator[list[str]]:
    """The text in one line, in two, in three, each as even as its breaks allow; without breaks it is cut."""
    parts = _BREAKS.findall(text)
    yield [text]
    for count in range(2, min(_MOST_LINES, max(len(parts), len(text) // 12)) + 1):
        if len(parts) < count:
            step = -(-len(text) // count)
            yield [text[at : at + step] for at in range(0, len(text), step)]
        else:
            yield _even(parts, count)


def _even(parts: list[str], count: int) -> list[str]:
    """Put together in order, so that the longest line is as short as can be."""
    whole = "".join(parts)
    for longest in range(-(-len(whole) // count), len(whole) + 1):
        lines = [""]
        for part in parts:
            if lines[-1] and len(lines[-1]) + len(part) > longest:
                lines.append("")
            lines[-1] += part
        if len(lines) <= count and max(map(len, lines)) <= longest:
            return lines
    return [whole]


def colour_of(screen_id: str) -> Rgb:
    """A strong colour by the id: two screens side by side differ at a glance."""
    hue = zlib.crc32(screen_id.encode()) % 24 / 24
    red, green, blue = colorsys.hls_to_rgb(hue, 0.56, 0.78)
    return round(red * 255), round(green * 255), round(blue * 255)
