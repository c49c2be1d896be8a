"""Feeds in the wire formats of their providers, with invented data that lives."""

from __future__ import annotations

from sandbox.feeds._app import add_feeds
from sandbox.feeds._scoreboard import scoreboard
from sandbox.feeds._weather import BadQueryError, forecast

__all__ = ["BadQueryError", "add_feeds", "forecast", "scoreboard"]
