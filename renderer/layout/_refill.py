"""Fills the areas of a layout with those panels that have data now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from config import Size
from renderer.layout._grid import grid_unit
from renderer.layout._shapes import PanelArea, PanelOffer, PanelRect
from renderer.layout._tiles import MOST_TILES, Tiling, tile

_IDLE_AREA_COSTS = 2.0
"""For an area without any panel, beside one that has some."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Panels in their areas. A cost of 0 is perfect."""

    cost: float
    panels: tuple[PanelRect, ...]


_NOTHING = Filling(_IDLE_AREA_COSTS, ())


def refill(areas: Sequence[PanelArea], offers: Sequence[PanelOffer], screen: Size) -> tuple[PanelRect, ...]:
    """Tile ``areas`` (a layout's) with those panels that have data now.

    ``offers`` are in order of importance, each kind once. What finds no calm place is left out, the least important
    first; empty when nothing fits. ``screen`` gives the grid, so that gaps equal the layout's margins. The areas stay
    where they are, whatever has data: so does the creative.
    """
    return fill(areas, offers, grid_unit(screen)).panels


def fill(areas: Sequence[PanelArea], offers: Sequence[PanelOffer], gap: int) -> Filling:
    """`refill` with its cost. Areas of certain kinds choose first; the others share the rest in their order."""
    left = list({offer.kind: offer for offer in reversed(offers)}.values())[::-1]
    cost = 0.0
    panels: list[PanelRect] = []
    for area in areas:
        if not area.kinds:
            continue
        found = _most([o for o in left if o.kind in area.kinds], partial(_one, area, gap))
        cost += found.cost
        panels += found.panels
        placed = {panel.kind for panel in found.panels}
        left = [offer for offer in left if offer.kind not in placed]
    free = [area for area in areas if not area.kinds]
    if free:
        found = _most(left[:MOST_TILES], partial(_several, free, gap))
        cost += found.cost
        panels += found.panels
    order = {offer.kind: place for place, offer in enumerate(offers)}
    return Filling(cost, tuple(sorted(panels, key=lambda panel: order[panel.kind])))


def _most(offers: Sequence[PanelOffer], fit: Callable[[Sequence[PanelOffer]], Filling | None]) -> Filling:
    """All offers if they fit; else one by one, each that fits beside the more important ones."""
    best = fit(offers)
    if best is not None:
        return best
    chosen: list[PanelOffer] = []
    best = _NOTHING
    for offer in offers:
        found = fit([*chosen, offer])
        if found is not None:
            best = found
            chosen.append(offer)
    return best


def _one(area: PanelArea, gap: int, offers: Sequence[PanelOffer]) -> Filling | None:
    if not offers:
        return _NOTHING
    tiling = tile(area.rect, offers, gap)
    return None if tiling is None else _filled(offers, tiling)


def _several(areas: Sequence[PanelArea], gap: int, offers: Sequence[PanelOffer]) -> Filling | None:
    """The first offers in the first area, the next in the next, as many in each as suits them best."""
    if len(areas) == 1:
        return _one(areas[0], gap, offers)
    best: Filling | None = None
    for count in range(len(offers), -1, -1):
        first = _one(areas[0], gap, offers[:count])
        rest = None if first is None else _several(areas[1:], gap, offers[count:])
        if first is None or rest is None:
            continue
        if best is None or first.cost + rest.cost < best.cost - 1e-9:
            best = Filling(first.cost + rest.cost, first.panels + rest.panels)
    return best


def _filled(offers: Sequence[PanelOffer], tiling: Tiling) -> Filling:
    panels = tuple(PanelRect(o.kind, r) for o, r in zip(offers, tiling.rects, strict=True))
    return Filling(tiling.cost, panels)
