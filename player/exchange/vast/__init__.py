"""VAST 2.0 to 4.3: from a tag's address (``Vast``), or in a bid's markup (``vast_leases``)."""

from player.exchange.vast._asking import VastAsking, VastReading
from player.exchange.vast._ended import vast_release, vast_shown
from player.exchange.vast._exchange import Vast, within
from player.exchange.vast._take import vast_leases

__all__ = ["Vast", "VastAsking", "VastReading", "vast_leases", "vast_release", "vast_shown", "within"]
