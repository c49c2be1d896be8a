"""Feeds: one job for each content source, its snapshot kept for the screen."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from cache import Cache, Clock
from config import OohError
from player.backoff import FAILURE, ThrottledError
from player.feeds import Feed
from player.schedule import Retry

log = logging.getLogger("ooh.agent")


@dataclass(slots=True)
class FeedJob:
    """One run asks once. A failure is logged at its edge; the last good answer stays."""

    feed: Feed
    cache: Cache
    clock: Clock
    on_news: Callable[[], None]
    draw: Callable[[], float] = random.random
    last_code: str | None = None
    _told: set[str] = field(default_factory=set)
    """Codes of this outage that are in the log: one that alternates between two is still one outage."""
    _retry: Retry = field(init=False)

    def __post_init__(self) -> None:
        self._retry = Retry(FAILURE, self.clock, self.draw)

    def step(self) -> float:
        """Returns the seconds until the next request: the feed's own time, or a growing wait after failures."""
        try:
            snapshot = self.feed.fetch()
        except OohError as error:
            return self._failed(error)
        self.cache.save_snapshot(snapshot)
        self.on_news()
        if self._retry.succeeded():
            log.info("feed.recovered", extra={"facts": {"feed": self.feed.kind}})
        self.last_code = None
        self._told.clear()
        # Varied by a tenth: a fleet that started together drifts apart.
        return self.feed.refresh_s * (0.9 + 0.2 * self.draw())

    def _failed(self, error: OohError) -> float:
        wait_s = self._retry.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        facts = {"feed": self.feed.kind, "again_in_s": round(wait_s, 1)}
        edge = error.code.code not in self._told
        log.log(logging.WARNING if edge else logging.DEBUG, "feed.failed", exc_info=error, extra={"facts": facts})
        self.last_code = error.code.code
        self._told.add(error.code.code)
        return wait_s
