"""Rotation of the picture: where a logical rectangle lies on the panel as it is mounted."""

from __future__ import annotations

from config import Rect, Size


def turned_rect(rect: Rect, logical: Size, rotation: int) -> Rect:
    """``rect`` of the logical screen after the picture is turned ``rotation`` degrees clockwise."""
    match rotation % 360:
        case 90:
            return Rect(logical.h - rect.bottom, rect.x, rect.h, rect.w)
        case 180:
            return Rect(logical.w - rect.right, logical.h - rect.bottom, rect.w, rect.h)
        case 270:
            return Rect(rect.y, logical.w - rect.right, rect.h, rect.w)
        case _:
            return rect


def upright(x: int, y: int, logical: Size, rotation: int) -> tuple[int, int]:
    """Which pixel of the logical screen lies at ``x``, ``y`` of the panel: the way back of ``turned_rect``."""
    match rotation % 360:
        case 90:
            return y, logical.h - 1 - x
        case 180:
            return logical.w - 1 - x, logical.h - 1 - y
        case 270:
            return logical.w - 1 - y, x
        case _:
            return x, y


def clipped(rect: Rect, size: Size) -> Rect | None:
    """The part of ``rect`` that is on a screen of ``size``, or None."""
    x, y = max(0, rect.x), max(0, rect.y)
    right, bottom = min(size.w, rect.right), min(size.h, rect.bottom)
    return Rect(x, y, right - x, bottom - y) if right > x and bottom > y else None


def moved(rect: Rect, right: int) -> Rect:
    """``rect`` so many pixels further right; negative: left."""
    return Rect(rect.x + right, rect.y, rect.w, rect.h)


def narrowed(size: Size, most_width: int | None) -> Size:
    """``size`` in its proportions, no wider than ``most_width``."""
    if most_width is None or size.w <= most_width:
        return size
    width = max(1, most_width)
    return Size(width, max(1, round(size.h * width / size.w)))
