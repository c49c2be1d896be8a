"""What a field tech may set: the schema, its defaults, loading and checking."""

from config._errors import Code, OohError
from config._geometry import LEAST_SIDE, MOST_SIDE, USUAL_SIZE, Rect, Size
from config._keys import KeyDoc, keys
from config._load import Effective, Loaded, load
from config._problem import ConfigError, Problem
from config._schema import (
    Anchor,
    BrandConfig,
    CacheConfig,
    ClockConfig,
    Config,
    ExchangeConfig,
    FetchConfig,
    HeadlinesConfig,
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
    TemplateConfig,
    Transition,
    WeatherConfig,
)
from config._secret import read_secret
from config._words import masked, toml
from config._zones import Zone, fits, parse_area

__all__ = [
    "LEAST_SIDE",
    "MOST_SIDE",
    "USUAL_SIZE",
    "Anchor",
    "BrandConfig",
    "CacheConfig",
    "ClockConfig",
    "Code",
    "Config",
    "ConfigError",
    "Effective",
    "ExchangeConfig",
    "FetchConfig",
    "HeadlinesConfig",
    "HeartbeatConfig",
    "KeyDoc",
    "LayoutConfig",
    "Loaded",
    "LogConfig",
    "OohError",
    "PanelKind",
    "PanelsConfig",
    "PrepareConfig",
    "Problem",
    "ProofConfig",
    "Rect",
    "ScoresConfig",
    "ScreenConfig",
    "Size",
    "SlotConfig",
    "SlotKind",
    "TemplateConfig",
    "Transition",
    "WeatherConfig",
    "Zone",
    "fits",
    "keys",
    "load",
    "masked",
    "parse_area",
    "read_secret",
    "toml",
]
