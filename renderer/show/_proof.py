"""Proof of what was on the screen: the journal and the playhead, written without ever stopping the show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from cache import Journal, Lease, PlayEnd, Playhead, PlayStart, ReadyAd
from renderer.show._clerk import Clerk
from renderer.show._lookout import Lookout

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JournalTroubles:
    """How often the journal failed, and how many writes about plays were given up."""

    errors: int
    lost: int


class Proof:
    """Each edge of a play is on disk before the show goes on; when the journal is slow, the clerk keeps it in memory.

    The journal is opened by the clerk, who insists; the lookout reads by a connection of its own, for one that waits
    for a lock must not hold up the one that looks for ads.
    """

    def __init__(
        self, journal: Callable[[], Journal], playhead: Playhead | None, clerk: Clerk, lookout: Lookout
    ) -> None:
        self._open_journal = journal
        self._journal: Journal | None = None
        self._playhead = playhead
        self._clerk = clerk
        self._lookout = lookout
        self._warm = False
        self._recovered: Future[Any] | None = None
        """A recovery whose end was not seen yet: until then the playhead tells of the dead screen's play."""
        self._taken: dict[str, int | None] = {}
        """Leases that were shown or failed, and the first look at which the journal knows it (None: not written)."""

    @property
    def troubles(self) -> JournalTroubles:
        """What went wrong with the journal since the screen started."""
        return JournalTroubles(self._clerk.errors + self._lookout.errors, self._clerk.lost)

    def recover(self, sinks: Sequence[str]) -> None:
        """Close what a dead screen left open, before anything else is written. The first picture does not wait."""
        left = None
        if self._playhead is not None:
            self._playhead.heed_death_note()
            left = self._playhead.read()
        self._recovered = self._clerk.write(lambda: self._written().recover(left, sinks), write="recover")

    def ready(self, now: datetime) -> tuple[ReadyAd, ...]:
        """Paid ads that may be shown now, as far as was seen; none that was taken already."""
        seen = self._lookout.seen
        known = [lease_id for lease_id, number in self._taken.items() if number is not None and number <= seen.number]
        for lease_id in known:
            del self._taken[lease_id]
        return tuple(ad for ad in seen.ads if ad.lease.lease_id not in self._taken and _open(ad.lease, now))

    def opened(self) -> int:
        """How many plays the journal holds; waits for the journal."""
        return self._clerk.write(lambda: self._written().counts().opened, read="counts").result()

    def open(self, start: PlayStart) -> Future[int]:
        """The first frame was presented. The result is the seq; it comes late when the journal is slow."""
        self._settle_recovery()
        self.stamp(start, start.started_ns, 1, 0)
        lease_id = start.lease.lease_id if start.lease is not None else None
        opened = self._take(lease_id, lambda: self._written().open_play(start), write="open", id=start.id)
        if not self._warm:  # while the first picture stands, long before its end has to be signed
            self._warm = True
            self._clerk.write(lambda: self._written().warm_up(), read="key")
        return opened

    def stamp(self, start: PlayStart, now_ns: int, frames_presented: int, frames_late: int) -> None:
        """It is on the screen at ``now_ns``: what a crash will be judged by."""
        if self._playhead is not None:
            self._playhead.stamp(start.id, start.boot_id, start.started_ns, now_ns, frames_presented, frames_late)

    def close(self, start: PlayStart, end: PlayEnd, sinks: tuple[str, ...]) -> Future[bool]:
        """The last frame was presented. To be settled before the next play begins."""

        def close() -> bool:
            self._written().open_play(start)  # changes nothing, unless a damaged journal was replaced meanwhile
            self._written().close_play(start.id, end, sinks)
            return True

        return self._clerk.write(close, write="close", id=start.id, shown_ms=end.shown_ms)

    def settle(self, closed: Future[bool]) -> None:
        """Wait until a closed play is on disk, as long as the clerk's patience lasts."""
        if self._clerk.wait(closed):
            self._clear()

    def wait(self, opened: Future[int]) -> int | None:
        """The seq of a play; None when the journal is slow."""
        return self._clerk.wait(opened)

    def fail(self, lease_id: str, code: str) -> None:
        """This lease's plate cannot be shown."""
        self._take(lease_id, lambda: self._written().fail(lease_id, code), write="fail", lease=lease_id)

    def end(self) -> None:
        """Write what still waits and close the journal."""
        self._settle_recovery()
        if self._clerk.close() and self._journal is not None:  # else it is still in use; it ends with the process
            self._journal.close()
        self._lookout.close()

    def _settle_recovery(self) -> None:
        recovered, self._recovered = self._recovered, None
        if recovered is not None and self._clerk.wait(recovered) is not None:
            self._clear()

    def _written(self) -> Journal:
        """The journal; called by the clerk alone. Raises ``OohError`` while it cannot be opened."""
        if self._journal is None:
            self._journal = self._open_journal()
        return self._journal

    def _take(self, lease_id: str | None, do: Callable[[], T], **facts: object) -> Future[T]:
        """Write about a lease, and offer it no more until the journal itself was seen to say so."""
        written = self._clerk.write(do, **facts)
        if lease_id is not None:
            self._taken[lease_id] = None
            written.add_done_callback(lambda done: None if done.cancelled() else self._known(lease_id))
        return written

    def _known(self, lease_id: str) -> None:
        self._taken[lease_id] = self._lookout.next_number

    def _clear(self) -> None:
        if self._playhead is not None:
            self._playhead.clear()


def _open(lease: Lease, now: datetime) -> bool:
    """True inside its window, to the very end of a play that begins now."""
    return lease.not_before <= now and now + timedelta(milliseconds=lease.duration_ms) < lease.expires_at
