"""Tiles one area with panels: the split, out of all sensible ones, that suits their shapes best."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from config import Rect, Size
from renderer.layout._grid import grid_unit
from renderer.layout._shapes import PanelOffer, PanelRect

_MOST_TILES = 4
"""More than four tiles beside an ad are clutter, and the search stays small."""
_FIRST_WEIGHS = 1.2
"""The first panel is the largest: it asks for this much more than its ideal."""
_RATIOS = ((1 / 2, 0.0), (3 / 5, 0.02), (2 / 3, 0.02), (3 / 4, 0.02), (4 / 5, 0.02), (5 / 6, 0.02))
"""Where an area is cut, and what the cut costs: halves are calmest."""
_FAIR_CUT_COSTS = 0.05
"""A cut at the panels' fair shares, which lines up with nothing else."""
_EASY = math.log(1.35)
"""A tile this far from its ideal aspect looks as good as at its ideal."""
_MOST_STRETCH = math.log(8.0)
"""A tile further from its ideal aspect than this is a scrap, not a panel."""
_LONE_STRETCH = math.log(3.0)
"""A panel left alone in a misfit area is a card of at most this stretch, centred."""


@dataclass(frozen=True, slots=True)
class _Want:
    """One panel's wishes in one area: its offer and the pixels that are its fair share."""

    offer: PanelOffer
    pixels: float

    @property
    def aspect(self) -> float:
        return max(1, self.offer.ideal.w) / max(1, self.offer.ideal.h)


@dataclass(frozen=True, slots=True)
class _Tiling:
    cost: float
    rects: tuple[Rect, ...]


def refill(area: Rect, offers: Sequence[PanelOffer], screen: Size) -> tuple[PanelRect, ...]:
    """Tile ``area`` (a layout's ``panel_area``) with those panels that have data now.

    ``offers`` are in order of importance. Panels that do not fit are left out, the last first. When none can
    fill the area, the most important one that fits at all stands in its middle. Empty when nothing fits.
    ``screen`` gives the grid, so that gaps equal the layout's margins.
    """
    return tile(area, offers, grid_unit(screen)) or _lone(area, offers)


def tile(area: Rect, offers: Sequence[PanelOffer], gap: int) -> tuple[PanelRect, ...]:
    """Tile ``area`` to its edges with as many panels as fit, ``gap`` pixels apart; empty when none does."""
    considered = tuple(offers)[:_MOST_TILES]
    for count in range(len(considered), 0, -1):
        for chosen in combinations(considered, count):
            tiling = _best(area, _wants(chosen, area), gap)
            if tiling is not None:
                return tuple(PanelRect(o.kind, r) for o, r in zip(chosen, tiling.rects, strict=True))
    return ()


def _wants(offers: Sequence[PanelOffer], area: Rect) -> tuple[_Want, ...]:
    weights = [max(1, o.ideal.pixels) * (_FIRST_WEIGHS if i == 0 else 1.0) for i, o in enumerate(offers)]
    share = area.w * area.h / sum(weights)
    return tuple(_Want(o, w * share) for o, w in zip(offers, weights, strict=True))


def _best(area: Rect, wants: tuple[_Want, ...], gap: int) -> _Tiling | None:
    """The cheapest way to cut ``area`` for ``wants``, in their order; None when a minimum is not met."""
    if len(wants) == 1:
        cost = _cost(area.size, wants[0])
        return None if cost is None else _Tiling(cost, (area,))
    best: _Tiling | None = None
    for cut in range(1, len(wants)):
        for one, other, cut_cost in _cuts(area, wants[:cut], wants[cut:], gap):
            first = _best(one, wants[:cut], gap)
            rest = None if first is None else _best(other, wants[cut:], gap)
            if first is None or rest is None:
                continue
            cost = first.cost + rest.cost + cut_cost
            if best is None or cost < best.cost - 1e-9:
                best = _Tiling(cost, first.rects + rest.rects)
    return best


def _cuts(
    area: Rect, ones: tuple[_Want, ...], others: tuple[_Want, ...], gap: int
) -> Iterator[tuple[Rect, Rect, float]]:
    """The area cut in two, side by side and one above the other, and what each cut costs."""
    fair = sum(w.pixels for w in ones) / sum(w.pixels for w in (*ones, *others))
    for ratio, cost in (*_RATIOS, (fair, _FAIR_CUT_COSTS)):
        w = round((area.w - gap) * ratio)
        if 0 < w < area.w - gap:
            right = Rect(area.x + w + gap, area.y, area.w - gap - w, area.h)
            yield Rect(area.x, area.y, w, area.h), right, cost
        h = round((area.h - gap) * ratio)
        if 0 < h < area.h - gap:
            below = Rect(area.x, area.y + h + gap, area.w, area.h - gap - h)
            yield Rect(area.x, area.y, area.w, h), below, cost


def _cost(size: Size, want: _Want) -> float | None:
    """How ill the size suits the panel: 0 is perfect; None when it may not be so."""
    if size.w < want.offer.min.w or size.h < want.offer.min.h:
        return None
    stretch = abs(math.log(size.w / size.h / want.aspect))
    if stretch > _MOST_STRETCH:
        return None
    misshapen = max(0.0, stretch - _EASY) ** 2
    missized = math.log(size.pixels / want.pixels) ** 2
    return misshapen + missized / 2


def _lone(area: Rect, offers: Sequence[PanelOffer]) -> tuple[PanelRect, ...]:
    for offer in offers:
        if area.w < offer.min.w or area.h < offer.min.h:
            continue
        aspect = max(1, offer.ideal.w) / max(1, offer.ideal.h)
        w = max(offer.min.w, min(area.w, round(area.h * aspect * math.exp(_LONE_STRETCH))), 1)
        h = max(offer.min.h, min(area.h, round(area.w / aspect * math.exp(_LONE_STRETCH))), 1)
        return (PanelRect(offer.kind, Rect(area.x + (area.w - w) // 2, area.y + (area.h - h) // 2, w, h)),)
    return ()
