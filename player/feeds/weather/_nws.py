"""The US National Weather Service (https://www.weather.gov/documentation/services-web-api): no key, public domain."""

from __future__ import annotations

from datetime import UTC, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit, urlunsplit

from config import Code, OohError
from player import _loose as loose
from player.feeds._ask import Ask
from player.feeds._shapes import FeedSetup, Reading
from player.feeds._web_feed import WebFeed
from player.feeds.weather import _nws_read as read
from player.feeds.weather import _terms as terms

URL = "https://api.weather.gov"
ATTRIBUTION = "US National Weather Service"

_ACCEPT = "application/geo+json"
_OBSERVATION_LASTS = timedelta(minutes=90)
"""Stations report hourly and publish late; an older report is the past, and the forecast knows better."""
_POINT_LASTS_NS = 24 * 3600 * 10**9
_LINKS = MappingProxyType(
    {"hourly": "forecastHourly", "daily": "forecast", "stations": "observationStations"},
)


class NwsFeed(WebFeed):
    """``Feed`` of one place in the USA: its grid point, then forecasts, the nearest station's report and alerts."""

    def __init__(self, setup: FeedSetup) -> None:
        super().__init__(setup)
        weather, screen = setup.config.panels.weather, setup.config.screen
        parts = urlsplit(weather.url or URL)
        path = parts.path.rstrip("/")
        self._root = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        # More than four decimals are answered with a redirect to four.
        self._at = f"{screen.latitude or 0.0:.4f},{screen.longitude or 0.0:.4f}"
        self._point: loose.Node = {}
        self._links: dict[str, str] = {}
        self._station: str | None = None
        self._found_ns = 0

    def read(self, ask: Ask) -> Reading:
        """See ``WebFeed.read``."""
        self._find(ask)
        failures: list[OohError] = []
        hourly = self._part(ask, self._links.get("hourly"), failures)
        seen = self._part(ask, self._station, failures)
        daily = self._part(ask, self._links.get("daily"), failures)
        alerts = self._part(ask, f"{self._root}/alerts/active?point={self._at}", [])
        if not hourly and not seen and failures:
            self._links = {}  # a grid that was moved answers 404 until the point is asked for again
            raise failures[0]
        return self._reading(ask, hourly, seen, daily, alerts)

    def _reading(
        self, ask: Ask, hourly: loose.Node, seen: loose.Node, daily: loose.Node, alerts: loose.Node
    ) -> Reading:
        config, now = self.setup.config, ask.now
        scale = config.panels.weather.units
        hours = read.hours(hourly, scale)
        zone = read.zone(hourly, daily) or UTC
        report, seen_at = read.report(seen, scale)
        recent = seen_at is not None and now - seen_at <= _OBSERVATION_LASTS
        made_at = read.made_at(hourly)
        data = terms.forecast(
            config,
            now=report if recent else None,
            hours=terms.upcoming(hours, now),
            days=read.days(daily, hours, scale),
            zone=zone,
            at=now,
            place=read.city(self._point),
            alerts=read.alerts(alerts, now),
        )
        return Reading(data, ATTRIBUTION, seen_at if recent and report is not None else made_at)

    def _find(self, ask: Ask) -> None:
        """The place's grid and its nearest station; they hardly ever change, so they are asked for once a day."""
        now_ns = self.setup.clock.monotonic_ns()
        if self._links and now_ns - self._found_ns < _POINT_LASTS_NS:
            return
        answer = ask.json(f"{self._root}/points/{self._at}", accept=_ACCEPT, lasting=True)
        self._point = read.properties(answer)
        links = {name: self._here(loose.text(self._point, key)) for name, key in _LINKS.items()}
        found = {name: link for name, link in links.items() if link is not None}
        if "hourly" not in found and "daily" not in found and "stations" not in found:
            raise OohError(Code.FEED_INVALID, loose.label(answer, "detail", 200) or "the point has no forecast")
        self._station = None
        stations = found.pop("stations", None)
        if stations is not None:
            station = read.first_station(self._part(ask, stations, [], lasting=True))
            self._station = f"{self._root}/stations/{station}/observations/latest" if station else None
        self._links = found
        self._found_ns = now_ns

    def _here(self, url: str | None) -> str | None:
        """A link of the answer, at the configured server: an answer leads nowhere else."""
        if url is None:
            return None
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        root = urlsplit(self._root)
        path = parts.path if parts.path.startswith(root.path) else root.path + parts.path
        return urlunsplit((root.scheme, root.netloc, path, parts.query, ""))

    @staticmethod
    def _part(ask: Ask, url: str | None, failures: list[OohError], *, lasting: bool = False) -> loose.Node:
        """One of the answers; empty when it fails, for each of them can be done without."""
        if url is None:
            return {}
        try:
            return ask.json(url, accept=_ACCEPT, lasting=lasting)
        except OohError as error:
            failures.append(error)
            return {}
