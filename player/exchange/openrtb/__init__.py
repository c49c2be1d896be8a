"""OpenRTB 2.6 with the ``dooh`` object: the native dialect."""

from player.exchange.openrtb._exchange import OpenRtb

__all__ = ["OpenRtb"]
