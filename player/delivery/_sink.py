"""A sink: a receiver of proof of play, and its answer to one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from config import Code
from player.delivery._aggregate import Entry


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
class Sent:
    """What became of each entry of one request."""

    accepted: tuple[Accepted, ...]
    refused: tuple[Refused, ...]


class Sink(Protocol):
    """Where aggregates go; ``KinesisSink`` in production."""

    name: str
    partition_key: str
    max_entry_bytes: int

    def send(self, entries: Sequence[Entry]) -> Sent:
        """One request, made once. Raises ``OohError`` (``DELIVERY_*``) when nothing is known to be accepted."""
