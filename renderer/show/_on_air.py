"""What is on the screen now: its stage, since when, until when, and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cache import PlayEnd, PlayStart
from config import Rect
from renderer.show._motion import Motion
from renderer.show.stage import Staged


@dataclass(slots=True)
class OnAir:
    """``play`` is None for the slate. Times are monotonic ns; ``shown_at`` is the wall clock's."""

    staged: Staged
    started_ns: int
    shown_at: datetime
    until_ns: int
    play: PlayStart | None = None
    seq: int | None = None
    """None when the journal has not taken it yet."""
    motion: Motion | None = None
    frames_presented: int = 1
    frames_late: int = 0
    mid_capture_ns: int | None = None
    """When half of an animation's play is over: then a capture is due."""

    def animate(self, now_ns: int) -> Rect | None:
        """Paint every frame that is due into the staged frame; returns what changed, None when nothing did."""
        if self.motion is None or self.staged.file is None:
            return None
        steps = self.motion.advance(now_ns)
        self.frames_late += steps.late
        changed: Rect | None = None
        for index in steps.frames:
            rect, pixels = self.staged.file.frame(index)
            if pixels:
                self.staged.frame.paste(rect, pixels)
                changed = rect if changed is None else _around(changed, rect)
        return changed

    def ended(self, now_ns: int, now: datetime, *, whole: bool) -> PlayEnd:
        """The end of its play, ``complete`` or ``cut``."""
        return PlayEnd(
            ended_at=now,
            shown_ms=(now_ns - self.started_ns) // 1_000_000,
            frames_presented=self.frames_presented,
            frames_late=self.frames_late,
            end_reason="complete" if whole else "cut",
        )


def _around(one: Rect, other: Rect) -> Rect:
    """The smallest rectangle around both."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Rect(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)
