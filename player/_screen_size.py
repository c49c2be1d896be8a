"""The size that plates are made for and exchanges are told: after rotation, what viewers see."""

from __future__ import annotations

from pathlib import Path

from cache import Board
from config import USUAL_SIZE, ScreenConfig, Size


def screen_size(config: ScreenConfig, run: Path) -> Size:
    """What the screen said last, else the configured size, else 1920x1080."""
    return told_size(run) or (config.panel_size() or USUAL_SIZE).turned(config.rotation)


def told_size(run: Path) -> Size | None:
    """What the screen's board says: ``"1920x1080"`` or ``[1920, 1080]``; None when it says nothing that is a size."""
    match (Board.read(run, "screen") or {}).get("size"):
        case str(text):
            try:
                return Size.parse(text)
            except ValueError:
                return None
        case [int(w), int(h)] if w > 0 and h > 0:
            return Size(w, h)
        case {"w": int(w), "h": int(h)} if w > 0 and h > 0:
            return Size(w, h)
    return None
