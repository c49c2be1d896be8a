"""The lookout: reads journal and cache in a thread of its own, so that the show never waits for SQLite."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Condition, Thread
from typing import TypeVar

from cache import Cache, Clock, HouseAd, Journal, ReadyAd
from renderer.show._tiles import Snapshots
from renderer.show._troubles import Troubles

log = logging.getLogger("ooh.show")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was ready to be shown when it was looked at last."""

    number: int = 0
    """Which look it was; 0: none yet."""
    ads: tuple[ReadyAd, ...] = ()
    """Paid ads whose windows were open, in order of offer."""
    house: tuple[HouseAd, ...] = ()
    snapshots: Snapshots = field(default_factory=dict)

    def differs(self, other: Seen) -> bool:
        """True when there is something else to show than at the other look."""
        return (self.ads, self.house, self.snapshots) != (other.ads, other.house, other.snapshots)


class Lookout:
    """What a neighbour does not tell (locked, gone, damaged) stays as it was seen last."""

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
        self._leases, self._shelf = Troubles("leases"), Troubles("cache")
        self._version: int | None = None
        self._asked = 0
        self._begun = 0
        self._closing = False
        self._news = Condition()
        self.seen = Seen()
        """Replaced as a whole."""
        self._thread = Thread(target=self._run, name="lookout", daemon=True)
        self._thread.start()

    @property
    def errors(self) -> int:
        """How often the journal could not be read."""
        return self._leases.count

    @property
    def next_number(self) -> int:
        """The first look that is certain to begin after now."""
        return self._begun + 1

    def look(self) -> int:
        """Have another look soon; returns its number."""
        with self._news:
            self._asked = self._begun + 1
            self._news.notify_all()
            return self._asked

    def wait(self, number: int, patience_s: float) -> bool:
        """Wait for a look; False when it takes longer."""
        with self._news:
            return self._news.wait_for(lambda: self.seen.number >= number, patience_s)

    def close(self, patience_s: float = 1.0) -> None:
        """End it; a look that hangs is left behind and ends with the process."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        self._thread.join(patience_s)

    def _run(self) -> None:
        while self._is_wanted():
            seen = replace(self._look(), number=self._begun)
            with self._news:
                self.seen = seen
                self._news.notify_all()
            self._done()
        for room in (self._journal, self._cache):
            if room is not None:
                room.close()

    def _is_wanted(self) -> bool:
        with self._news:
            self._news.wait_for(lambda: self._closing or self._asked > self._begun)
            self._begun += 1
            return not self._closing

    def _look(self) -> Seen:
        seen = self.seen
        with self._leases:
            seen = replace(seen, ads=self._read_ads(self._clock.now()))
        with self._shelf:
            return self._read_shelf(seen)
        return seen

    def _read_ads(self, now: datetime) -> tuple[ReadyAd, ...]:
        if self._journal is None:
            self._journal = self._open_journal()
        return self._journal.ready(now)

    def _read_shelf(self, seen: Seen) -> Seen:
        if self._cache is None:
            self._cache = self._open_cache()
        seen = replace(seen, house=self._cache.house())
        version = self._cache.snapshots_version()
        if version != self._version:
            seen = replace(seen, snapshots=self._cache.snapshots())
            self._version = version
        return seen
