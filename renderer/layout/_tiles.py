"""Tiles one area with panels: of all calm ways to set them, the one that suits their shapes best.

A tiling is a stack of rows or a row of stacks, in the order of importance, and always a whole rectangle: nothing
juts out. Panels that may not grow as large as the area make a smaller rectangle in its middle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from operator import gt
from typing import NamedTuple

from config import Rect
from renderer.layout._shapes import PanelOffer

MOST_TILES = 5
"""More tiles in one area are clutter, and the search stays small."""
_LEAST_SHARE = 0.5
"""A tile among others with less of its ideal area than this is clutter: the least important is left out."""
_EASY = math.log(1.35)
"""A tile this far from its ideal aspect looks as good as at its ideal."""
_MOST_STRETCH = math.log(8.0)
"""A tile further from its ideal aspect than this is a scrap, not a panel."""
_LONE_STRETCH = math.log(3.0)
"""A panel alone in an area that would stretch it further than that is a card of this stretch."""
_NEARLY_EQUAL = 1.3
"""Weights this near get equal parts: two tiles that are almost as wide look like a mistake."""
_EMPTY_COSTS = 2.0
"""For the whole area left empty."""

Cell = tuple[int, int, int, int]
Groups = tuple[tuple[int, int], ...]


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


class _Wish(NamedTuple):
    """An offer as the search sees it; a tuple, for it is read thousands of times in a millisecond."""

    least_w: int
    least_h: int
    most_w: int
    most_h: int
    log_aspect: float
    weight: float
    """Ideal pixels: its claim beside the others."""
    clutter: float
    """Pixels under which it is clutter among others."""

    def turned(self) -> _Wish:
        return _Wish(self.least_h, self.least_w, self.most_h, self.most_w, -self.log_aspect, self.weight, self.clutter)


Found = tuple[float, list[Cell]]
"""The cost of some cells, in the order of the offers, from 0, 0."""


def tile(area: Rect, offers: Sequence[PanelOffer], gap: int) -> Tiling | None:
    """All ``offers`` in ``area``, ``gap`` pixels apart; None when they do not fit it, or not calmly."""
    if not 0 < len(offers) <= MOST_TILES:
        return None
    wishes = [_wish(offer, area) for offer in offers]
    if any(w.least_w > w.most_w or w.least_h > w.most_h for w in wishes):
        return None
    if len(wishes) == 1:
        return _card(area, wishes[0])
    if sum(w.clutter for w in wishes) > area.size.pixels:
        return None
    heaviest = max(w.weight for w in wishes)
    wishes[0] = wishes[0]._replace(weight=heaviest)  # the first is the largest, whatever it is
    found = _best(area, wishes, gap)
    return None if found is None else Tiling(found[0], _centred(area, found[1]))


def _best(area: Rect, wishes: list[_Wish], gap: int) -> Found | None:
    """The cheapest of all stacks of rows and all rows of stacks; of equals the first."""
    turned = [wish.turned() for wish in wishes]
    best: Found | None = None
    bound = math.inf
    for groups in _GROUPS[len(wishes)]:
        found = _rows(area.w, area.h, wishes, groups, gap, bound)
        if found is not None:
            best, bound = found, found[0] - 1e-9
        if len(groups) in (1, len(wishes)):
            continue  # turned, it is a tiling met already
        found = _rows(area.h, area.w, turned, groups, gap, bound)
        if found is not None:
            best, bound = (found[0], [(y, x, h, w) for x, y, w, h in found[1]]), found[0] - 1e-9
    return best


def _wish(offer: PanelOffer, area: Rect) -> _Wish:
    ideal_w, ideal_h = max(1, offer.ideal.w), max(1, offer.ideal.h)
    most_w, most_h = (area.w, area.h) if offer.max is None else (min(area.w, offer.max.w), min(area.h, offer.max.h))
    pixels = ideal_w * ideal_h
    least_w, least_h = max(1, offer.min.w), max(1, offer.min.h)
    return _Wish(least_w, least_h, most_w, most_h, math.log(ideal_w / ideal_h), pixels, pixels * _LEAST_SHARE)


def _card(area: Rect, wish: _Wish) -> Tiling:
    """One panel: as large as it may be, but no strip that it cannot fill."""
    w, h = wish.most_w, wish.most_h
    stretch = math.log(w / h) - wish.log_aspect
    if abs(stretch) > _MOST_STRETCH:
        aspect = math.exp(wish.log_aspect + math.copysign(_LONE_STRETCH, stretch))
        w, h = min(w, max(wish.least_w, round(h * aspect))), min(h, max(wish.least_h, round(w / aspect)))
    stretch = math.log(w / h) - wish.log_aspect
    cost = max(0.0, abs(stretch) - _EASY) ** 2 + _EMPTY_COSTS * (1 - w * h / area.size.pixels)
    return Tiling(cost, _centred(area, [(0, 0, w, h)]))


def _rows(width: int, height: int, wishes: list[_Wish], groups: Groups, gap: int, bound: float) -> Found | None:
    """The groups as rows, one below the other, all as wide as the block; None when it costs ``bound`` or more."""
    lows, highs, weights = [], [], []
    block, narrowest = width, 0
    for start, end in groups:
        least_w = most_w = gap * (end - start - 1)
        low, high, weight = 0, height, 0.0
        for wish in wishes[start:end]:
            least_w += wish[0]
            most_w += wish[2]
            low = max(low, wish[1])
            high = min(high, wish[3])
            weight += wish[5]
        if low > high or least_w > width:
            return None
        block, narrowest = min(block, most_w), max(narrowest, least_w)
        lows.append(low)
        highs.append(high)
        weights.append(weight)
    down = min(height - gap * (len(groups) - 1), sum(highs))
    if narrowest > block or sum(lows) > down:
        return None
    cells = _cells(block, shares(down, lows, highs, weights), wishes, groups, gap)
    return _judged(width * height, wishes, cells, bound)


def _cells(block: int, heights: list[int], wishes: list[_Wish], groups: Groups, gap: int) -> list[Cell]:
    columns = _columns(block, wishes, groups, gap)
    cells: list[Cell] = []
    y = 0
    for (start, end), h in zip(groups, heights, strict=True):
        x = 0
        for w in columns or _widths(block, [[wish] for wish in wishes[start:end]], gap) or ():
            cells.append((x, y, w, h))
            x += w + gap
        y += h + gap
    return cells


def _columns(block: int, wishes: list[_Wish], groups: Groups, gap: int) -> list[int] | None:
    """The widths that all rows share, when each has as many tiles and all can: a table reads calmest."""
    count = groups[0][1]
    if count < 2 or len(groups) < 2 or any(end - start != count for start, end in groups):
        return None
    return _widths(block, [wishes[i::count] for i in range(count)], gap)


def _widths(block: int, stacks: Sequence[list[_Wish]], gap: int) -> list[int] | None:
    """The block's width cut for stacks of tiles by their weight; None when a tile's least or most forbids it."""
    if len(stacks) == 1 and len(stacks[0]) == 1:
        return [block]
    lows = [max([w[0] for w in stack]) for stack in stacks]
    highs = [min([w[2] for w in stack]) for stack in stacks]
    total = block - gap * (len(stacks) - 1)
    if sum(lows) > total or sum(highs) < total or any(map(gt, lows, highs)):
        return None
    return shares(total, lows, highs, [sum([w[5] for w in stack]) for stack in stacks])


def _judged(pixels: int, wishes: list[_Wish], cells: list[Cell], bound: float) -> Found | None:
    """The cells with their cost: how ill they suit the panels. None when one may not be so, or at the bound."""
    per_weight = math.log(pixels / sum([w[5] for w in wishes]))
    cost, used = 0.0, 0
    for wish, (_, _, w, h) in zip(wishes, cells, strict=True):
        own = w * h
        log_w, log_h = math.log(w), math.log(h)
        stretch = abs(log_w - log_h - wish[4])
        if own < wish[6] or stretch > _MOST_STRETCH:
            return None
        used += own
        cost += (log_w + log_h - math.log(wish[5]) - per_weight) ** 2 / 2
        if stretch > _EASY:
            cost += (stretch - _EASY) ** 2
        if cost >= bound:
            return None
    cost += _EMPTY_COSTS * (1 - used / pixels)
    return (cost, cells) if cost < bound else None


def shares(total: int, lows: Sequence[int], highs: Sequence[int], weights: Sequence[float]) -> list[int]:
    """``total`` cut by weight, each part from its low to its high; exact to the pixel. Near weights share equally.

    Wants the sum of the lows to be at most ``total`` and that of the highs at least.
    """
    if max(weights) <= _NEARLY_EQUAL * min(weights):
        weights = [1.0] * len(weights)
    parts: list[int] = []
    low_rest, high_rest, weight_rest = sum(lows), sum(highs), sum(weights)
    for low, high, weight in zip(lows, highs, weights, strict=True):
        low_rest -= low
        high_rest -= high
        part = round(total * weight / weight_rest) if weight_rest > 0 else total
        part = min(max(part, low, total - high_rest), high, total - low_rest)
        parts.append(part)
        total -= part
        weight_rest -= weight
    return parts


def _centred(area: Rect, cells: Sequence[Cell]) -> tuple[Rect, ...]:
    w, h = max(x + w for x, _, w, _ in cells), max(y + h for _, y, _, h in cells)
    left, top = area.x + (area.w - w) // 2, area.y + (area.h - h) // 2
    return tuple(Rect(left + x, top + y, w, h) for x, y, w, h in cells)
