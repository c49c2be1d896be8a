"""OpenWeather (https://openweathermap.org/api): One Call 3.0, or 2.5's current weather with its 3-hour forecast."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from config import Code, OohError
from player.feeds._ask import Ask
from player.feeds._shapes import FeedSetup, Reading
from player.feeds._web_feed import WebFeed
from player.feeds.weather import _open_weather_map_read as read

URL = "https://api.openweathermap.org/data/3.0/onecall"
ATTRIBUTION = "Weather data provided by OpenWeather"


class OpenWeatherMapFeed(WebFeed):
    """``Feed`` of one place. The URL's version says which API: ``…/3.0/onecall``, or ``…/2.5`` for the older two."""

    def __init__(self, setup: FeedSetup) -> None:
        super().__init__(setup)
        if not setup.key:
            raise OohError(Code.FEED_PROVIDER, "openweathermap wants an API key: set panels.weather.key_file")
        self._parts = urlsplit(setup.config.panels.weather.url or URL)
        path = self._parts.path.rstrip("/")
        self._one_call = path.endswith("/onecall")
        if path.endswith(("/weather", "/forecast")):
            path = path.rpartition("/")[0]
        self._path = path

    def read(self, ask: Ask) -> Reading:
        """See ``WebFeed.read``."""
        config = self.setup.config
        if self._one_call:
            answer = ask.json(self._url(self._path, exclude="minutely"))
            data, seen_at = read.one_call(answer, config, ask.now)
            return Reading(data, ATTRIBUTION, seen_at)
        current = ask.json(self._url(f"{self._path}/weather"))
        try:
            coming = ask.json(self._url(f"{self._path}/forecast"))
        except OohError:
            coming = {}  # the weather now can be shown alone
        data, seen_at = read.current_and_forecast(current, coming, config, ask.now)
        return Reading(data, ATTRIBUTION, seen_at)

    def _url(self, path: str, **more: str) -> str:
        screen = self.setup.config.screen
        query = {
            **dict(parse_qsl(self._parts.query)),
            "lat": str(screen.latitude),
            "lon": str(screen.longitude),
            "units": "metric",
            **more,
            "appid": self.setup.key,
        }
        return urlunsplit(self._parts._replace(path=path, query=urlencode(query)))
