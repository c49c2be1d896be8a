"""Which dialects there are: the built-in ones, and those that installed packages add."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import cast

from cache import Clock
from config import Code, ExchangeConfig, OohError
from player._kinds import EXCHANGE_GROUP
from player.exchange._dialect import Dialect
from player.exchange._shapes import ExplainingExchange, ScreenIdentity
from player.exchange.openrtb import OpenRtb
from player.exchange.vast import Vast
from player.exchange.vistar import Vistar
from player.fetch import Http

DIALECTS: Mapping[str, Dialect] = MappingProxyType({"openrtb": OpenRtb(), "vast": Vast(), "vistar": Vistar()})
"""Built in; an installed package cannot take one of these names."""


def find_dialect(kind: str) -> Dialect:
    """The dialect of that name. Raises ``OohError`` (EXCHANGE_DIALECT) when there is none or it cannot be loaded."""
    built_in = DIALECTS.get(kind)
    if built_in is not None:
        return built_in
    for found in entry_points(group=EXCHANGE_GROUP, name=kind):
        try:
            return cast("Dialect", found.load())
        except Exception as error:
            raise OohError(Code.EXCHANGE_DIALECT, f"{kind} of {found.value} cannot be loaded: {error}") from error
    raise OohError(Code.EXCHANGE_DIALECT, f'"{kind}"; built in are {", ".join(DIALECTS)}')


def open_exchange(config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> ExplainingExchange:
    """The exchange as an ``[exchange]`` table configures it.

    Raises ``ConfigError`` when its token cannot be read, ``OohError`` (EXCHANGE_DIALECT) when nobody speaks its kind.
    """
    return find_dialect(config.kind).open(config, screen, http, clock)
