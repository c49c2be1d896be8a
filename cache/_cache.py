"""The cache: prepared things and feed answers, within a byte budget; all of it can be made again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cache._cache_schema import CACHE_PLAN
from cache._clock import Clock
from cache._database import Database
from cache._feeds import Feeds
from cache._folders import Folders
from cache._plates import Plates
from cache._shapes import FeedSnapshot, HouseAd, Plate
from cache._store import Store
from config import PanelKind

_FILL_AFTER_EVICTION = 0.9
"""Eviction goes on to this part of the budget, so that the next creatives fit without another one."""


@dataclass(frozen=True, slots=True)
class EvictReport:
    """What an eviction removed."""

    removed: int
    freed_bytes: int


class Cache:
    """cache.db and the store. Every method may raise ``OohError`` (CACHE_UNAVAILABLE). Safe to use from threads."""

    def __init__(self, database: Database, store: Store, clock: Clock) -> None:
        self.store = store
        self._database = database
        self._clock = clock
        self._plates = Plates(database, store)
        self._feeds = Feeds(database)

    @classmethod
    def open(cls, folders: Folders, clock: Clock, max_bytes: int) -> Cache:
        """Open or make it; a damaged cache.db is removed and begun anew (logged), files are kept."""
        store = Store(folders.store, max_bytes)
        return cls(Database(folders.state / CACHE_PLAN.name, CACHE_PLAN, clock), store, clock)

    def save_plate(self, plate: Plate) -> None:
        """Keep what is known of a plate whose file is in the store."""
        self._plates.save(plate)

    def plate(self, key: str) -> Plate | None:
        """The plate of this key, if its file is still in the store."""
        return self._plates.get(key)

    def save_snapshot(self, snapshot: FeedSnapshot) -> None:
        """Keep a feed's last good answer."""
        self._feeds.save(snapshot)

    def snapshots(self) -> dict[PanelKind, FeedSnapshot]:
        """The last snapshot of every feed, fresh or not."""
        return self._feeds.all()

    def snapshots_version(self) -> int:
        """A number that is another one after any ``save_snapshot``."""
        return self._feeds.version()

    def set_house(self, ads: Sequence[HouseAd]) -> None:
        """Replace all house ads, in this order."""
        self._plates.set_house(ads)

    def house(self) -> tuple[HouseAd, ...]:
        """The house ads whose plates are in the store, in order."""
        return self._plates.house()

    def touch(self, sha256s: Collection[str]) -> None:
        """These files are used now: evict them last."""
        for sha256 in sha256s:
            self.store.touch(sha256, self._clock.now())

    def evict(self, keep: Collection[str]) -> EvictReport:
        """When over the budget, remove files, least recently used first, to nine tenths of it.

        Never what ``keep`` names nor what house ads need: with those over the budget, the store refuses new files.
        """
        files = sorted(self.store.files(), key=lambda file: (file.used_at, file.sha256))
        held_bytes = sum(file.size_bytes for file in files)
        if held_bytes <= self.store.max_bytes * _FILL_AFTER_EVICTION:
            return EvictReport(0, 0)
        needed = set(keep)
        for ad in self.house():
            needed |= {ad.plate.plate_sha256, ad.plate.creative_sha256}
        removed: list[str] = []
        freed_bytes = 0
        for file in files:
            if held_bytes - freed_bytes <= self.store.max_bytes * _FILL_AFTER_EVICTION:
                break
            if file.sha256 not in needed:
                self.store.remove(file.sha256)
                removed.append(file.sha256)
                freed_bytes += file.size_bytes
        self._plates.forget(removed)
        return EvictReport(len(removed), freed_bytes)

    def close(self) -> None:
        """Close the database."""
        self._database.close()
