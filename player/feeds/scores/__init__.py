"""Scores providers: each brings its answers into the scores panel's terms (docs/feeds.md)."""

from player.feeds.scores._espn import EspnFeed
from player.feeds.scores._mlb import MlbFeed
from player.feeds.scores._nhl import NhlFeed

__all__ = ["EspnFeed", "MlbFeed", "NhlFeed"]
