"""Rows of tiles in one area, one below the other: every way to group them, judged in microseconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import gt
from typing import NamedTuple

EASY = math.log(1.35)
"""A tile this far from its ideal aspect looks as good as at its ideal."""
MOST_STRETCH = math.log(8.0)
"""A tile further from its ideal aspect than this is a scrap, not a panel."""
EMPTY_COSTS = 2.0
"""For the whole area left empty."""
_NEARLY_EQUAL = 1.3
"""Weights this near get equal parts: two tiles that are almost as wide look like a mistake."""

Cell = tuple[int, int, int, int]
"""Left, top, width, height."""
Groups = tuple[tuple[int, int], ...]
"""The rows: each from one tile to before another."""
Found = tuple[float, list[Cell]]
"""The cost of some cells, in the order of the offers, from 0, 0."""


class Wish(NamedTuple):
    """An offer as the search sees it; a tuple, for it is read thousands of times in a millisecond."""

    least_w: int
    least_h: int
    most_w: int
    most_h: int
    log_aspect: float
    weight: float
    """Ideal pixels: its claim beside the others."""
    log_weight: float
    clutter: float
    """Pixels under which it is clutter among others."""

    def turned(self) -> Wish:
        return Wish(
            self.least_h,
            self.least_w,
            self.most_h,
            self.most_w,
            -self.log_aspect,
            self.weight,
            self.log_weight,
            self.clutter,
        )


class _Row(NamedTuple):
    """What one row may be."""

    least_w: int
    most_w: int
    low: int
    high: int
    weight: float


class Stack:
    """One area and its wishes. What a row may be, and how it is cut, is worked out once for all groupings."""

    __slots__ = ("_cuts", "_gap", "_height", "_per_weight", "_rows", "_width", "_wishes")

    def __init__(self, width: int, height: int, wishes: list[Wish], gap: int) -> None:
        self._width = width
        self._height = height
        self._wishes = wishes
        self._gap = gap
        self._per_weight = math.log(width * height / sum([w.weight for w in wishes]))
        self._rows: dict[tuple[int, int], _Row | None] = {}
        self._cuts: dict[tuple[int, int, int], list[int] | None] = {}

    def tiled(self, groups: Groups, bound: float) -> Found | None:
        """The groups as rows, all as wide as the block; None when they do not fit, or cost ``bound`` or more."""
        rows: list[_Row] = []
        block, narrowest = self._width, 0
        for group in groups:
            row = self._row(group)
            if row is None:
                return None
            rows.append(row)
            block, narrowest = min(block, row[1]), max(narrowest, row[0])
        down = min(self._height - self._gap * (len(groups) - 1), sum([row[3] for row in rows]))
        lows = [row[2] for row in rows]
        if narrowest > block or sum(lows) > down:
            return None
        heights = shares(down, lows, [row[3] for row in rows], [row[4] for row in rows])
        return self._judged(block, groups, heights, bound)

    def _row(self, group: tuple[int, int]) -> _Row | None:
        """None when the row fits no block."""
        if group not in self._rows:
            some = self._wishes[group[0] : group[1]]
            gaps = self._gap * (len(some) - 1)
            least_w, most_w = gaps + sum([w[0] for w in some]), gaps + sum([w[2] for w in some])
            low, high = max([w[1] for w in some]), min([self._height, *[w[3] for w in some]])
            row = _Row(least_w, most_w, low, high, sum([w[5] for w in some]))
            self._rows[group] = None if low > high or least_w > self._width else row
        return self._rows[group]

    def _judged(self, block: int, groups: Groups, heights: list[int], bound: float) -> Found | None:
        """The cells with their cost: how ill they suit the panels. None when one may not be so, or at the bound."""
        columns = self._columns(block, groups)
        cells: list[Cell] = []
        cost, used, y = 0.0, 0, 0
        for (start, end), h in zip(groups, heights, strict=True):
            x, log_h = 0, math.log(h)
            widths = columns or self._cut(start, end, block) or ()
            for wish, w in zip(self._wishes[start:end], widths, strict=True):
                log_w = math.log(w)
                stretch = abs(log_w - log_h - wish[4])
                if w * h < wish[7] or stretch > MOST_STRETCH:
                    return None
                cost += (log_w + log_h - wish[6] - self._per_weight) ** 2 / 2
                if stretch > EASY:
                    cost += (stretch - EASY) ** 2
                cells.append((x, y, w, h))
                used += w * h
                x += w + self._gap
            if cost >= bound:
                return None
            y += h + self._gap
        cost += EMPTY_COSTS * (1 - used / (self._width * self._height))
        return (cost, cells) if cost < bound else None

    def _cut(self, start: int, end: int, block: int) -> list[int] | None:
        """The widths of one row."""
        if end - start == 1:
            return [block]
        key = (start, end, block)
        if key not in self._cuts:
            self._cuts[key] = self._widths(block, [[wish] for wish in self._wishes[start:end]])
        return self._cuts[key]

    def _columns(self, block: int, groups: Groups) -> list[int] | None:
        """The widths that all rows share, when each has as many tiles and all can: a table reads calmest."""
        count = groups[0][1]
        if count < 2 or len(groups) < 2 or any(end - start != count for start, end in groups):
            return None
        return self._widths(block, [self._wishes[i::count] for i in range(count)])

    def _widths(self, block: int, stacks: Sequence[list[Wish]]) -> list[int] | None:
        """The block cut for stacks of tiles by their weight; None when a tile's least or most forbids it."""
        lows = [max([w[0] for w in stack]) for stack in stacks]
        highs = [min([w[2] for w in stack]) for stack in stacks]
        total = block - self._gap * (len(stacks) - 1)
        if sum(lows) > total or sum(highs) < total or any(map(gt, lows, highs)):
            return None
        return shares(total, lows, highs, [sum([w[5] for w in stack]) for stack in stacks])


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
