"""OpenRTB 2.6 with the ``dooh`` object: the native dialect."""

from player.exchange.openrtb._dialect import OpenRtb
from player.exchange.openrtb._markup import impression_pixels
from player.exchange.openrtb._page import skeleton

__all__ = ["OpenRtb", "impression_pixels", "skeleton"]
