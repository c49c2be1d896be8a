"""Tiles one area with panels: of all calm ways to set them, the one that suits their shapes best.

A tiling is a stack of rows or a row of stacks, in the order of importance, and always a whole rectangle: nothing
juts out. Panels that may not grow as large as the area make a smaller rectangle in its middle.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise

from config import Rect
from renderer.layout._shapes import PanelOffer

MOST_TILES = 5
"""More tiles in one area are clutter, and the search stays small."""
_LEAST_SHARE = 0.28
"""A tile among others with less of its ideal area than this is clutter: the least important is left out."""
_EASY = math.log(1.35)
"""A tile this far from its ideal aspect looks as good as at its ideal."""
_MOST_STRETCH = math.log(8.0)
"""A tile further from its ideal aspect than this is a scrap, not a panel."""
_LONE_STRETCH = math.log(3.0)
"""A panel alone in an area that would stretch it further than that is a card of this stretch."""
_EMPTY_COSTS = 2.0
"""For the whole area left empty."""
_UNEVEN_COSTS = 0.03
"""For a cut that is no half and lines up with nothing else."""

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


@dataclass(frozen=True, slots=True)
class _Wish:
    """An offer as the search sees it, along and across its rows."""

    least: tuple[int, int]
    most: tuple[int, int]
    log_aspect: float
    weight: float
    clutter: float
    """Pixels under which it is clutter among others."""

    def turned(self) -> _Wish:
        return _Wish(self.least[::-1], self.most[::-1], -self.log_aspect, self.weight, self.clutter)


def tile(area: Rect, offers: Sequence[PanelOffer], gap: int) -> Tiling | None:
    """All ``offers`` in ``area``, ``gap`` pixels apart; None when they do not fit it, or not calmly."""
    if not 0 < len(offers) <= MOST_TILES:
        return None
    wishes = [_wish(offer, area) for offer in offers]
    if any(w.least[0] > w.most[0] or w.least[1] > w.most[1] for w in wishes):
        return None
    if len(wishes) == 1:
        return _card(area, wishes[0])
    first = wishes[0]
    heaviest = max(w.weight for w in wishes)  # the first is the largest, whatever it is
    wishes[0] = _Wish(first.least, first.most, first.log_aspect, heaviest, first.clutter)
    turned = [wish.turned() for wish in wishes]
    best: tuple[float, list[Cell]] | None = None
    across = False
    for groups in _GROUPS[len(wishes)]:
        found = _rows(area.w, area.h, wishes, groups, gap)
        if found is not None and (best is None or found[0] < best[0] - 1e-9):
            best, across = found, False
        if len(groups) in (1, len(wishes)):
            continue  # a row of stacks of one is a row, met already
        found = _rows(area.h, area.w, turned, groups, gap)
        if found is not None and (best is None or found[0] < best[0] - 1e-9):
            best, across = found, True
    if best is None:
        return None
    cells = [(y, x, h, w) for x, y, w, h in best[1]] if across else best[1]
    return Tiling(best[0], _centred(area, cells))


def _wish(offer: PanelOffer, area: Rect) -> _Wish:
    ideal_w, ideal_h = max(1, offer.ideal.w), max(1, offer.ideal.h)
    most = (area.w, area.h) if offer.max is None else (min(area.w, offer.max.w), min(area.h, offer.max.h))
    pixels = ideal_w * ideal_h
    least = (max(1, offer.min.w), max(1, offer.min.h))
    return _Wish(least, most, math.log(ideal_w / ideal_h), pixels, pixels * _LEAST_SHARE)


def _card(area: Rect, wish: _Wish) -> Tiling:
    """One panel: as large as it may be, but no strip that it cannot fill."""
    w, h = wish.most
    stretch = math.log(w / h) - wish.log_aspect
    if abs(stretch) > _MOST_STRETCH:
        aspect = math.exp(wish.log_aspect + math.copysign(_LONE_STRETCH, stretch))
        w, h = min(w, max(wish.least[0], round(h * aspect))), min(h, max(wish.least[1], round(w / aspect)))
    stretch = math.log(w / h) - wish.log_aspect
    cost = max(0.0, abs(stretch) - _EASY) ** 2 + _EMPTY_COSTS * (1 - w * h / area.size.pixels)
    return Tiling(cost, _centred(area, [(0, 0, w, h)]))


def _rows(
    width: int, height: int, wishes: Sequence[_Wish], groups: Groups, gap: int
) -> tuple[float, list[Cell]] | None:
    """The groups as rows, one below the other, all as wide as the block: its cost and its cells from 0, 0."""
    lows, highs, weights = [], [], []
    block = width
    narrowest = 0
    for start, end in groups:
        row = wishes[start:end]
        gaps = gap * (end - start - 1)
        block = min(block, gaps + sum(w.most[0] for w in row))
        narrowest = max(narrowest, gaps + sum(w.least[0] for w in row))
        lows.append(max(w.least[1] for w in row))
        highs.append(min(w.most[1] for w in row))
        weights.append(sum(w.weight for w in row))
    down = min(height - gap * (len(groups) - 1), sum(highs))
    if narrowest > block or sum(lows) > down or any(low > high for low, high in zip(lows, highs, strict=True)):
        return None
    heights = shares(down, lows, highs, weights)
    columns = _columns(block, wishes, groups, gap)
    cells: list[Cell] = []
    y = 0
    for (start, end), h in zip(groups, heights, strict=True):
        row = wishes[start:end]
        widths = columns or _widths(block, row, gap)
        x = 0
        for w in widths:
            cells.append((x, y, w, h))
            x += w + gap
        y += h + gap
    cost = _cost(width * height, wishes, cells)
    if cost is None:
        return None
    uneven = sum(end - start > 1 for start, end in groups) - 1 if columns is None else 0
    return cost + _UNEVEN_COSTS * max(0, uneven), cells


def _widths(block: int, row: Sequence[_Wish], gap: int) -> list[int]:
    return shares(
        block - gap * (len(row) - 1), [w.least[0] for w in row], [w.most[0] for w in row], [w.weight for w in row]
    )


def _columns(block: int, wishes: Sequence[_Wish], groups: Groups, gap: int) -> list[int] | None:
    """The widths that all rows share, when each has as many tiles and all can: a table reads calmest."""
    count = groups[0][1]
    if count < 2 or len(groups) < 2 or any(end - start != count for start, end in groups):
        return None
    stacks = [wishes[i::count] for i in range(count)]
    lows = [max(w.least[0] for w in stack) for stack in stacks]
    highs = [min(w.most[0] for w in stack) for stack in stacks]
    total = block - gap * (count - 1)
    if sum(lows) > total or sum(highs) < total or any(lo > hi for lo, hi in zip(lows, highs, strict=True)):
        return None
    return shares(total, lows, highs, [sum(w.weight for w in stack) for stack in stacks])


def _cost(pixels: int, wishes: Sequence[_Wish], cells: Sequence[Cell]) -> float | None:
    """How ill the cells suit the panels; None when one may not be so."""
    per_weight = pixels / sum(w.weight for w in wishes)
    cost, used = 0.0, 0
    for wish, (_, _, w, h) in zip(wishes, cells, strict=True):
        stretch = abs(math.log(w / h) - wish.log_aspect)
        if w * h < wish.clutter or stretch > _MOST_STRETCH:
            return None
        used += w * h
        cost += max(0.0, stretch - _EASY) ** 2 + math.log(w * h / (wish.weight * per_weight)) ** 2 / 2
    return cost + _EMPTY_COSTS * max(0.0, 1 - used / pixels)


def shares(total: int, lows: Sequence[int], highs: Sequence[int], weights: Sequence[float]) -> list[int]:
    """``total`` cut by weight, each part from its low to its high; exact to the pixel.

    Wants the sum of the lows to be at most ``total`` and that of the highs at least.
    """
    parts: list[int] = []
    low_rest = [*accumulate(reversed(lows), initial=0)][::-1]
    high_rest = [*accumulate(reversed(highs), initial=0)][::-1]
    weight_rest = sum(weights)
    for i, weight in enumerate(weights):
        part = round(total * weight / weight_rest) if weight_rest > 0 else total
        part = min(max(part, lows[i], total - high_rest[i + 1]), highs[i], total - low_rest[i + 1])
        parts.append(part)
        total -= part
        weight_rest -= weight
    return parts


def _centred(area: Rect, cells: Sequence[Cell]) -> tuple[Rect, ...]:
    w, h = max(x + w for x, _, w, _ in cells), max(y + h for _, y, _, h in cells)
    left, top = area.x + (area.w - w) // 2, area.y + (area.h - h) // 2
    return tuple(Rect(left + x, top + y, w, h) for x, y, w, h in cells)
