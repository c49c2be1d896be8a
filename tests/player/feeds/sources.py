"""A source on the network's edge: answers by path, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from config import Config, HeadlinesConfig, OohError, PanelKind, PanelsConfig, ScoresConfig, ScreenConfig, WeatherConfig
from player.feeds import Feed, open_feeds
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.fake_http import Asked

Page = HttpAnswer | OohError | bytes | dict[str, Any] | Callable[[Asked], HttpAnswer]

NOT_FOUND = HttpAnswer(404, {}, b'{"title":"Not Found"}')


@dataclass
class Source:
    """``pages`` by path; with one page under ``*`` for all others. A dictionary is served as JSON."""

    pages: dict[str, Page]
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout_s: float,
        max_bytes: int,
    ) -> HttpAnswer:
        assert (method, body) == ("GET", None)
        assert 0 < timeout_s <= 30
        assert 0 < max_bytes <= 10_000_000
        asked = Asked(method, url, headers, body, timeout_s)
        self.asked.append(asked)
        page = self.pages.get(urlsplit(url).path, self.pages.get("*", NOT_FOUND))
        if callable(page):
            return page(asked)
        if isinstance(page, OohError):
            raise page
        if isinstance(page, dict):
            page = json.dumps(page).encode()
        return HttpAnswer(200, self.headers, page) if isinstance(page, bytes) else page


BERLIN = ScreenConfig(latitude=52.5, longitude=13.4)


def one(
    kind: PanelKind, section: Mapping[str, Any], source: Source, clock: FakeClock, screen: ScreenConfig = BERLIN
) -> Feed:
    """The one feed of this panel."""
    panels = PanelsConfig(weather=WeatherConfig(enabled=False))
    match kind:
        case "weather":
            panels = replace(panels, weather=WeatherConfig(**section))
        case "scores":
            panels = replace(panels, scores=ScoresConfig(**section))
        case _:
            panels = replace(panels, headlines=HeadlinesConfig(**section))
    (feed,) = open_feeds(Config(screen=screen, panels=panels), source, clock)
    assert feed.kind == kind
    return feed
