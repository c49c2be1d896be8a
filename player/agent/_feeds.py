"""Feeds: one job for each content source, its snapshot kept for the screen."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cache import Cache, Clock, FeedSnapshot
from config import Code, OohError
from player.backoff import FAILURE, ThrottledError
from player.feeds import Feed
from player.schedule import Retry

log = logging.getLogger("ooh.agent")

_JUMP = timedelta(seconds=2)
_NO_HURRY = frozenset({Code.FEED_STALE, Code.FEED_PROVIDER})
"""Asking again soon would bring the same."""


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
    _shown: tuple[FeedSnapshot, int] | None = None
    """What was saved last, and when its data was true on the monotonic clock, ns."""

    def __post_init__(self) -> None:
        self._retry = Retry(FAILURE, self.clock, self.draw)

    def step(self) -> float:
        """Returns the seconds until the next request: the feed's own time, or a growing wait after failures."""
        try:
            snapshot = self._fetch()
        except OohError as error:
            self._follow_clock()
            return self._failed(error)
        self._save(snapshot)
        if self._retry.succeeded():
            log.info("feed.recovered", extra={"facts": {"feed": self.feed.kind}})
        self.last_code = None
        self._told.clear()
        # Varied by a tenth: a fleet that started together drifts apart.
        return self.feed.refresh_s * (0.9 + 0.2 * self.draw())

    def _fetch(self) -> FeedSnapshot:
        snapshot = self.feed.fetch()
        if not snapshot.fresh(self.clock.now()):
            raise OohError(Code.FEED_STALE, f"of {snapshot.fetched_at:%Y-%m-%d %H:%M} UTC")
        return snapshot

    def _save(self, snapshot: FeedSnapshot) -> None:
        age_ns = round((self.clock.now() - snapshot.fetched_at).total_seconds() * 1e9)
        self._shown = (snapshot, self.clock.monotonic_ns() - age_ns)
        self.cache.save_snapshot(snapshot)
        self.on_news()

    def _follow_clock(self) -> None:
        """A clock that was set makes kept data look older or newer than it is: its age is told by monotonic time."""
        if self._shown is None:
            return
        snapshot, true_ns = self._shown
        fetched_at = self.clock.now() - timedelta(seconds=(self.clock.monotonic_ns() - true_ns) / 1e9)
        if abs(fetched_at - snapshot.fetched_at) > _JUMP:
            self._save(replace(snapshot, fetched_at=fetched_at))

    def _failed(self, error: OohError) -> float:
        throttled = isinstance(error, ThrottledError)
        wait_s = self._retry.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        if error.code in _NO_HURRY:
            wait_s = max(wait_s, self.feed.refresh_s)
        facts = {"feed": self.feed.kind, "again_in_s": round(wait_s, 1)}
        edge = error.code.code not in self._told
        level = (logging.INFO if throttled else logging.WARNING) if edge else logging.DEBUG
        log.log(level, "feed.failed", exc_info=error, extra={"facts": facts})
        self.last_code = error.code.code
        self._told.add(error.code.code)
        return wait_s
