"""Where the creative stands, and what it leaves: column, band or L-bar. Geometry alone, whatever panels there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config import Rect, Size
from renderer.layout._shapes import PanelArea

LEAST_COLUMN = 10
"""Grid units: a narrower column is a scrap."""
LEAST_BAND = 5
"""Grid units: a lower band is a scrap."""
_LEAST_ARM = Size(12, 7)
"""Grid units: an arm of an L-bar that is smaller holds no panel but a clock."""
_MOST_SHARED_AIR = 5
"""Grid units of air around a limited creative up to which panels keep to its edges; beyond, the grid's."""
_MOST_SIDE_AIR = 3
"""Grid units of such air at the outer side of the creative and of the panels."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One way to set a creative and its panels."""

    template: str
    creative: Rect
    areas: tuple[PanelArea, ...]


def centred(area: Rect, size: Size) -> Rect:
    """A rectangle of this size in the middle of ``area``."""
    return Rect(area.x + (area.w - size.w) // 2, area.y + (area.h - size.h) // 2, size.w, size.h)


def stands(room: Rect, size: Size, unit: int, edge: int) -> Iterator[tuple[Stand, ...]]:
    """The ways to set a creative of this size in ``room``, the calmest first; equals come together.

    ``unit`` is the gap between things, ``edge`` the margin of panels inside ``room``.
    """
    bars = tuple(_l_bars(room, size, unit, edge))
    if bars:
        yield bars
    sides = [stand for stand in (_column(room, size, unit, edge), _band(room, size, unit, edge)) if stand is not None]
    for stand in sorted(sides, key=lambda one: -one.areas[0].rect.size.pixels):
        yield (stand,)


def _column(room: Rect, size: Size, unit: int, edge: int) -> Stand | None:
    """The creative at the left, panels in a column at its right."""
    placed = _beside(room, size, unit, edge)
    if placed is None or placed[1].w < max(1, LEAST_COLUMN * unit):
        return None
    return Stand("column", placed[0], (PanelArea(placed[1]),))


def _band(room: Rect, size: Size, unit: int, edge: int) -> Stand | None:
    """The creative at the top, panels in a band below it."""
    placed = _beside(_turned(room), Size(size.h, size.w), unit, edge)
    if placed is None or placed[1].w < max(1, LEAST_BAND * unit):
        return None
    return Stand("band", _turned(placed[0]), (PanelArea(_turned(placed[1])),))


def _beside(room: Rect, size: Size, unit: int, edge: int) -> tuple[Rect, Rect] | None:
    """The creative at the left of ``room`` and what is left at its right, or None when that is nothing.

    A creative that is as high as the room is flush with it. A limited one that is nearly as high has the same air on
    all sides, and its panels are as high as it is; any other stands in the grid.
    """
    above = (room.h - size.h) // 2
    outer, top, height = edge, room.y + edge, room.h - 2 * edge
    if above == 0:
        left = 0
    elif above < edge:
        left = above
    elif above <= _MOST_SHARED_AIR * unit:
        left = outer = min(above, _MOST_SIDE_AIR * unit)
        top, height = room.y + above, size.h
    else:
        left = edge
    creative = Rect(room.x + left, room.y + above, size.w, size.h)
    width = room.right - outer - creative.right - unit
    return (creative, Rect(creative.right + unit, top, width, height)) if min(width, height) > 0 else None


def _l_bars(room: Rect, size: Size, unit: int, edge: int) -> Iterator[Stand]:
    """A limited creative as one more tile of the grid, at the top left; panels at its right and below it."""
    inner = Rect(room.x + edge, room.y + edge, room.w - 2 * edge, room.h - 2 * edge)
    wide, high = inner.w - size.w - unit, inner.h - size.h - unit
    least = Size(max(1, _LEAST_ARM.w * unit), max(1, _LEAST_ARM.h * unit))
    if wide < least.w or high < least.h:
        return
    creative = Rect(inner.x, inner.y, size.w, size.h)
    right, below = creative.right + unit, creative.bottom + unit
    if size.h >= least.h:
        row = Rect(right, inner.y, wide, size.h), Rect(inner.x, below, inner.w, high)
        yield Stand("l-bar", creative, tuple(map(PanelArea, row)))
    if size.w >= least.w:
        stack = Rect(right, inner.y, wide, inner.h), Rect(inner.x, below, size.w, high)
        yield Stand("l-bar", creative, tuple(map(PanelArea, stack)))


def _turned(rect: Rect) -> Rect:
    return Rect(rect.y, rect.x, rect.h, rect.w)
