"""Headlines: RSS and Atom become the headlines panel's terms (docs/feeds.md)."""

from player.feeds.headlines._rss import HeadlinesFeed

__all__ = ["HeadlinesFeed"]
