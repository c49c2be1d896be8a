"""The layout of one slot: the creative as large as may be, and one calm area for the panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from config import Rect, Size
from renderer.layout._grid import grid_unit, trimmed, usable
from renderer.layout._shapes import Layout, LayoutRules, PanelOffer, PanelRect, Template
from renderer.layout._tiles import tile

_MOST_AIR = 3
"""Grid units around a creative that its limit keeps from filling its zone."""


@dataclass(frozen=True, slots=True)
class _Arrangement:
    """One way to set the creative and its panels."""

    template: Template
    creative: Rect
    panel_area: Rect
    panels: tuple[PanelRect, ...]
    idle_pixels: int
    """Zone pixels that neither the creative nor the panels use."""


def compose(screen: Size, creative: Size | None, offers: Sequence[PanelOffer], rules: LayoutRules) -> Layout:
    """The layout for a creative of this size, or for full-screen content (``creative`` None).

    The creative is never distorted (whole pixels apart) and never cropped; it is as large as the screen and
    ``max_upscale`` allow, and flush to an edge so that the rest is one column or one band. When no panel fits
    the rest, it is centred. Its rectangle depends on the arguments alone, never on what a feed has today
    (DESIGN rule 3). Total for sides of at least 1 pixel; raises ``ValueError`` below that.
    """
    if min(screen.w, screen.h) < 1 or (creative is not None and min(creative.w, creative.h) < 1):
        message = f"a side is under one pixel: screen {screen}, creative {creative}"
        raise ValueError(message)
    room = usable(screen, rules.safe_margin)
    if creative is None:
        return _content(screen, room, offers, rules)
    scale = _scale(room, creative, rules)
    size = Size(_scaled(creative.w, scale, room.w), _scaled(creative.h, scale, room.h))
    unit = grid_unit(screen)
    found = [
        arrangement
        for arrangement in (_column(room, size, offers, unit, rules), _band(room, size, offers, unit, rules))
        if arrangement is not None
    ]
    if not found:
        rect = _centred(room, size)
        return Layout(screen, rect, float(scale), None, (), _coverage(screen, (rect,)), "alone")
    best = min(found, key=lambda a: a.idle_pixels)
    rects = (best.creative, *(p.rect for p in best.panels))
    return Layout(
        screen, best.creative, float(scale), best.panel_area, best.panels, _coverage(screen, rects), best.template
    )


def _scale(room: Rect, creative: Size, rules: LayoutRules) -> Fraction:
    """The largest allowed, exactly: floats would lose the last pixel."""
    fits = min(Fraction(room.w, creative.w), Fraction(room.h, creative.h))
    return fits if rules.scalable else min(fits, Fraction(rules.max_upscale))


def _scaled(side: int, scale: Fraction, most: int) -> int:
    return min(most, max(1, round(side * scale)))


def _column(room: Rect, size: Size, offers: Sequence[PanelOffer], unit: int, rules: LayoutRules) -> _Arrangement | None:
    """The creative at the left, panels in a column at its right."""
    air = min((room.h - size.h) // 2, _MOST_AIR * unit)
    zone = Rect(room.x, room.y, size.w + 2 * air, room.h)
    edge = max(0, unit - rules.safe_margin)
    area = trimmed(room, zone.w + unit, edge, edge, edge)
    return _arranged("column", zone, size, area, offers, unit)


def _band(room: Rect, size: Size, offers: Sequence[PanelOffer], unit: int, rules: LayoutRules) -> _Arrangement | None:
    """The creative at the top, panels in a band below it."""
    air = min((room.w - size.w) // 2, _MOST_AIR * unit)
    zone = Rect(room.x, room.y, room.w, size.h + 2 * air)
    edge = max(0, unit - rules.safe_margin)
    area = trimmed(room, edge, zone.h + unit, edge, edge)
    return _arranged("band", zone, size, area, offers, unit)


def _arranged(
    template: Template, zone: Rect, size: Size, area: Rect | None, offers: Sequence[PanelOffer], unit: int
) -> _Arrangement | None:
    panels = () if area is None else tile(area, offers, unit)
    if area is None or not panels:
        return None
    idle = zone.size.pixels - size.pixels
    return _Arrangement(template, _centred(zone, size), area, panels, idle)


def _content(screen: Size, room: Rect, offers: Sequence[PanelOffer], rules: LayoutRules) -> Layout:
    """Panels over the whole screen, with a double margin at its edges."""
    unit = grid_unit(screen)
    edge = max(0, 2 * unit - rules.safe_margin)
    area = trimmed(room, edge, edge, edge, edge)
    panels = () if area is None else tile(area, offers, unit)
    if not panels:
        return Layout(screen, None, 1.0, area, (), 0.0, "empty")
    return Layout(screen, None, 1.0, area, panels, _coverage(screen, [p.rect for p in panels]), "content")


def _centred(area: Rect, size: Size) -> Rect:
    return Rect(area.x + (area.w - size.w) // 2, area.y + (area.h - size.h) // 2, size.w, size.h)


def _coverage(screen: Size, rects: Sequence[Rect]) -> float:
    return sum(r.w * r.h for r in rects) / screen.pixels
