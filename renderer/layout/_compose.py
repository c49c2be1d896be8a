"""The layout of one slot: the creative as large as may be, and one calm place for the panels."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from config import Rect, Size
from renderer.layout._fixed import zones_for
from renderer.layout._grid import grid_unit, trimmed, usable
from renderer.layout._refill import Filling, fill
from renderer.layout._shapes import Layout, LayoutRules, PanelArea, PanelOffer
from renderer.layout._stand import Stand, centred, stands


def compose(screen: Size, creative: Size | None, offers: Sequence[PanelOffer], rules: LayoutRules) -> Layout:
    """The layout for a creative of this size, or for full-screen content (``creative`` None).

    ``offers`` are the panels that are set up, the most important first, whether or not they have data now (DESIGN
    rule 3: the creative stays where it is whatever a feed says).
    The creative is never distorted (whole pixels apart) and never cropped; it is as large as its zone and
    ``max_upscale`` allow. Panels are one column, one band or one L-bar; where none is calm, the creative is centred.
    Total for sides of at least 1 pixel; raises ``ValueError`` below that.
    """
    if min(screen.w, screen.h) < 1 or (creative is not None and min(creative.w, creative.h) < 1):
        message = f"a side is under one pixel: screen {screen}, creative {creative}"
        raise ValueError(message)
    room = usable(screen, rules.safe_margin)
    if creative is None:
        return _content(screen, room, offers, rules)
    fixed = zones_for(screen, room, creative, rules.templates)
    if fixed is not None:
        scale, size = _scaled(fixed.creative.size, creative, rules)
        stand = Stand(fixed.name, fixed.place(size), fixed.areas)
        return _layout(screen, stand, scale, fill(stand.areas, offers, grid_unit(screen)))
    scale, size = _scaled(room.size, creative, rules)
    stand, filling = _calmest(screen, room, size, offers, rules)
    return _layout(screen, stand, scale, filling)


def _scaled(zone: Size, creative: Size, rules: LayoutRules) -> tuple[Fraction, Size]:
    """The largest allowed, exactly: floats would lose the last pixel."""
    scale = min(Fraction(zone.w, creative.w), Fraction(zone.h, creative.h))
    if not rules.scalable:
        scale = min(scale, _whole_pixels(max(creative.w, creative.h), rules.max_upscale))
    return scale, Size(_side(creative.w, scale, zone.w), _side(creative.h, scale, zone.h))


def _whole_pixels(side: int, limit: float) -> Fraction:
    """The limit, by which the longer side is whole: were both sides rounded, each could be off the other way."""
    return Fraction(max(1, round(side * limit)), side)


def _side(side: int, scale: Fraction, most: int) -> int:
    return min(most, max(1, round(side * scale)))


def _calmest(
    screen: Size, room: Rect, size: Size, offers: Sequence[PanelOffer], rules: LayoutRules
) -> tuple[Stand, Filling]:
    """The first way to set the creative in which every area gets a panel; else the creative alone in the middle."""
    unit = grid_unit(screen)
    for equals in stands(room, size, unit, max(0, unit - rules.safe_margin)):
        filled = [(stand, fill(stand.areas, offers, unit)) for stand in equals]
        whole = [one for one in filled if _in_use(*one)]
        if whole:
            return min(whole, key=lambda one: one[1].cost)
    return Stand("alone", centred(room, size), ()), Filling(0.0, ())


def _in_use(stand: Stand, filling: Filling) -> bool:
    return all(any(panel.rect.inside(area.rect) for panel in filling.panels) for area in stand.areas)


def _layout(screen: Size, stand: Stand, scale: Fraction, filling: Filling) -> Layout:
    rects = (stand.creative, *(panel.rect for panel in filling.panels))
    return Layout(
        screen, stand.creative, float(scale), stand.areas, filling.panels, _coverage(screen, rects), stand.template
    )


def _content(screen: Size, room: Rect, offers: Sequence[PanelOffer], rules: LayoutRules) -> Layout:
    """Panels over the whole screen, with a double margin at its edges."""
    unit = grid_unit(screen)
    edge = max(0, 2 * unit - rules.safe_margin)
    area = trimmed(room, edge, edge, edge, edge)
    areas = () if area is None else (PanelArea(area),)
    panels = fill(areas, offers, unit).panels
    template = "content" if panels else "empty"
    return Layout(screen, None, 1.0, areas, panels, _coverage(screen, [p.rect for p in panels]), template)


def _coverage(screen: Size, rects: Sequence[Rect]) -> float:
    return sum(r.w * r.h for r in rects) / screen.pixels
