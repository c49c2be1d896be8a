"""A template's zones on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from config import Anchor, PanelKind, Rect, Size
from renderer.layout._shapes import PanelArea
from renderer.layout._template import Template

_KINDS: tuple[PanelKind, ...] = get_args(PanelKind)
_ANY = "all"


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones of one template in whole pixels. None overlaps another."""

    name: str
    creative: Rect
    anchor: Anchor
    areas: tuple[PanelArea, ...]

    def place(self, size: Size) -> Rect:
        """A creative of this size in its zone, by the anchor."""
        zone, anchor = self.creative, self.anchor
        across = 0 if "left" in anchor else 2 if "right" in anchor else 1
        down = 0 if "top" in anchor else 2 if "bottom" in anchor else 1
        return Rect(zone.x + (zone.w - size.w) * across // 2, zone.y + (zone.h - size.h) * down // 2, size.w, size.h)


def zones_for(screen: Size, room: Rect, creative: Size, templates: Sequence[Template]) -> Zones | None:
    """The zones of the first template for these sizes, cut to ``room``; None when there is none.

    A template whose zones do not fit this screen (pixels on a smaller one) is passed over; ``check`` tells of those
    that fit no screen.
    """
    for template in templates:
        if template.is_for(screen, creative):
            zones = _zones(template, screen, room)
            if zones is not None:
                return zones
    return None


def _zones(template: Template, screen: Size, room: Rect) -> Zones | None:
    whole = Rect(0, 0, screen.w, screen.h)
    rects = [template.creative.on(screen), *(zone.on(screen) for _, zone in template.panels)]
    overlap = any(one.overlaps(other) for i, one in enumerate(rects) for other in rects[:i])
    if overlap or not all(rect.inside(whole) for rect in rects):
        return None
    stand, *others = (_common(rect, room) for rect in rects)
    if stand is None:
        return None
    areas = tuple(
        PanelArea(rect, () if _ANY in kinds else tuple(kind for kind in _KINDS if kind in kinds))
        for rect, (kinds, _) in zip(others, template.panels, strict=True)
        if rect is not None
    )
    return Zones(template.name, stand, template.anchor, areas)


def _common(rect: Rect, room: Rect) -> Rect | None:
    x, y = max(rect.x, room.x), max(rect.y, room.y)
    w, h = min(rect.right, room.right) - x, min(rect.bottom, room.bottom) - y
    return Rect(x, y, w, h) if w > 0 and h > 0 else None
