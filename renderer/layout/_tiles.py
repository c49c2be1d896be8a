"""Tiles one area with panels: of all calm ways to set them, the one that suits their shapes best.

A tiling is a stack of rows or a row of stacks, in the order of importance, and always a whole rectangle: nothing
juts out. Panels that may not grow as large as the area make a smaller rectangle in its middle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from config import Rect
from renderer.layout._shapes import PanelOffer
from renderer.layout._stack import EASY, EMPTY_COSTS, MOST_STRETCH, Cell, Found, Groups, Stack, Wish

MOST_TILES = 5
"""More tiles in one area are clutter, and the search stays small."""
_LEAST_SHARE = 0.5
"""A tile among others with less of its ideal area than this is clutter: the least important is left out."""
_LONE_STRETCH = math.log(3.0)
"""A panel alone in an area that would stretch it further than that is a card of this stretch."""


def _groups_of(count: int) -> tuple[Groups, ...]:
    """Every way to cut ``count`` things, in their order, into groups: (from, to) of each."""
    cuts = [c for n in range(count) for c in combinations(range(1, count), n)]
    return tuple(tuple(pairwise((0, *cut, count))) for cut in cuts)


_GROUPS = tuple(_groups_of(count) for count in range(MOST_TILES + 1))


@dataclass(frozen=True, slots=True)
class Tiling:
    """Tiles in the order of their offers. A cost of 0 is perfect."""

    cost: float
    rects: tuple[Rect, ...]


def tile(area: Rect, offers: Sequence[PanelOffer], gap: int, bound: float = math.inf) -> Tiling | None:
    """All ``offers`` in ``area``, ``gap`` pixels apart; None when they do not fit it, or not calmly.

    Several that cost ``bound`` or more are None too: the search ends sooner.
    """
    if not 0 < len(offers) <= MOST_TILES:
        return None
    wishes = [_wish(offer, area) for offer in offers]
    if any(w.least_w > w.most_w or w.least_h > w.most_h for w in wishes):
        return None
    if len(wishes) == 1:
        return _card(area, wishes[0])
    if sum(w.clutter for w in wishes) > area.size.pixels:
        return None
    heaviest = max(w.weight for w in wishes)  # what the first gets, whatever it is
    wishes[0] = wishes[0]._replace(weight=heaviest, log_weight=math.log(heaviest))
    found = _best(area, wishes, gap, bound)
    return None if found is None else Tiling(found[0], _centred(area, found[1]))


def _best(area: Rect, wishes: list[Wish], gap: int, bound: float) -> Found | None:
    """The cheapest of all stacks of rows and all rows of stacks; of equals the first."""
    upright = Stack(area.w, area.h, wishes, gap)
    turned = Stack(area.h, area.w, [wish.turned() for wish in wishes], gap)
    best: Found | None = None
    for groups in _GROUPS[len(wishes)]:
        found = upright.tiled(groups, bound)
        if found is not None:
            best, bound = found, found[0] - 1e-9
        if len(groups) in (1, len(wishes)):
            continue  # turned, it is a tiling met already
        found = turned.tiled(groups, bound)
        if found is not None:
            best, bound = (found[0], [(y, x, h, w) for x, y, w, h in found[1]]), found[0] - 1e-9
    return best


def _wish(offer: PanelOffer, area: Rect) -> Wish:
    ideal_w, ideal_h = max(1, offer.ideal.w), max(1, offer.ideal.h)
    most_w, most_h = (area.w, area.h) if offer.max is None else (min(area.w, offer.max.w), min(area.h, offer.max.h))
    pixels = ideal_w * ideal_h
    least_w, least_h = max(1, offer.min.w), max(1, offer.min.h)
    return Wish(
        least_w, least_h, most_w, most_h, math.log(ideal_w / ideal_h), pixels, math.log(pixels), pixels * _LEAST_SHARE
    )


def _card(area: Rect, wish: Wish) -> Tiling:
    """One panel: as large as it may be, but no strip that it cannot fill."""
    w, h = wish.most_w, wish.most_h
    stretch = math.log(w / h) - wish.log_aspect
    if abs(stretch) > MOST_STRETCH:
        aspect = math.exp(wish.log_aspect + math.copysign(_LONE_STRETCH, stretch))
        w, h = min(w, max(wish.least_w, round(h * aspect))), min(h, max(wish.least_h, round(w / aspect)))
    stretch = math.log(w / h) - wish.log_aspect
    cost = max(0.0, abs(stretch) - EASY) ** 2 + EMPTY_COSTS * (1 - w * h / area.size.pixels)
    return Tiling(cost, _centred(area, [(0, 0, w, h)]))


def _centred(area: Rect, cells: Sequence[Cell]) -> tuple[Rect, ...]:
    w, h = max(x + w for x, _, w, _ in cells), max(y + h for _, y, _, h in cells)
    left, top = area.x + (area.w - w) // 2, area.y + (area.h - h) // 2
    return tuple(Rect(left + x, top + y, w, h) for x, y, w, h in cells)
