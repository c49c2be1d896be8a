"""The whole configuration."""

from __future__ import annotations

from dataclasses import dataclass, field

from config.schema._exchange import AdsConfig, ExchangeConfig
from config.schema._layout import LayoutConfig
from config.schema._loop import ShowConfig, SlotConfig
from config.schema._panels import PanelsConfig
from config.schema._reports import HeartbeatConfig, LogConfig, ProofConfig, WebConfig
from config.schema._screen import ScreenConfig, WatchdogConfig
from config.schema._types import PanelKind
from config.schema._work import CacheConfig, FetchConfig, PrepareConfig


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration."""

    screen: ScreenConfig = field(default_factory=ScreenConfig)
    exchange: tuple[ExchangeConfig, ...] = ()
    ads: AdsConfig = field(default_factory=AdsConfig)
    loop: tuple[SlotConfig, ...] = (SlotConfig(),)
    show: ShowConfig = field(default_factory=ShowConfig)
    layout: LayoutConfig = field(default_factory=LayoutConfig)
    panels: PanelsConfig = field(default_factory=PanelsConfig)
    cache: CacheConfig = field(default_factory=CacheConfig)
    fetch: FetchConfig = field(default_factory=FetchConfig)
    prepare: PrepareConfig = field(default_factory=PrepareConfig)
    proof: ProofConfig = field(default_factory=ProofConfig)
    heartbeat: HeartbeatConfig = field(default_factory=HeartbeatConfig)
    web: WebConfig = field(default_factory=WebConfig)
    watchdog: WatchdogConfig = field(default_factory=WatchdogConfig)
    log: LogConfig = field(default_factory=LogConfig)

    def panels_set_up(self) -> tuple[PanelKind, ...]:
        """The layout's panels, first is largest, without those that will never have data.

        Left out are panels that are switched off, those whose feed was never named, and a brand with nothing to say.
        """
        brand = self.panels.brand
        set_up = {
            "weather": self.panels.weather.enabled
            and self.screen.latitude is not None
            and self.screen.longitude is not None,
            "scores": self.panels.scores.set_up,
            "headlines": self.panels.headlines.set_up,
            "clock": self.panels.clock.enabled,
            "brand": brand.enabled and any((brand.title.strip(), brand.line.strip(), brand.url, brand.logo)),
        }
        return tuple(kind for kind in dict.fromkeys(self.layout.panels) if set_up[kind])
