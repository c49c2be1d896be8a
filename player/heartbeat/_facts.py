"""All that a heartbeat tells, as it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cache import JournalHealth, LeaseState, PlayCounts, QueueState
from player.machine import Machine


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one receiver."""

    pending: int
    oldest_at: datetime | None
    """Since when the oldest waits."""


@dataclass(frozen=True, slots=True)
class CacheUse:
    """The stored files."""

    bytes: int
    max_bytes: int
    creatives: int
    plates: int


@dataclass(frozen=True, slots=True)
class Facts:
    """None is unknown."""

    id: str
    """UUIDv7 of this heartbeat."""
    seq: int
    """Heartbeats since the agent started, from 1."""
    sent_at: datetime
    uptime_s: float
    """Of the agent."""
    screen_id: str
    venue_id: str | None
    player_version: str
    recipe: int
    """Of the plates that this version makes."""
    config_hash: str
    machine: Machine
    processes: Mapping[str, Mapping[str, Any] | None]
    screen: Mapping[str, Any] | None
    """The screen's board; None when no screen runs."""
    last_frame_age_s: float | None
    escalations: Mapping[str, Any]
    """As ``Escalations.as_json``."""
    leases: Mapping[LeaseState, int] | None
    """None, as all that follows from the journal, when that cannot be read."""
    ahead_ms: int | None
    """How long the leases that are ready would fill the ad slots."""
    exchanges: Mapping[str, Mapping[str, Any]]
    """Requests to each, since the agent started."""
    plays: PlayCounts | None
    plays_before: PlayCounts | None
    """At the heartbeat before; None for an agent's first."""
    errors: Mapping[str, int]
    """By code, since the processes started."""
    errors_before: Mapping[str, int]
    journal: JournalHealth | None
    key_id: str | None
    """Of the key that signs records."""
    cache: CacheUse | None
    sink: str | None
    queue: QueueState | None
    delivery_error: str | None
    """Code of the last request's failure; None when it succeeded."""
    gateway: QueueState | None
    """None without a gateway."""
    gateway_error: str | None
    beacons: Mapping[str, int] | None
    queues: Mapping[str, Queue]
    """By receiver: the sinks, and the beacons."""
    feeds: Mapping[str, datetime]
    """When each feed's snapshot was fetched."""
    jobs: Mapping[str, Mapping[str, Any]]
    kept: int = 0
    """Heartbeats that wait to be sent."""
    thumbnail: Mapping[str, Any] | None = field(default=None)
