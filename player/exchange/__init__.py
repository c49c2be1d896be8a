"""Programmatic exchanges: asks for ads, turns their answers into leases and beacons."""

from player.exchange._dialect import Dialect
from player.exchange._money import cost
from player.exchange._open import DIALECTS, find_dialect, open_exchange
from player.exchange._rules import Advert, Breach, Rule, Rules, category, domains_in, plain_domain
from player.exchange._shapes import (
    HOLD_S,
    HTML,
    MIMES,
    VIDEO_MIMES,
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
    "VIDEO_MIMES",
    "WEB_FORMATS",
    "Advert",
    "Answer",
    "Breach",
    "Dialect",
    "Exchange",
    "ExplainingExchange",
    "Explanation",
    "NoFill",
    "Offered",
    "Opportunity",
    "Refusal",
    "RefusedError",
    "Rule",
    "Rules",
    "ScreenIdentity",
    "category",
    "cost",
    "domains_in",
    "find_dialect",
    "open_exchange",
    "plain_domain",
    "web_url",
]
