"""A video that plays: paced by the presentation clock, its position watched, never slower than the clock."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from cache import Clock
from config import Code, OohError
from renderer.video._ahead import ReadAhead
from renderer.video._picture import Picture

log = logging.getLogger("ooh.video")

LATE_NS = 25_000_000
"""A picture presented later than this after it was due is late: more than one refresh at 60 Hz."""
_STALL_NS = 1_000_000_000
"""A decoder that has given nothing for so long is standing still."""
_LOOK_AGAIN_NS = 8_000_000
_LOOK_SELDOM_NS = 100_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be presented now, if anything, and how many pictures came too late or never."""

    picture: Picture | None
    late: int


class Clip:
    """One video on the screen, from its base frame on."""

    def __init__(self, ahead: ReadAhead, clock: Clock, distrust: Callable[[], None] = lambda: None) -> None:
        """``distrust`` is called when its decoder stands still: the next video is to use another."""
        self._ahead = ahead
        self._clock = clock
        self._distrust = distrust
        self._started_ns = 0
        self._last_ns = 0
        """When the last picture was taken."""
        self._ended = False
        self.error: OohError | None = None
        """Why it stands still, while it does."""

    def check_ready(self, patience_s: float) -> None:
        """Wait until it can go on from its base frame. Raises ``OohError`` when it never will; a slow one may."""
        self._ahead.wait_ready(patience_s)
        error = self._ahead.error
        if error is not None:
            raise error if isinstance(error, OohError) else OohError(Code.VIDEO_STALLED, repr(error))

    def begin(self, started_ns: int) -> None:
        """Its base frame was presented at ``started_ns``."""
        self._started_ns = self._last_ns = started_ns
        clock = self._clock
        self._ahead.begin(lambda: clock.monotonic_ns() - started_ns)

    @property
    def due_ns(self) -> int | None:
        """When to look again; None when its last picture stays."""
        if self._ended:
            return None
        next_ns = self._ahead.next_ns()
        if next_ns is not None:
            return self._started_ns + next_ns
        seldom = self.error is not None
        return self._clock.monotonic_ns() + (_LOOK_SELDOM_NS if seldom else _LOOK_AGAIN_NS)

    def advance(self, now_ns: int) -> Step:
        """The picture that is due by now. What was due before it is dropped: a video never goes slower."""
        picture, late = self._ahead.take(now_ns - self._started_ns)
        if picture is not None:
            late += now_ns - self._started_ns - picture.at_ns > LATE_NS
            self._recovered(now_ns)
        elif self._ahead.ended:
            self._end()
        elif self._ahead.next_ns() is None and now_ns - self._last_ns > _STALL_NS:
            self._stalled(now_ns)
        return Step(picture, late)

    def close(self) -> None:
        """End its decoder."""
        self._ahead.close()

    def _recovered(self, now_ns: int) -> None:
        if self.error is not None:
            log.info("video.goes_on", extra={"facts": {"stood_ms": (now_ns - self._last_ns) // 1_000_000}})
            self.error = None
        self._last_ns = now_ns

    def _stalled(self, now_ns: int) -> None:
        if self.error is None:
            self.error = OohError(Code.VIDEO_STALLED, f"no picture for {(now_ns - self._last_ns) // 1_000_000} ms")
            log.error("video.stalled", exc_info=self.error)
            self._distrust()

    def _end(self) -> None:
        """All its runs are over, or the decoder gave up."""
        self._ended = True
        cause = self._ahead.error
        if cause is None:
            return
        self.error = cause if isinstance(cause, OohError) else OohError(Code.VIDEO_STALLED, repr(cause))
        log.error("video.failed", exc_info=self.error)
