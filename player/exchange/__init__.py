"""Programmatic exchanges: asks for ads, turns their answers into leases and beacons."""

from player.exchange._openrtb import open_exchange
from player.exchange._shapes import (
    HOLD_S,
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

__all__ = [
    "HOLD_S",
    "MIMES",
    "WEB_FORMATS",
    "Answer",
    "Exchange",
    "ExplainingExchange",
    "Explanation",
    "NoFill",
    "Offered",
    "Opportunity",
    "Refusal",
    "RefusedError",
    "ScreenIdentity",
    "open_exchange",
]
