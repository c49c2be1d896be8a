"""The headlines panel: one large in a band or a small tile, several in a column; the clock turns the pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from config import Size
from renderer.panels._bands import Backdrop
from renderer.panels._lines import broken
from renderer.panels._news import Headline, News
from renderer.panels._pages import page_at
from renderer.panels._small import attribution, attribution_height
from renderer.panels._style import PanelSettings, PanelStyle
from renderer.panels._tile import Box, Grid, Tile
from renderer.panels._type import CAP, Face, fitting, shortened, width

_LINE = 1.34
"""Distance of lines, of their size: room for marks above and below in every script."""
_HEAD = 2.1
_CREDIT = 1.75
"""Height in labels of a headline's source and time."""
_MOST_PAGES = 6
_WORTH = 8.2
"""Height in labels from which a headline shares a column with others."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a tile of one size shows its headlines."""

    box: Box
    label: float
    head: float
    """Height of the title's line; 0: the title stands elsewhere or nowhere."""
    side: float
    """Width of the title at the left of a band."""
    down: int

    @classmethod
    def of(cls, known: News, size: Size, style: PanelStyle) -> Plan:
        """The plan that suits the tile's shape."""
        grid = Grid.of(size, style)
        unit, box = grid.label, grid.inner.above(attribution_height(grid.label, known.attribution))
        if box.w >= 3.4 * box.h:
            title = min(width(known.title, Face.STRONG, unit * 1.5), box.w * 0.2)
            return cls(box, unit, 0.0, title + unit * 2.6 if title and box.w >= 30 * unit else 0.0, 1)
        head = _HEAD * unit if known.title and box.h >= 8 * unit else 0.0
        down = max(1, min(len(known.items), int((box.h - head) / (_WORTH * unit)), 8))
        return cls(box, unit, head, 0.0, down)


def page_count(known: News, plan: Plan) -> int:
    """Pages that the headlines fill."""
    return min(_MOST_PAGES, math.ceil(len(known.items) / plan.down))


def draw_headlines(
    size: Size,
    known: News,
    settings: PanelSettings,
    style: PanelStyle,
    backdrop: Backdrop | None,
    now: datetime,
) -> Image.Image:
    """The tile; its shape decides how many headlines, the clock which."""
    tile = Tile.on(size, style, backdrop, rtl=settings.language().rtl)
    plan = Plan.of(known, size, style)
    count = page_count(known, plan)
    page = page_at(now, settings.headlines_page_seconds, count)
    start = min(page * plan.down, max(0, len(known.items) - plan.down))
    attribution(tile, known.attribution, count)
    tile.pages(count, page, aside=bool(known.attribution))
    box = _titled(tile, plan, known)
    _column(tile, box, plan, known.items[start : start + plan.down], settings, now)
    return tile.image


def _column(
    tile: Tile, box: Box, plan: Plan, items: tuple[Headline, ...], settings: PanelSettings, now: datetime
) -> None:
    """Headlines one below the other, all in the size that the longest can have."""
    unit = tile.label
    most = unit * (2.4 if plan.down == 1 else 1.75)
    rows = [row.below(unit * 0.85 if plan.head or place else 0.0) for place, row in enumerate(box.rows(plan.down, 0))]
    rows = [row.above(unit * (0.7 if plan.down > 1 else 0.3)) for row in rows]
    high = rows[-1].h - (_CREDIT * unit if rows[-1].h >= 4.2 * unit else 0.0)
    sizes = [_largest(item.title, box.w, high, unit, most) for item in items]
    credited = all(sizes) and high < rows[-1].h
    if not credited:
        high = rows[-1].h
        sizes = [_largest(item.title, box.w, high, unit, most) for item in items]
    size = min((size or unit for size in sizes), default=unit)
    for place, (row, item) in enumerate(zip(rows, items, strict=False)):
        if place or plan.head:
            tile.across(row, row.y - unit * 0.85)
        lines = broken(item.title, Face.STRONG, size, row.w, _lines_in(high, size))
        credit = shortened(item.credit(settings, now), Face.TEXT, unit, row.w) if credited else ""
        _headline(tile, row, lines, size, credit, middle=plan.down == 1)


def _titled(tile: Tile, plan: Plan, known: News) -> Box:
    """The source's name above or at the left; returns what is left for headlines."""
    unit, box = tile.label, plan.box
    if plan.side:
        room = plan.side - unit * 2.6
        size = fitting(known.title, Face.STRONG, room, unit * 1.5, unit)
        words = shortened(known.title, Face.STRONG, size, room)
        tile.write((box.x, box.y + (box.h + size * CAP) / 2), words, Face.STRONG, size, tile.inks.accent)
        tile.upright(box, box.x + plan.side - unit * 1.3)
        return Box(box.x + plan.side, box.y, box.w - plan.side, box.h)
    if plan.head:
        words = shortened(known.title, Face.STRONG, unit * 1.3, box.w)
        tile.write((box.x, box.y + unit * 1.3 * CAP), words, Face.STRONG, unit * 1.3, tile.inks.accent)
    return box.below(plan.head)


def _headline(tile: Tile, box: Box, lines: tuple[str, ...], size: float, credit: str, *, middle: bool) -> None:
    """The headline, its source and time below."""
    unit = tile.label
    foot = _CREDIT * unit if credit else 0.0
    high = (len(lines) - 1) * size * _LINE + size * CAP + foot
    base = box.y + max(0.0, box.h - high) * (0.5 if middle else 0.3) + size * CAP
    for line in lines:
        tile.write((box.x, base), line, Face.STRONG, size, tile.inks.first)
        base += size * _LINE
    tile.write((box.x, base - size * _LINE + foot), credit, Face.TEXT, unit, tile.inks.second)


def _largest(text: str, wide: float, high: float, unit: float, most: float) -> float:
    """The largest size at which all of it fits; 0 when it does not even at the label's."""
    size = most
    while size >= unit * 0.98:
        lines = broken(text, Face.STRONG, size, wide, 99)
        if len(lines) <= _lines_in(high, size):
            return size
        size *= 0.92
    return 0.0


def _lines_in(high: float, size: float) -> int:
    return max(1, int((high - size * CAP) / (size * _LINE) + 1.001))
