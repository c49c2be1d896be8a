"""A sink: a receiver of proof of play, and its answer to one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from config import Code
from player.delivery._packing import Entry, Packing


@dataclass(frozen=True, slots=True)
class Accepted:
    """An entry that the sink acknowledged."""

    entry: Entry
    shard_id: str | None
    sequence_number: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that the sink did not take; its plays stay in the queue."""

    entry: Entry
    code: Code
    reason: str


@dataclass(frozen=True, slots=True)
class Poison:
    """A play that the sink will never take, by its own word."""

    play_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of each entry of one request."""

    accepted: tuple[Accepted, ...]
    refused: tuple[Refused, ...]
    poison: tuple[Poison, ...] = ()


class Sink(Protocol):
    """Where plays go: ``KinesisSink``, ``GatewaySink``."""

    @property
    def name(self) -> str:
        """As the journal knows it."""

    @property
    def packing(self) -> Packing:
        """The form of its entries."""

    @property
    def max_entry_bytes(self) -> int:
        """The largest entry it takes."""

    @property
    def max_entries(self) -> int:
        """The most entries of one request."""

    def send(self, entries: Sequence[Entry]) -> Sent:
        """One request, made once. Raises ``OohError`` (``DELIVERY_*``) when nothing is known to be accepted."""
