"""What is on the screen now: its stage, since when, until when, and the proof of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from cache import EndReason, PlayEnd, PlayStart
from config import OohError
from renderer.show._instead import Instead
from renderer.show._motion import Motion, Moved
from renderer.show.stage import Staged

log = logging.getLogger("ooh.show")


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
    broken: bool = False
    """True when what should move cannot go on: its last good picture stays."""
    cut: EndReason | None = None
    """Why it had to end before its time."""

    @property
    def instead(self) -> Instead | None:
        """What it is instead of the loop; None: a play, or the slate."""
        return self.staged.choice.instead

    @property
    def stands_still(self) -> bool:
        """True while what should move does not: an error, when its play ends so."""
        return self.broken or (self.motion is not None and self.motion.error is not None)

    def animate(self, now_ns: int) -> Moved | None:
        """Paint what is due into the staged frame; returns what to present, None when nothing is new."""
        if self.motion is None:
            return None
        try:
            moved = self.motion.advance(now_ns)
        except (OohError, MemoryError):
            log.exception("animation.failed", extra={"facts": {"creative": self.staged.creative_id}})
            self.broken, self.motion = True, None
            return None
        self.frames_late += moved.late
        return moved if moved.is_new else None

    def end(self, now_ns: int, why: EndReason) -> None:
        """Something else has to be on now."""
        if now_ns < self.until_ns:
            self.until_ns = now_ns
            self.cut = why

    def ended(self, now_ns: int, now: datetime, *, whole: bool) -> PlayEnd:
        """The end of its play: ``complete``, why it was ended early, or ``error`` when it stood still at its end."""
        reason: EndReason = "error" if self.stands_still else self.cut or ("complete" if whole else "cut")
        return PlayEnd(
            ended_at=now,
            shown_ms=(now_ns - self.started_ns) // 1_000_000,
            frames_presented=self.frames_presented,
            frames_late=self.frames_late,
            end_reason=reason,
        )
