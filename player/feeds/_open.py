"""Which feeds a configuration asks for."""

from __future__ import annotations

from cache import Clock
from config import Config
from player.feeds._scores import ScoresFeed
from player.feeds._shapes import Feed
from player.feeds._weather import WeatherFeed
from player.fetch import Http


def open_feeds(config: Config, http: Http, clock: Clock) -> tuple[Feed, ...]:
    """The feeds that are switched on and have what they need; the clock panel needs none."""
    feeds: list[Feed] = []
    weather, scores, screen = config.panels.weather, config.panels.scores, config.screen
    if weather.enabled and weather.url and screen.latitude is not None and screen.longitude is not None:
        feeds.append(WeatherFeed(weather, screen, http, clock))
    if scores.enabled and scores.url:
        feeds.append(ScoresFeed(scores, http, clock))
    return tuple(feeds)
