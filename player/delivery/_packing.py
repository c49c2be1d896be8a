"""Packing: which waiting plays go together in one entry, in the form that a sink takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from player.delivery._aggregate import added_bytes, encode, overhead_bytes


class Waiting(Protocol):
    """What can be packed; the journal's ``QueuedPlay``."""

    @property
    def play_id(self) -> str:
        """Who it is, for its receipt."""

    @property
    def record(self) -> bytes:
        """What is sent, without the newline at its end."""

    @property
    def attempts(self) -> int:
        """How often it was sent and not acknowledged."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is sent, acknowledged and sent again as one: several plays, and whose they are."""

    play_ids: tuple[str, ...]
    data: bytes
    size_bytes: int
    """As its receiver counts it."""


class Packing(Protocol):
    """The form of an entry."""

    @property
    def empty_bytes(self) -> int:
        """The size of an entry without plays."""

    @property
    def keeps_batches(self) -> bool:
        """Whether plays that were sent together are sent again together, with no other."""

    def added_bytes(self, record_bytes: int) -> int:
        """By how much one more record of that length, newline included, makes an entry larger."""

    def encode(self, records: Sequence[bytes]) -> bytes:
        """The entry's bytes; every record ends with a newline."""


@dataclass(frozen=True, slots=True)
class Aggregates:
    """Kinesis records in the KPL's format. Sizes are as Kinesis counts and bills them: data and partition key."""

    partition_key: str
    keeps_batches: bool = False
    """The stream has no idempotency: plays that failed are packed as full as any."""

    @property
    def empty_bytes(self) -> int:
        """See ``Packing``."""
        return overhead_bytes(self.partition_key) + len(self.partition_key.encode())

    def added_bytes(self, record_bytes: int) -> int:
        """See ``Packing``."""
        return added_bytes(record_bytes)

    def encode(self, records: Sequence[bytes]) -> bytes:
        """See ``Packing``."""
        return encode(self.partition_key, records)


@dataclass(frozen=True, slots=True)
class Lines:
    """JSON lines: one play a line."""

    keeps_batches: bool = True
    """A batch keeps its idempotency key only when it is sent again as it was."""

    @property
    def empty_bytes(self) -> int:
        """See ``Packing``."""
        return 0

    def added_bytes(self, record_bytes: int) -> int:
        """See ``Packing``."""
        return record_bytes

    def encode(self, records: Sequence[bytes]) -> bytes:
        """See ``Packing``."""
        return b"".join(records)


def pack(packing: Packing, plays: Iterable[Waiting], fill_bytes: int) -> Iterator[Entry]:
    """Entries of at most ``fill_bytes``, in the order of ``plays``; one longer play gets one of its own.

    Every record ends with a newline: Firehose joins records without one, and Athena reads a row a line.
    """
    held: list[tuple[str, bytes]] = []
    size, tries = packing.empty_bytes, 0
    for play in plays:
        record = play.record + b"\n"
        grown = size + packing.added_bytes(len(record))
        other = packing.keeps_batches and play.attempts != tries
        if held and (grown > fill_bytes or other):
            yield _entry(packing, held, size)
            held, grown = [], packing.empty_bytes + packing.added_bytes(len(record))
        held.append((play.play_id, record))
        size, tries = grown, play.attempts
    if held:
        yield _entry(packing, held, size)


def _entry(packing: Packing, held: Sequence[tuple[str, bytes]], size_bytes: int) -> Entry:
    return Entry(tuple(name for name, _ in held), packing.encode([record for _, record in held]), size_bytes)
