"""What a content source is to the agent."""

from __future__ import annotations

from typing import Protocol

from cache import FeedSnapshot
from config import PanelKind


class Feed(Protocol):
    """A content source of one panel."""

    @property
    def kind(self) -> PanelKind:
        """The panel it feeds."""

    @property
    def refresh_s(self) -> float:
        """Time between two requests, seconds."""

    def fetch(self) -> FeedSnapshot:
        """Ask once. Raises ``OohError``: FEED_INVALID, FETCH_* (``player.backoff.ThrottledError`` on 429, 503)."""
