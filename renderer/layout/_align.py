"""Lines up the arms of an L-bar with the creative's edge, where a cut between panels is nearly there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config import PanelKind, Rect
from renderer.layout._shapes import PanelArea, PanelOffer, PanelRect
from renderer.layout._tiles import tile

_NEAR = 4
"""Gaps: a cut this near to the edge looks like a mistake, and is moved there."""

_ACROSS, _DOWN = 0, 1

Wishes = Mapping[PanelKind, PanelOffer]


def aligned(panels: Sequence[PanelRect], areas: Sequence[PanelArea], wishes: Wishes, gap: int) -> tuple[PanelRect, ...]:
    """The panels of two areas, the second below the first or beside it, with one edge in common where that is near."""
    if len(areas) != 2:
        return tuple(panels)
    first, second = areas[0].rect, areas[1].rect
    if second.y >= first.bottom:  # a band under creative and column: the column's left edge goes on in the band
        arm, axis, edge = second, _ACROSS, first.x
    else:  # a column beside creative and band: the band's top goes on in the column
        arm, axis, edge = first, _DOWN, second.y
    inside = [panel for panel in panels if panel.rect.inside(arm)]
    others = [panel for panel in panels if not panel.rect.inside(arm)]
    return (*others, *_moved(inside, arm, edge, axis, wishes, gap))


def _moved(panels: list[PanelRect], arm: Rect, edge: int, axis: int, wishes: Wishes, gap: int) -> Sequence[PanelRect]:
    """The arm's panels, tiled anew on both sides of ``edge`` when one of their cuts is near it."""
    starts = {_start(panel.rect, axis) for panel in panels}
    cuts = [
        cut for cut in starts if all(_end(p.rect, axis) <= cut - gap or _start(p.rect, axis) >= cut for p in panels)
    ]
    near = [cut for cut in cuts if cut > min(starts) and abs(cut - edge) <= _NEAR * gap]
    if not near:
        return panels
    cut = min(near, key=lambda one: (abs(one - edge), one))
    before, after = _sides(arm, edge, axis, gap)
    found: list[PanelRect] = []
    for rect in (before, after):
        some = [panel for panel in panels if (_start(panel.rect, axis) >= cut) == (rect is after)]
        tiling = tile(rect, [wishes[panel.kind] for panel in some], gap)
        if tiling is None:
            return panels
        found += [PanelRect(panel.kind, place) for panel, place in zip(some, tiling.rects, strict=True)]
    return found


def _sides(arm: Rect, edge: int, axis: int, gap: int) -> tuple[Rect, Rect]:
    if axis == _ACROSS:
        return Rect(arm.x, arm.y, edge - gap - arm.x, arm.h), Rect(edge, arm.y, arm.right - edge, arm.h)
    return Rect(arm.x, arm.y, arm.w, edge - gap - arm.y), Rect(arm.x, edge, arm.w, arm.bottom - edge)


def _start(rect: Rect, axis: int) -> int:
    return rect.x if axis == _ACROSS else rect.y


def _end(rect: Rect, axis: int) -> int:
    return rect.right if axis == _ACROSS else rect.bottom
