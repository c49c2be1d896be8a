"""Feeds in the shapes of Open-Meteo's forecast and of ESPN's public scoreboard, with invented data."""

from __future__ import annotations

from sandbox.feeds._app import add_feeds
from sandbox.feeds._scoreboard import scoreboard
from sandbox.feeds._weather import BadQueryError, forecast

__all__ = ["BadQueryError", "add_feeds", "forecast", "scoreboard"]
