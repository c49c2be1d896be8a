"""Proof of what was on the screen: the journal and the playhead, written without ever stopping the show."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cache import Journal, PlayEnd, Playhead, PlayStart, ReadyAd
from renderer.show._troubles import Troubles

log = logging.getLogger("ooh.show")

_MOST_ATTEMPTS = 100
"""A play that is still refused then is not in the journal at all (a damaged one was replaced)."""


class Proof:
    """When the journal cannot be written, the show goes on; ends are kept and written when it works again."""

    def __init__(self, journal: Journal, playhead: Playhead | None) -> None:
        self._journal = journal
        self._playhead = playhead
        self._troubles = Troubles("journal")
        self._unclosed: list[_Unclosed] = []
        self._unproven: set[str] = set()

    @property
    def errors(self) -> int:
        """How often the journal failed."""
        return self._troubles.count

    def recover(self, sinks: Sequence[str]) -> None:
        """Close what a dead screen left open."""
        with self._troubles:
            self._journal.recover(self._playhead.read() if self._playhead is not None else None, sinks)
        if self._playhead is not None:
            self._playhead.clear()

    def ready(self, now: datetime) -> tuple[ReadyAd, ...]:
        """Paid ads that may be shown now; none that was shown already without proof."""
        with self._troubles:
            return tuple(ad for ad in self._journal.ready(now) if ad.lease.lease_id not in self._unproven)
        return ()

    def opened(self) -> int:
        """How many plays the journal holds; 0 when it cannot be read."""
        with self._troubles:
            return self._journal.counts().opened
        return 0

    def open(self, start: PlayStart) -> int | None:
        """The first frame was presented. Returns the seq; None: this play is not proven."""
        self._close_the_rest()
        self.stamp(start, start.started_ns, 1, 0)
        with self._troubles:
            return self._journal.open_play(start)
        if start.lease is not None:
            self._unproven.add(start.lease.lease_id)
        return None

    def stamp(self, start: PlayStart, now_ns: int, frames_presented: int, frames_late: int) -> None:
        """It is on the screen at ``now_ns``: what a crash will be judged by."""
        if self._playhead is not None:
            self._playhead.stamp(start.id, start.boot_id, start.started_ns, now_ns, frames_presented, frames_late)

    def close(self, play_id: str, end: PlayEnd, sinks: tuple[str, ...]) -> None:
        """The last frame was presented."""
        self._unclosed.append(_Unclosed(play_id, end, sinks))
        self._close_the_rest()
        if self._playhead is not None:
            self._playhead.clear()

    def fail(self, lease_id: str, code: str) -> None:
        """This lease's plate cannot be shown."""
        with self._troubles:
            self._journal.fail(lease_id, code)
            return
        self._unproven.add(lease_id)

    def end(self) -> None:
        """Write what still waits and close the journal."""
        self._close_the_rest()
        self._journal.close()

    def _close_the_rest(self) -> None:
        """Oldest first, up to the first that cannot be written: that one goes to the end of the queue."""
        while self._unclosed:
            waiting = self._unclosed.pop(0)
            closed = False
            with self._troubles:
                self._journal.close_play(waiting.play_id, waiting.end, waiting.sinks)
                closed = True
            if closed:
                continue
            if waiting.attempts < _MOST_ATTEMPTS:
                self._unclosed.append(replace(waiting, attempts=waiting.attempts + 1))
            else:
                log.error("play.lost", extra={"facts": {"id": waiting.play_id, "shown_ms": waiting.end.shown_ms}})
            return


@dataclass(frozen=True, slots=True)
class _Unclosed:
    """The end of a play that the journal could not take yet."""

    play_id: str
    end: PlayEnd
    sinks: tuple[str, ...]
    attempts: int = 1
