"""Programmatic exchanges: asks for ads, turns their answers into leases and beacons."""

from player.exchange._dialect import Dialect
from player.exchange._open import DIALECTS, find_dialect, open_exchange
from player.exchange._shapes import (
    HOLD_S,
    HTML,
    MIMES,
    WEB_FORMATS,
    Answer,
    Exchange,
    ExplainingExchange,
    Explanation,
    NoFill,
    Offered,
    Opportunity,
    Refusal,
    RefusedError,
    ScreenIdentity,
)
from player.exchange._url import web_url

__all__ = [
    "DIALECTS",
    "HOLD_S",
    "HTML",
    "MIMES",
    "WEB_FORMATS",
    "Answer",
    "Dialect",
    "Exchange",
    "ExplainingExchange",
    "Explanation",
    "NoFill",
    "Offered",
    "Opportunity",
    "Refusal",
    "RefusedError",
    "ScreenIdentity",
    "find_dialect",
    "open_exchange",
    "web_url",
]
