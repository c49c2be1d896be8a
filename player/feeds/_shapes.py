"""What a content source is to the agent, and what a provider is given to be one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cache import Clock, FeedSnapshot
from config import Config, HeadlinesConfig, PanelKind, ScoresConfig, WeatherConfig
from player.fetch import Http

Section = WeatherConfig | ScoresConfig | HeadlinesConfig


class Feed(Protocol):
    """A content source of one panel."""

    @property
    def kind(self) -> PanelKind:
        """The panel it feeds."""

    @property
    def refresh_s(self) -> float:
        """Seconds until it wants to be asked again; it may say another number after each answer."""

    def fetch(self) -> FeedSnapshot:
        """Ask once. Raises ``OohError``: FEED_*, FETCH_* (``player.backoff.ThrottledError`` when told to wait)."""


@dataclass(frozen=True, slots=True)
class FeedSetup:
    """Everything a provider may need."""

    kind: PanelKind
    section: Section
    """The panel's part of the configuration."""
    config: Config
    http: Http
    clock: Clock
    key: str = ""
    """What stands in ``key_file``; never to be logged."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a provider made of the answers of one visit."""

    data: dict[str, Any]
    """In the panel's own terms (docs/feeds.md)."""
    attribution: str
    """Shown on the panel."""
    seen_at: datetime | None = None
    """When the data was true, by its own word (an observation's time); None: when it was sent."""
    next_in_s: float | None = None
    """When there may be news, for a source that knows; None: at the configured pace."""


FeedMaker = Callable[[FeedSetup], Feed]
"""What an entry point of the group ``ooh_player.feeds`` names. May raise ``OohError`` FEED_PROVIDER."""
