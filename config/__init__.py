"""What a field tech may set: the schema, its defaults, loading and checking."""

from config._errors import Code, OohError
from config._geometry import Rect, Size
from config._schema import (
    CacheConfig,
    ClockConfig,
    Config,
    ExchangeConfig,
    FetchConfig,
    HeartbeatConfig,
    LayoutConfig,
    LogConfig,
    PanelKind,
    PanelsConfig,
    PrepareConfig,
    ProofConfig,
    ScoresConfig,
    ScreenConfig,
    SlotConfig,
    SlotKind,
    Transition,
    WeatherConfig,
)

__all__ = [
    "CacheConfig",
    "ClockConfig",
    "Code",
    "Config",
    "ExchangeConfig",
    "FetchConfig",
    "HeartbeatConfig",
    "LayoutConfig",
    "LogConfig",
    "OohError",
    "PanelKind",
    "PanelsConfig",
    "PrepareConfig",
    "ProofConfig",
    "Rect",
    "ScoresConfig",
    "ScreenConfig",
    "Size",
    "SlotConfig",
    "SlotKind",
    "Transition",
    "WeatherConfig",
]
