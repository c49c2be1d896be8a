"""What a field tech may set: every section and key, its type, its limits and its default."""

from config.schema._config import Config
from config.schema._exchange import AdsConfig, ExchangeConfig
from config.schema._layout import Anchor, LayoutConfig, TemplateConfig
from config.schema._loop import DAYS, Day, ShowConfig, SlotConfig, SlotKind
from config.schema._panels import BrandConfig, ClockConfig, HeadlinesConfig, PanelsConfig, ScoresConfig, WeatherConfig
from config.schema._reports import HeartbeatConfig, LogConfig, ProofConfig, WebConfig
from config.schema._screen import ScreenConfig, WatchdogConfig
from config.schema._types import PanelKind, Transition
from config.schema._work import CacheConfig, FetchConfig, PrepareConfig

__all__ = [
    "DAYS",
    "AdsConfig",
    "Anchor",
    "BrandConfig",
    "CacheConfig",
    "ClockConfig",
    "Config",
    "Day",
    "ExchangeConfig",
    "FetchConfig",
    "HeadlinesConfig",
    "HeartbeatConfig",
    "LayoutConfig",
    "LogConfig",
    "PanelKind",
    "PanelsConfig",
    "PrepareConfig",
    "ProofConfig",
    "ScoresConfig",
    "ScreenConfig",
    "ShowConfig",
    "SlotConfig",
    "SlotKind",
    "TemplateConfig",
    "Transition",
    "WatchdogConfig",
    "WeatherConfig",
    "WebConfig",
]
