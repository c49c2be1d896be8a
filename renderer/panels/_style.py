"""How panels look: theme, brand colour, grid unit; and what they say: settings taken from the config."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config import Config, Size
from renderer.panels._locale import Locale, locale_of

Theme = Literal["dark", "light"]
Units = Literal["celsius", "fahrenheit"]


@dataclass(frozen=True, slots=True)
class PanelStyle:
    """One look for all panels of a screen."""

    theme: Theme = "dark"
    brand_colour: str = "#10151f"
    unit: float | None = None
    """The screen's grid unit in pixels: the height of a label. 24 at 1080p. None: from the tile alone."""

    @classmethod
    def of(cls, config: Config, screen: Size) -> PanelStyle:
        """The look that the config asks for on this screen (its size after rotation)."""
        return cls(config.layout.theme, config.layout.brand_colour, label_size(screen))


@dataclass(frozen=True, slots=True)
class BrandSaid:
    """What the brand tile says; empty is left out."""

    title: str = ""
    line: str = ""
    url: str = ""
    logo: str = ""
    """A file's path."""


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """What the panels say besides their feeds' data."""

    units: Units = "celsius"
    place: str = ""
    title: str = ""
    clock_hours: Literal[12, 24] = 24
    timezone: str = ""
    locale: str = "en_GB"
    scores_page_seconds: int = 10
    headlines_title: str = ""
    headlines_page_seconds: int = 10
    brand: BrandSaid = BrandSaid()

    @classmethod
    def of(cls, config: Config) -> PanelSettings:
        """Taken from ``[panels.*]`` and ``[screen]``."""
        panels = config.panels
        return cls(
            units=panels.weather.units,
            place=panels.weather.place,
            title=panels.scores.title,
            clock_hours=panels.clock.hours,
            timezone=config.screen.timezone,
            locale=config.screen.locale,
            scores_page_seconds=panels.scores.page_seconds,
            headlines_title=panels.headlines.title,
            headlines_page_seconds=panels.headlines.page_seconds,
            brand=BrandSaid(panels.brand.title, panels.brand.line, panels.brand.url, panels.brand.logo),
        )

    def language(self) -> Locale:
        """The words and dates of the screen's locale."""
        return locale_of(self.locale)

    def zone(self) -> tzinfo | None:
        """The screen's time zone; None, the system's, when none is set or none has that name."""
        try:
            return ZoneInfo(self.timezone) if self.timezone else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None

    def local(self, at: datetime) -> datetime:
        """``at`` on the screen's wall clock."""
        return at.astimezone(self.zone())

    def hour_minute(self, local: datetime) -> str:
        """``19:30`` or ``7:30 PM``."""
        return self.language().time(local, self.clock_hours)

    def hour(self, local: datetime) -> str:
        """``19:00`` or ``7 PM``: a column's head."""
        return self.language().hour(local, self.clock_hours)


def label_size(screen: Size) -> float:
    """The label's height that reads from the same distance on any screen: 24 px at 1080p, either way up."""
    return max(8.0, min(min(screen.w, screen.h) / 30, math.sqrt(screen.pixels) / 60))
