"""The status card: who this screen is, how it fares, what to do next, and a code that says it to a phone."""

from __future__ import annotations

from datetime import datetime

from PIL import Image

from config import Rect, Size
from renderer.card._facts import Facts, Row
from renderer.card._parts import INK, MOODS, QUIET, Page, middle, tint
from renderer.card._said import CardSaid
from renderer.panels import Face, clean, fitting, shortened, width

_ENDS = "Esc ends this card"


def status_card(size: Size, said: CardSaid, facts: Facts, now: datetime) -> Image.Image:
    """Drawn for any size; what finds no room is left out, from below."""
    page = Page.of(size)
    u, m = page.unit, page.margin
    top = _head(page, said, now)
    foot = _foot(page, facts, named=said.named)
    right = page.w - m
    wide = page.w >= page.h * 1.15
    if wide:
        side = round(min(page.w * 0.23, foot - top - u * 2.4))
        placed = page.code(facts.code, Rect(round(right) - side, round(top), side, side))
        _caption(page, facts.code, placed)
        right = right if placed is None else placed.x - m
    y = _title(page, said, top, right)
    if not wide:
        y += u
        side = round(min(page.w * 0.42, (foot - y) * 0.38))
        placed = page.code(facts.code, Rect(round(m), round(y), side, side), "l")
        if placed is not None:
            _caption_beside(page, facts.code, placed)
            y = placed.bottom + u * 1.2
    _rows(page, facts.rows, y + u * 0.6, foot - u * 0.5, right)
    return page.picture


def _head(page: Page, said: CardSaid, now: datetime) -> float:
    """Who speaks, and the time by the screen's clock; returns where the rest begins."""
    u, m = page.unit, page.margin
    base = m + middle(u) * 2
    page.line((m, base), "ooh-player", Face.STRONG, u, QUIET)
    local = said.local(now)
    page.line((page.w - m, base), f"{local:%a %d %b %Y  %H:%M:%S}", Face.STRONG, u, QUIET, "r")
    return base + u * 1.6


def _title(page: Page, said: CardSaid, top: float, right: float) -> float:
    """The id, and the venue under it; returns where that ends."""
    u, m = page.unit, page.margin
    name = clean(said.screen_id, 64) if said.named else "This screen is not set up yet"
    size = fitting(name, Face.HEADLINE, right - m, min(u * 3.6, page.h * 0.14), u * 1.1)
    base = top + middle(size) * 2 + u * 0.3
    page.line((m, base), shortened(name, Face.HEADLINE, size, right - m), Face.HEADLINE, size, INK)
    venue = clean(said.venue, 120)
    if venue:
        base += u * 1.9
        page.within((m, base), venue, Face.TEXT, u * 1.2, QUIET, right - m)
    return base + u * 0.9


def _rows(page: Page, rows: tuple[Row, ...], top: float, bottom: float, right: float) -> None:
    u, m = page.unit, page.margin
    fit = min(len(rows), int((bottom - top) // (u * 1.8)))
    if fit < 1:
        return
    step = min(u * 3.3, (bottom - top) / fit)
    size = min(u * 1.35, step * 0.48)
    column = max(width(row.label, Face.TEXT, size) for row in rows) + size * 2.2
    for place, row in enumerate(rows[:fit]):
        y = top + place * step
        base = y + step / 2 + middle(size)
        page.hair(y, m, right)
        if row.mood != "plain":
            page.dot(m + size * 0.4, y + step / 2, size * 0.29, MOODS[row.mood])
        page.line((m + size * 1.3, base), row.label, Face.TEXT, size, QUIET)
        page.within((m + size + column, base), clean(row.value, 200), Face.STRONG, size, INK, right - m - size - column)


def _foot(page: Page, facts: Facts, *, named: bool) -> float:
    """What to do next, on a bar of its mood; returns where the rest ends."""
    u, m = page.unit, page.margin
    room = page.w - 2 * m - u * 2.2
    lines = _lines(clean(facts.next_step, 200), u * 1.15, room)
    high = u * (1.2 + 1.6 * len(lines))
    top = page.h - m - high
    page.block((m, top, page.w - m, top + high), u * 0.5, tint(facts.mood, 0.16))
    page.block((m, top, m + u * 0.4, top + high), u * 0.2, MOODS[facts.mood])
    hint = width(_ENDS, Face.TEXT, u * 0.85)
    if named and width(lines[0], Face.STRONG, u * 1.15) + hint + u * 2 < room:
        page.line((page.w - m - u, top + high / 2 + middle(u * 0.85)), _ENDS, Face.TEXT, u * 0.85, QUIET, "r")
    for place, words in enumerate(lines):
        base = top + u * (0.6 + 1.6 * (place + 0.5)) + middle(u * 1.15)
        page.within((m + u * 1.3, base), words, Face.STRONG, u * 1.15, INK, room)
    return top - u * 0.4


def _lines(words: str, size: float, room: float) -> list[str]:
    """In one line, or in two that are as even as the words allow."""
    if width(words, Face.STRONG, size) <= room:
        return [words]
    parts = words.split(" ")
    cuts = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]
    return list(min(cuts, key=lambda cut: max(width(line, Face.STRONG, size) for line in cut), default=(words,)))


def _caption(page: Page, text: str, placed: Rect | None) -> None:
    if placed is not None and placed.bottom + page.unit * 1.6 < page.h - page.margin - page.unit * 3.2:
        base = placed.bottom + page.unit * 1.4
        size = fitting(text, Face.TEXT, placed.w, page.unit * 0.85, page.unit * 0.5)
        page.line(
            (placed.x + placed.w / 2, base), shortened(text, Face.TEXT, size, placed.w), Face.TEXT, size, QUIET, "m"
        )


def _caption_beside(page: Page, text: str, placed: Rect) -> None:
    room = page.w - page.margin - placed.right - page.unit
    base = placed.y + placed.h / 2 + middle(page.unit)
    page.within((placed.right + page.unit, base), text, Face.TEXT, page.unit, QUIET, room)
