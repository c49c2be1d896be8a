"""What a field tech may set: the schema, its defaults, loading and checking."""

from config._answer import plain_key, read_answer
from config._digest import config_hash
from config._document import example_file
from config._edit import with_values
from config._errors import Code, OohError
from config._geometry import LEAST_SIDE, MOST_SIDE, USUAL_SIZE, Rect, Size
from config._hours import Hours, Span
from config._keys import KeyDoc, keys
from config._load import DEFAULT_PATH, Effective, Loaded, load
from config._problem import ConfigError, Problem
from config._schema import (
    DAYS,
    AdsConfig,
    Anchor,
    BrandConfig,
    CacheConfig,
    ClockConfig,
    Config,
    Day,
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
    ShowConfig,
    SlotConfig,
    SlotKind,
    TemplateConfig,
    Transition,
    WatchdogConfig,
    WeatherConfig,
    WebConfig,
)
from config._secret import read_secret
from config._words import masked, toml
from config._zones import Zone, fits, parse_area

__all__ = [
    "DAYS",
    "DEFAULT_PATH",
    "LEAST_SIDE",
    "MOST_SIDE",
    "USUAL_SIZE",
    "AdsConfig",
    "Anchor",
    "BrandConfig",
    "CacheConfig",
    "ClockConfig",
    "Code",
    "Config",
    "ConfigError",
    "Day",
    "Effective",
    "ExchangeConfig",
    "FetchConfig",
    "HeadlinesConfig",
    "HeartbeatConfig",
    "Hours",
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
    "ShowConfig",
    "Size",
    "SlotConfig",
    "SlotKind",
    "Span",
    "TemplateConfig",
    "Transition",
    "WatchdogConfig",
    "WeatherConfig",
    "WebConfig",
    "Zone",
    "config_hash",
    "example_file",
    "fits",
    "keys",
    "load",
    "masked",
    "parse_area",
    "plain_key",
    "read_answer",
    "read_secret",
    "toml",
    "with_values",
]
