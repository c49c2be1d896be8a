"""Fills the areas of a layout with those panels that have data now."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from config import Size
from renderer.layout._align import aligned
from renderer.layout._grid import grid_unit
from renderer.layout._shapes import PanelArea, PanelOffer, PanelRect
from renderer.layout._tiles import MOST_TILES, Tiling, tile

_MOST_IN_AN_ARM = 3
"""Tiles in one of several areas, such as the two arms of an L-bar."""
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
        found = _most([o for o in left if o.kind in area.kinds][:MOST_TILES], partial(_one, area, gap))
        cost += found.cost
        panels += found.panels
        placed = {panel.kind for panel in found.panels}
        left = [offer for offer in left if offer.kind not in placed]
    free = [area for area in areas if not area.kinds]
    if free:
        found = _most(left[:MOST_TILES], partial(_shared, free, gap))
        cost += found.cost
        panels += aligned(found.panels, free, {offer.kind: offer for offer in left}, gap)
    order = {offer.kind: place for place, offer in enumerate(offers)}
    return Filling(cost, tuple(sorted(panels, key=lambda panel: order[panel.kind])))


def _most(offers: Sequence[PanelOffer], fit: Callable[[Sequence[PanelOffer]], Filling | None]) -> Filling:
    """All offers if they fit, or all but the last; else one by one, each that fits beside the more important ones."""
    for count in (len(offers), len(offers) - 1):
        found = fit(offers[:count]) if count >= 0 else None
        if found is not None:
            return found
    chosen: list[PanelOffer] = []
    best = _NOTHING
    for offer in offers:
        found = fit([*chosen, offer])
        if found is not None:
            best = found
            chosen.append(offer)
    return best


def _one(area: PanelArea, gap: int, offers: Sequence[PanelOffer], bound: float = math.inf) -> Filling | None:
    if not offers:
        return _NOTHING
    tiling = tile(area.rect, offers, gap, bound)
    return None if tiling is None else _filled(offers, tiling)


def _shared(areas: Sequence[PanelArea], gap: int, offers: Sequence[PanelOffer]) -> Filling | None:
    """All offers in several areas: the first ones in the first, the next in the next."""
    if len(areas) == 1 or not offers:
        return _one(areas[0], gap, offers)
    density = math.log(sum(a.rect.size.pixels for a in areas) / _ideal_pixels(offers))
    return _several(areas, gap, density, offers)


def _several(areas: Sequence[PanelArea], gap: int, density: float, offers: Sequence[PanelOffer]) -> Filling | None:
    """As many in each as suits them best. ``density``: the logarithm of what each ideal pixel should get."""
    if not areas:
        return None if offers else Filling(0.0, ())
    best: Filling | None = None
    fewest = max(0, len(offers) - _MOST_IN_AN_ARM * (len(areas) - 1))
    for count in range(min(len(offers), _MOST_IN_AN_ARM), fewest - 1, -1):
        uneven = 0.0
        if count:
            off = math.log(areas[0].rect.size.pixels / _ideal_pixels(offers[:count])) - density
            uneven = count * off**2 / 2
        bound = math.inf if best is None else best.cost - uneven
        first = _one(areas[0], gap, offers[:count], bound)
        if first is None or first.cost >= bound:
            continue
        cost = first.cost + uneven
        rest = _several(areas[1:], gap, density, offers[count:])
        if rest is not None and (best is None or cost + rest.cost < best.cost - 1e-9):
            best = Filling(cost + rest.cost, first.panels + rest.panels)
    return best


def _ideal_pixels(offers: Sequence[PanelOffer]) -> int:
    return sum(max(1, offer.ideal.pixels) for offer in offers)


def _filled(offers: Sequence[PanelOffer], tiling: Tiling) -> Filling:
    panels = tuple(PanelRect(o.kind, r) for o, r in zip(offers, tiling.rects, strict=True))
    return Filling(tiling.cost, panels)
