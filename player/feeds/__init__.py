"""Content sources: each answer becomes a snapshot in the panel's own terms."""

from player.feeds._open import open_feeds
from player.feeds._shapes import Feed

__all__ = ["Feed", "open_feeds"]
