"""Weather providers: each brings its answers into the weather panel's terms (docs/feeds.md)."""

from player.feeds.weather._nws import NwsFeed
from player.feeds.weather._open_meteo import OpenMeteoFeed
from player.feeds.weather._open_weather_map import OpenWeatherMapFeed

__all__ = ["NwsFeed", "OpenMeteoFeed", "OpenWeatherMapFeed"]
