"""Delivery: proof of play to the stream, beacons to the exchange."""

from player.delivery._aggregate import Entry, encode, pack
from player.delivery._beacons import Beacons
from player.delivery._deliver import Delivery, Queue, Step
from player.delivery._kinesis import KinesisSink, open_client
from player.delivery._sink import Accepted, Refused, Sent, Sink

__all__ = [
    "Accepted",
    "Beacons",
    "Delivery",
    "Entry",
    "KinesisSink",
    "Queue",
    "Refused",
    "Sent",
    "Sink",
    "Step",
    "encode",
    "open_client",
    "pack",
]
