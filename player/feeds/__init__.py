"""Content sources: each answer becomes a snapshot in the panel's own terms (docs/feeds.md)."""

from player.feeds._ask import Ask
from player.feeds._open import GROUP, PROVIDERS, open_feeds, provider_name
from player.feeds._shapes import Feed, FeedMaker, FeedSetup, Reading
from player.feeds._web_feed import WebFeed

__all__ = [
    "GROUP",
    "PROVIDERS",
    "Ask",
    "Feed",
    "FeedMaker",
    "FeedSetup",
    "Reading",
    "WebFeed",
    "open_feeds",
    "provider_name",
]
