"""What the journal answers: rows, counts and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cache._shapes import DeliveryState, Lease, LeaseState, Play, PlayStart


@dataclass(frozen=True, slots=True)
class Identity:
    """Who keeps this journal: part of every record."""

    screen_id: str
    venue_id: str | None
    player_version: str


@dataclass(frozen=True, slots=True)
class OpenPlay:
    """What is kept of a play until it is closed: the start, who showed it, and whether its lease still held."""

    start: PlayStart
    identity: Identity
    honoured: bool


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A lease that is not yet played, released or failed, and the files it needs."""

    lease: Lease
    state: LeaseState
    plate_key: str | None
    creative_sha256: str | None
    plate_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A lease that ended, with its play when it was shown: its dialect is to say what to call."""

    lease: Lease
    state: LeaseState
    reason: str
    """Why it was released or failed (a code, mostly); how its play ended."""
    play: Play | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """What became of one play at one sink. ``updated_at`` is RFC 3339."""

    state: DeliveryState
    attempts: int
    shard_id: str | None
    sequence_number: str | None
    error: str | None
    updated_at: str


@dataclass(frozen=True, slots=True)
class PlayRow:
    """A finished play and its delivery by sink."""

    play: Play
    record: bytes
    """The record's very bytes, as hashed and delivered, without a newline: what an export writes."""
    deliveries: Mapping[str, DeliveryRow]


@dataclass(frozen=True, slots=True)
class PlayCounts:
    """All plays ever. ``opened`` counts finished ones too; ``last_seq`` is the highest given."""

    opened: int
    closed: int
    by_kind: Mapping[str, int]
    by_reason: Mapping[str, int]
    last_seq: int


@dataclass(frozen=True, slots=True)
class PruneReport:
    """What pruning removed."""

    plays: int
    leases: int
    dropped: int = 0
    """Plays that were not delivered, and had to go for want of room."""


@dataclass(frozen=True, slots=True)
class JournalHealth:
    """What a person far away should know of a journal."""

    held: int
    """Plays that wait for the clock to be set."""
    dropped: int
    """Plays that were never delivered and had to go for want of room, ever."""
    set_aside: tuple[str, ...]
    """Damaged journals beside this one, by file name, the newest last."""
    size_bytes: int
    """What its rows take."""
    written_bytes_per_play: float | None
    """Handed to the disk by every process of the player, for all steps of a lease's life; None: not measured yet."""
    commits_per_play: float | None
