"""The lease-style dialect: the public contract of Vistar's ad-serving API (``get_ad``, ``get_asset``)."""

from player.exchange.vistar._assets import Asset
from player.exchange.vistar._dialect import Vistar
from player.exchange.vistar._exchange import VistarExchange

__all__ = ["Asset", "Vistar", "VistarExchange"]
