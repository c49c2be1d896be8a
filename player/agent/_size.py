"""The screen's size: what plates are made for and exchanges are told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cache import Board
from config import USUAL_SIZE, ScreenConfig, Size

log = logging.getLogger("ooh.agent")

_LOOK_SOON_S = 1.0
_LOOK_AGAIN_S = 10.0


@dataclass(slots=True)
class ScreenSize:
    """Follows the screen's board; ``step`` is a job."""

    config: ScreenConfig
    run: Path
    on_change: Callable[[], None]
    _now: Size = field(init=False)

    def __post_init__(self) -> None:
        self._now = told_size(self.run) or (self.config.panel_size() or USUAL_SIZE).turned(self.config.rotation)

    def now(self) -> Size:
        """After rotation: what the screen said last, else the configured size, else 1920x1080."""
        return self._now

    def step(self) -> float:
        """Look at the board; returns the seconds until the next look: soon while no screen has said its size."""
        told = told_size(self.run)
        if told is not None and told != self._now:
            log.info("screen.resized", extra={"facts": {"was": str(self._now), "size": str(told)}})
            self._now = told
            self.on_change()
        return _LOOK_SOON_S if told is None else _LOOK_AGAIN_S


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
