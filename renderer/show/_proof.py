"""Proof of what was on the screen: the journal and the playhead, written without ever stopping the show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

from cache import Journal, PlayEnd, Playhead, PlayStart, ReadyAd
from renderer.show._clerk import Clerk
from renderer.show._troubles import Troubles

T = TypeVar("T")


class Proof:
    """Each edge of a play is on disk before the show goes on; when the journal is slow, the clerk keeps it in memory.

    There are two journals, for a connection that waits for a lock must not hold up the one that looks for ads.
    """

    def __init__(self, written: Journal, read: Journal, playhead: Playhead | None, clerk: Clerk) -> None:
        self._written = written
        self._read = read
        self._playhead = playhead
        self._clerk = clerk
        self._reading = Troubles("leases")
        self._taken: set[str] = set()
        """Leases that were shown or failed, of which the journal does not know yet."""

    @property
    def errors(self) -> int:
        """How often the journal failed."""
        return self._clerk.errors + self._reading.count

    def recover(self, sinks: Sequence[str]) -> None:
        """Close what a dead screen left open."""
        left = self._playhead.read() if self._playhead is not None else None
        recovered = self._clerk.write(lambda: self._written.recover(left, sinks), write="recover")
        if self._clerk.wait(recovered) is not None:
            self._clear()

    def ready(self, now: datetime) -> tuple[ReadyAd, ...]:
        """Paid ads that may be shown now; none that was taken already."""
        taken = frozenset(self._taken)  # before it is read: a write may end in between
        with self._reading:
            return tuple(ad for ad in self._read.ready(now) if ad.lease.lease_id not in taken)
        return ()

    def opened(self) -> int:
        """How many plays the journal holds; 0 when it cannot be read."""
        with self._reading:
            return self._read.counts().opened
        return 0

    def open(self, start: PlayStart) -> int | None:
        """The first frame was presented. Returns the seq; None: it will have one when the journal takes it."""
        self.stamp(start, start.started_ns, 1, 0)
        lease_id = start.lease.lease_id if start.lease is not None else None
        opened = self._take(lease_id, lambda: self._written.open_play(start), write="open", id=start.id)
        return self._clerk.wait(opened)

    def stamp(self, start: PlayStart, now_ns: int, frames_presented: int, frames_late: int) -> None:
        """It is on the screen at ``now_ns``: what a crash will be judged by."""
        if self._playhead is not None:
            self._playhead.stamp(start.id, start.boot_id, start.started_ns, now_ns, frames_presented, frames_late)

    def close(self, start: PlayStart, end: PlayEnd, sinks: tuple[str, ...]) -> None:
        """The last frame was presented."""

        def close() -> bool:
            self._written.open_play(start)  # changes nothing, unless a damaged journal was replaced meanwhile
            self._written.close_play(start.id, end, sinks)
            return True

        if self._clerk.wait(self._clerk.write(close, write="close", id=start.id, shown_ms=end.shown_ms)):
            self._clear()

    def fail(self, lease_id: str, code: str) -> None:
        """This lease's plate cannot be shown."""
        self._clerk.wait(self._take(lease_id, lambda: self._written.fail(lease_id, code), write="fail", lease=lease_id))

    def end(self) -> None:
        """Write what still waits and close the journal."""
        if self._clerk.close():  # else the connection is still in use; it ends with the process
            self._written.close()
        self._read.close()

    def _take(self, lease_id: str | None, do: Callable[[], T], **facts: object) -> Future[T]:
        """Write about a lease, and offer it no more until the journal itself says so."""
        if lease_id is None:
            return self._clerk.write(do, **facts)
        self._taken.add(lease_id)
        written = self._clerk.write(do, **facts)
        written.add_done_callback(lambda done: None if done.cancelled() else self._taken.discard(lease_id))
        return written

    def _clear(self) -> None:
        if self._playhead is not None:
            self._playhead.clear()
