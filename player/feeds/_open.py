"""Which feeds a configuration asks for, and who provides them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from types import MappingProxyType
from urllib.parse import urlsplit

from cache import Clock, FeedSnapshot
from config import Code, Config, ConfigError, OohError, PanelKind, read_secret
from player.feeds._shapes import Feed, FeedMaker, FeedSetup, Section
from player.feeds.headlines import HeadlinesFeed
from player.feeds.scores import EspnFeed, MlbFeed, NhlFeed
from player.feeds.weather import NwsFeed, OpenMeteoFeed, OpenWeatherMapFeed
from player.fetch import Http

log = logging.getLogger("ooh.feeds")

GROUP = "ooh_player.feeds"
"""The entry points through which a package adds a provider; its name is what ``provider`` says."""

PROVIDERS: Mapping[tuple[PanelKind, str], FeedMaker] = MappingProxyType(
    {
        ("weather", "open-meteo"): OpenMeteoFeed,
        ("weather", "nws"): NwsFeed,
        ("weather", "openweathermap"): OpenWeatherMapFeed,
        ("scores", "espn"): EspnFeed,
        ("scores", "mlb"): MlbFeed,
        ("scores", "nhl"): NhlFeed,
        ("headlines", "rss"): HeadlinesFeed,
    }
)
"""Built in; an installed package cannot take one of these names."""
_USUAL: Mapping[PanelKind, str] = MappingProxyType({"weather": "open-meteo", "scores": "espn", "headlines": "rss"})
_USUAL_PACE_S = 900.0
_BY_HOST = MappingProxyType(
    {
        "api.weather.gov": "nws",
        "api.openweathermap.org": "openweathermap",
        "statsapi.mlb.com": "mlb",
        "api-web.nhle.com": "nhl",
    }
)


def open_feeds(config: Config, http: Http, clock: Clock) -> tuple[Feed, ...]:
    """The feeds that are switched on and have what they need; the clock and the brand need none.

    A provider that cannot be used becomes a feed that fails with FEED_PROVIDER: the rest of the player runs on.
    """
    panels, screen = config.panels, config.screen
    wanted: list[tuple[PanelKind, Section]] = []
    if panels.weather.enabled and screen.latitude is not None and screen.longitude is not None:
        wanted.append(("weather", panels.weather))
    if panels.scores.set_up:
        wanted.append(("scores", panels.scores))
    if panels.headlines.set_up:
        wanted.append(("headlines", panels.headlines))
    return tuple(_open(kind, section, config, http, clock) for kind, section in wanted)


def provider_name(kind: PanelKind, section: Section) -> str:
    """The configured provider; for ``auto`` by the URL's host, else the panel's usual one."""
    if section.provider != "auto":
        return section.provider
    try:
        host = urlsplit(section.url).hostname or ""
    except ValueError:
        host = ""
    named = _BY_HOST.get(host, "")
    return named if (kind, named) in PROVIDERS else _USUAL[kind]


def _open(kind: PanelKind, section: Section, config: Config, http: Http, clock: Clock) -> Feed:
    name = provider_name(kind, section)
    try:
        key = read_secret(section.key_file) if section.key_file else ""
        setup = FeedSetup(kind, section, config, http, clock, key)
        maker = PROVIDERS.get((kind, name))
        return maker(setup) if maker is not None else _GuestFeed(name, kind, _guest(name)(setup))
    except ConfigError as error:
        failure = OohError(Code.FEED_PROVIDER, f"{name}: {error.detail}")
        return _NoFeed(kind, float(section.refresh_seconds), failure)
    except OohError as error:
        return _NoFeed(kind, float(section.refresh_seconds), error)


def _guest(name: str) -> FeedMaker:
    """The maker that an installed package brings. Raises ``OohError`` FEED_PROVIDER."""
    found = tuple(entry_points(group=GROUP, name=name))
    if not found:
        names = sorted({entry.name for entry in entry_points(group=GROUP)} | {known for _, known in PROVIDERS})
        raise OohError(Code.FEED_PROVIDER, f"{name!r} is none of: {', '.join(names)}")

    def make(setup: FeedSetup) -> Feed:
        try:
            feed: Feed = found[0].load()(setup)
        except OohError:
            raise
        except Exception as error:  # somebody else's code: whatever it raises, it is the provider's failure
            raise OohError(Code.FEED_PROVIDER, f"{name}: {type(error).__name__}: {error}"[:300]) from error
        return feed

    return make


@dataclass(frozen=True, slots=True)
class _NoFeed:
    """A feed whose provider cannot be used, so that a tech sees why."""

    kind: PanelKind
    refresh_s: float
    error: OohError

    def fetch(self) -> FeedSnapshot:
        """Raises the reason."""
        raise OohError(self.error.code, self.error.detail)


class _GuestFeed:
    """Somebody else's feed: whatever it does, it answers with a snapshot of its own panel or an ``OohError``."""

    def __init__(self, name: str, kind: PanelKind, feed: Feed) -> None:
        self._name = name
        self._feed = feed
        self.kind: PanelKind = kind

    @property
    def refresh_s(self) -> float:
        """What it says, within reason."""
        try:
            wished_s = float(self._feed.refresh_s)
        except Exception as error:
            log.debug("feed.no_pace", exc_info=error)
            return _USUAL_PACE_S
        return wished_s if 1 <= wished_s <= 86_400 else _USUAL_PACE_S

    def fetch(self) -> FeedSnapshot:
        """See ``Feed.fetch``."""
        try:
            snapshot = self._feed.fetch()
        except OohError:
            raise
        except Exception as error:
            detail = f"{self._name}: {type(error).__name__}: {error}"[:300]
            raise OohError(Code.FEED_PROVIDER, detail) from error
        if getattr(snapshot, "kind", None) != self.kind:
            raise OohError(Code.FEED_PROVIDER, f"{self._name}: it gives no snapshot for {self.kind}")
        return snapshot
