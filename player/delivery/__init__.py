"""Delivery: proof of play to its sinks, beacons to the exchange."""

from player.delivery._aggregate import encode
from player.delivery._beacons import Beacons
from player.delivery._deliver import Delivery, Queue, Step
from player.delivery._gateway import GatewaySink
from player.delivery._iot import IotKeys
from player.delivery._kinesis import KinesisSink, open_client
from player.delivery._kinesis_errors import aws_error, sdk_error
from player.delivery._pace import Pace
from player.delivery._packing import Aggregates, Entry, Lines, Packing, pack
from player.delivery._sink import Accepted, Poison, Refused, Sent, Sink

__all__ = [
    "Accepted",
    "Aggregates",
    "Beacons",
    "Delivery",
    "Entry",
    "GatewaySink",
    "IotKeys",
    "KinesisSink",
    "Lines",
    "Pace",
    "Packing",
    "Poison",
    "Queue",
    "Refused",
    "Sent",
    "Sink",
    "Step",
    "aws_error",
    "encode",
    "open_client",
    "pack",
    "sdk_error",
]
