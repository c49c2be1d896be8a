"""The panels, and where their data come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

from config.schema._types import Kind, Path_, Text, Url


@dataclass(frozen=True, slots=True)
class WeatherConfig:
    """The weather panel. Without latitude and longitude under [screen] it is left out."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    provider: Annotated[
        Kind,
        Meta(
            description='"open-meteo", "nws", "openweathermap" or an installed one; auto: by the URL, else open-meteo.'
        ),
    ] = "auto"
    url: Annotated[Url, Meta(description="The provider's endpoint. Empty: its public one.")] = ""
    key_file: Annotated[Path_, Meta(description="File with the provider's API key, if it wants one.")] = ""
    place: Annotated[Text, Meta(description="The name shown, such as Berlin. Empty: none.")] = ""
    units: Annotated[Literal["celsius", "fahrenheit"], Meta(description="The degrees shown.")] = "celsius"
    refresh_seconds: Annotated[int, Meta(ge=60, le=86_400, description="Time between two requests, seconds.")] = 900
    max_age_seconds: Annotated[
        int, Meta(ge=60, le=172_800, description="Data older than this is not shown, seconds.")
    ] = 10_800


@dataclass(frozen=True, slots=True)
class ScoresConfig:
    """The scores panel. Without a URL, and without a provider that has one of its own, it is left out."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    provider: Annotated[
        Kind, Meta(description='"espn", "mlb", "nhl" or an installed one; auto: by the URL, else espn.')
    ] = "auto"
    url: Annotated[Url, Meta(description="The scoreboard. Empty: the provider's own; espn has none.")] = ""
    key_file: Annotated[Path_, Meta(description="File with the provider's API key, if it wants one.")] = ""
    teams: Annotated[
        tuple[Text, ...], Meta(description="Favourites, by name or letters such as BOS: their games come first.")
    ] = ()
    only_teams: Annotated[bool, Meta(description="Show the games of those teams alone.")] = False
    title: Annotated[Text, Meta(description="The headline shown. Empty: the league's name.")] = ""
    page_seconds: Annotated[
        int, Meta(ge=4, le=600, description="How long one page of games stays when there are more, seconds.")
    ] = 10
    refresh_seconds: Annotated[int, Meta(ge=15, le=86_400, description="Time between two requests, seconds.")] = 60
    max_age_seconds: Annotated[
        int, Meta(ge=30, le=86_400, description="Data older than this is not shown, seconds.")
    ] = 600

    @property
    def set_up(self) -> bool:
        """True when it is on and it is known where scores come from."""
        return self.enabled and (self.url != "" or self.provider not in {"auto", "espn"})


@dataclass(frozen=True, slots=True)
class HeadlinesConfig:
    """The headlines panel. Without a URL it is left out."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    provider: Annotated[Kind, Meta(description='"rss" (RSS and Atom) or an installed one; auto: rss.')] = "auto"
    key_file: Annotated[Path_, Meta(description="File with the provider's API key, if it wants one.")] = ""
    url: Annotated[Url, Meta(description="An RSS or Atom feed. Empty: no headlines.")] = ""
    title: Annotated[Text, Meta(description="What stands above them. Empty: the feed's own title.")] = ""
    page_seconds: Annotated[int, Meta(ge=4, le=600, description="How long one headline stays, seconds.")] = 10
    refresh_seconds: Annotated[int, Meta(ge=60, le=86_400, description="Time between two requests, seconds.")] = 900
    max_age_seconds: Annotated[
        int, Meta(ge=60, le=172_800, description="Data older than this is not shown, seconds.")
    ] = 21_600

    @property
    def set_up(self) -> bool:
        """True when it is on and it is known where headlines come from."""
        return self.enabled and (self.url != "" or self.provider not in {"auto", "rss"})


@dataclass(frozen=True, slots=True)
class BrandConfig:
    """The operator's own tile. It needs no network; without title, line, url and logo it is left out."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    title: Annotated[Text, Meta(description="The name, large.")] = ""
    line: Annotated[Text, Meta(description="One line below it.")] = ""
    url: Annotated[Url, Meta(description="What its QR code opens. Empty: no code.")] = ""
    logo: Annotated[Path_, Meta(description="A PNG or JPEG file shown above the name. Empty: none.")] = ""


@dataclass(frozen=True, slots=True)
class ClockConfig:
    """The clock panel. It needs no network."""

    enabled: Annotated[bool, Meta(description="Show it.")] = True
    hours: Annotated[Literal[12, 24], Meta(description="3:07 pm, or 15:07.")] = 24


@dataclass(frozen=True, slots=True)
class PanelsConfig:
    """The content tiles."""

    weather: WeatherConfig = field(default_factory=WeatherConfig)
    scores: ScoresConfig = field(default_factory=ScoresConfig)
    headlines: HeadlinesConfig = field(default_factory=HeadlinesConfig)
    clock: ClockConfig = field(default_factory=ClockConfig)
    brand: BrandConfig = field(default_factory=BrandConfig)
