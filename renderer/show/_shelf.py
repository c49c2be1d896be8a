"""What the cache holds for the show: feed snapshots and house ads, as last read."""

from __future__ import annotations

from cache import Cache, HouseAd
from config import Size
from renderer.show._tiles import Snapshots
from renderer.show._troubles import Troubles


class Shelf:
    """Reads the cache; when that fails, what was read last stays good."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._troubles = Troubles("cache")
        self._version: int | None = None
        self._house: tuple[HouseAd, ...] = ()
        self.snapshots: Snapshots = {}

    def look(self) -> bool:
        """Read the snapshots if any is new; True when so."""
        with self._troubles:
            version = self._cache.snapshots_version()
            if version == self._version:
                return False
            self.snapshots = self._cache.snapshots()
            self._version = version
            return True
        return False

    def house(self, screen: Size) -> tuple[HouseAd, ...]:
        """The house ads that are prepared for this very screen."""
        with self._troubles:
            self._house = self._cache.house()
        return tuple(ad for ad in self._house if ad.plate.screen_size == screen)

    def used(self, *sha256s: str | None) -> None:
        """These files were just shown: evict them last."""
        with self._troubles:
            self._cache.touch([sha256 for sha256 in sha256s if sha256])
