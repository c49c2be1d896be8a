"""The one grid: a unit from the screen's short side, for every margin and gap."""

from __future__ import annotations

from config import Rect, Size

_UNITS_ON_THE_SHORT_SIDE = 45
"""24 px at 1080p: about 2 %, a gutter that still reads as one from across a street."""


def grid_unit(screen: Size) -> int:
    """One step of the grid in pixels; 0 on screens too small to have one."""
    return round(min(screen.w, screen.h) / _UNITS_ON_THE_SHORT_SIDE)


def usable(screen: Size, safe_margin: int) -> Rect:
    """The screen without its safe margin; a margin that would leave nothing is cut down."""
    across = min(safe_margin, (screen.w - 1) // 2)
    down = min(safe_margin, (screen.h - 1) // 2)
    return Rect(across, down, screen.w - 2 * across, screen.h - 2 * down)


def trimmed(area: Rect, left: int, top: int, right: int, bottom: int) -> Rect | None:
    """The area less so many pixels at each side, or None when nothing is left."""
    w, h = area.w - left - right, area.h - top - bottom
    return Rect(area.x + left, area.y + top, w, h) if w > 0 and h > 0 else None
