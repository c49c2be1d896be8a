"""The screen's size: what plates are made for and exchanges are told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from config import ScreenConfig, Size
from player._screen_size import screen_size, told_size

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
        self._now = screen_size(self.config, self.run)

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
