"""A feed over HTTP: what all providers share, so that one of them is only its URL and its reading."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta

from cache import FeedSnapshot
from config import PanelKind
from player.feeds._ask import Ask
from player.feeds._shapes import FeedSetup, Reading

_LONGEST_AGE_S = 10 * 365 * 86_400.0


class WebFeed(ABC):
    """``Feed`` of one provider. A provider says ``read``; time, age, pace and politeness are done here."""

    def __init__(self, setup: FeedSetup) -> None:
        self.setup = setup
        self.ask = Ask(setup.http, setup.clock, setup.key)
        self._refresh_s = float(setup.section.refresh_seconds)

    @abstractmethod
    def read(self, ask: Ask) -> Reading:
        """Ask, and bring what came into the panel's terms. Raises ``OohError`` FEED_INVALID and as ``Ask.json``."""

    @property
    def kind(self) -> PanelKind:
        """The panel it feeds."""
        return self.setup.kind

    @property
    def refresh_s(self) -> float:
        """Seconds until the next request: see ``_pace_s``."""
        return self._refresh_s

    def fetch(self) -> FeedSnapshot:
        """See ``Feed.fetch``. ``fetched_at`` is when the data was true, which may be long before the request."""
        self.ask.begin()
        reading = self.read(self.ask)
        self._refresh_s = self._pace_s(reading.next_in_s)
        return FeedSnapshot(
            kind=self.kind,
            fetched_at=self._true_at(reading.seen_at),
            max_age_ms=self.setup.section.max_age_seconds * 1000,
            attribution=reading.attribution,
            data=reading.data,
        )

    def _true_at(self, seen_at: datetime | None) -> datetime:
        age_s = min(max(self.ask.data_age_s(seen_at), 0.0), _LONGEST_AGE_S)
        return self.setup.clock.now() - timedelta(seconds=age_s)

    def _pace_s(self, next_in_s: float | None) -> float:
        """The configured pace at least; slower when the source has no news before.

        Never so slow that what is shown becomes stale between two requests.
        """
        pace_s = float(self.setup.section.refresh_seconds)
        wished_s = max(next_in_s or 0.0, self.ask.fresh_for_s or 0.0, self.ask.wait_s)
        return max(pace_s, min(wished_s, self.setup.section.max_age_seconds / 2))
