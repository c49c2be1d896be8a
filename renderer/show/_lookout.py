"""The lookout: reads journal and cache in threads of its own, so that the show never waits for SQLite."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Condition, Thread

from cache import Cache, Clock, HouseAd, Journal, Play, ReadyAd
from renderer.show._tiles import Snapshots
from renderer.show._troubles import Troubles

log = logging.getLogger("ooh.show")

Ticket = tuple[int, int]
"""A look that was asked for: its number at the journal, and at the cache."""


_LATELY_PLAYS = 60
"""Ten minutes of 10 s plays: separations are mostly shorter, and the first look must be quick."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was ready to be shown when it was looked at last."""

    number: int = 0
    """Which look at the journal it was; 0: none yet."""
    ads: tuple[ReadyAd, ...] = ()
    """Paid ads whose windows were open, in order of offer."""
    lately: tuple[Play, ...] = ()
    """Paid ads that were on before this process, the last at the end."""
    house: tuple[HouseAd, ...] = ()
    snapshots: Snapshots = field(default_factory=dict)

    def differs(self, other: Seen) -> bool:
        """True when there is something else to show than at the other look."""
        return (self.ads, self.house, self.snapshots) != (other.ads, other.house, other.snapshots)


class Lookout:
    """What a neighbour does not tell (locked, gone, damaged) stays as it was seen last, and holds up nobody else."""

    def __init__(
        self,
        journal: Callable[[], Journal],
        cache: Callable[[], Cache],
        clock: Clock,
        done: Callable[[], None],
    ) -> None:
        """``journal`` and ``cache`` open them, and are tried again when they fail; ``done`` follows each look."""
        self._open_journal = journal
        self._open_cache = cache
        self._clock = clock
        self._done = done
        self._journal: Journal | None = None
        self._cache: Cache | None = None
        self._version: int | None = None
        self._news = Condition()
        self.seen = Seen()
        """Replaced as a whole."""
        self._leases = _Reader("leases", self._read_leases, self._close_journal)
        self._shelf = _Reader("cache", self._read_shelf, self._close_cache)

    @property
    def errors(self) -> int:
        """How often the journal could not be read."""
        return self._leases.troubles.count

    @property
    def next_number(self) -> int:
        """The first look at the journal that is certain to begin after now."""
        return self._leases.begun + 1

    def look(self) -> Ticket:
        """Have another look soon."""
        return self._leases.ask(), self._shelf.ask()

    def has_looked(self, ticket: Ticket) -> bool:
        """True once both have."""
        return self._leases.ended >= ticket[0] and self._shelf.ended >= ticket[1]

    def wait(self, ticket: Ticket, patience_s: float) -> bool:
        """Wait for a look; False when it takes longer."""
        with self._news:
            return self._news.wait_for(lambda: self.has_looked(ticket), patience_s)

    def close(self, patience_s: float = 1.0) -> None:
        """End it; a look that hangs is left behind and ends with the process."""
        for reader in (self._leases, self._shelf):
            reader.end()
        for reader in (self._leases, self._shelf):
            reader.join(patience_s)

    def _read_leases(self, number: int) -> None:
        try:
            if self._journal is None:
                self._journal = self._open_journal()
                lately = self._journal.paid_lately(_LATELY_PLAYS)
                self._saw(lambda seen: replace(seen, lately=lately))
            ads = self._journal.ready(self._clock.now())
            self._saw(lambda seen: replace(seen, number=number, ads=ads))
        finally:
            self._leases.ended = number
            self._tell()

    def _read_shelf(self, number: int) -> None:
        try:
            if self._cache is None:
                self._cache = self._open_cache()
            house, version = self._cache.house(), self._cache.snapshots_version()
            snapshots = self._cache.snapshots() if version != self._version else self.seen.snapshots
            self._version = version
            self._saw(lambda seen: replace(seen, house=house, snapshots=snapshots))
        finally:
            self._shelf.ended = number
            self._tell()

    def _saw(self, change: Callable[[Seen], Seen]) -> None:
        with self._news:
            self.seen = change(self.seen)

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()
        self._done()

    def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()

    def _close_cache(self) -> None:
        if self._cache is not None:
            self._cache.close()


class _Reader:
    """One thread that reads one neighbour when it is asked to."""

    def __init__(self, neighbour: str, read: Callable[[int], None], close: Callable[[], None]) -> None:
        self._read = read
        self._close = close
        self._wish = Condition()
        self._asked = 0
        self._closing = False
        self.begun = 0
        self.ended = 0
        self.troubles = Troubles(neighbour)
        self._thread = Thread(target=self._run, name=f"look-{neighbour}", daemon=True)
        self._thread.start()

    def ask(self) -> int:
        with self._wish:
            self._asked = self.begun + 1
            self._wish.notify()
            return self._asked

    def end(self) -> None:
        with self._wish:
            self._closing = True
            self._wish.notify()

    def join(self, patience_s: float) -> None:
        self._thread.join(patience_s)

    def _run(self) -> None:
        while self._is_wanted():
            try:
                with self.troubles:
                    self._read(self.begun)
            except Exception:  # whatever is wrong with what it read, the next look may be better
                log.exception("look.failed")
        self._close()

    def _is_wanted(self) -> bool:
        with self._wish:
            self._wish.wait_for(lambda: self._closing or self._asked > self.begun)
            self.begun += 1
            return not self._closing
