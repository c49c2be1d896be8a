"""The heartbeat: one screen's periodic health report, ``ooh.heartbeat/1`` (docs/heartbeat.md)."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from cache import Clock, ClockState, JournalHealth, LeaseState, PlayCounts, QueueState, rfc3339
from config import Code, HeartbeatConfig, OohError, read_secret
from player.backoff import ThrottledError, retry_after_s
from player.fetch import Http

HEARTBEAT_SCHEMA = "ooh.heartbeat/1"

_TIMEOUT_S = 15.0
_MOST_BYTES = 65_536
_MOST_NAMED = 5
"""Damaged journals that one heartbeat names."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a heartbeat tells, as it was found. None is unknown."""

    screen_id: str
    venue_id: str | None
    player_version: str
    boot_id: str
    sent_at: datetime
    seq: int
    """Heartbeats since the agent started, from 1."""
    uptime_s: float
    """Of the agent."""
    clock: ClockState
    machine: Mapping[str, Any]
    processes: Mapping[str, Mapping[str, Any] | None]
    screen: Mapping[str, Any] | None
    """The screen's board; None when no screen runs."""
    leases: Mapping[LeaseState, int]
    exchanges: Mapping[str, Mapping[str, Any]]
    """Requests to each, since the agent started."""
    ahead_ms: int
    """How long the leases that are ready would fill the ad slots."""
    plays: PlayCounts
    journal: JournalHealth
    key_id: str | None
    """Of the key that signs records."""
    sink: str | None
    queue: QueueState | None
    delivery_error: str | None
    """Code of the last request's failure; None when it succeeded."""
    beacons: Mapping[str, int]
    feeds: Mapping[str, datetime]
    """When each feed's snapshot was fetched."""
    jobs: Mapping[str, Mapping[str, Any]]
    gateway: QueueState | None = None
    """None without a gateway."""
    gateway_error: str | None = None


def document(facts: Facts) -> dict[str, Any]:
    """The heartbeat as it is sent. Pure."""
    screen = facts.screen or {}
    return {
        "schema": HEARTBEAT_SCHEMA,
        "screen_id": facts.screen_id,
        "venue_id": facts.venue_id,
        "player_version": facts.player_version,
        "boot_id": facts.boot_id,
        "seq": facts.seq,
        "sent_at": rfc3339(facts.sent_at),
        "uptime_s": round(facts.uptime_s, 1),
        "clock": {
            "synced": facts.clock.synced,
            "source": facts.clock.source,
            "offset_ms": facts.clock.offset_ms,
        },
        "screen": {
            "running": facts.screen is not None,
            "driver": screen.get("driver"),
            "size": screen.get("size"),
            "showing": screen.get("showing"),
            "first_frame_ms": screen.get("first_frame_ms"),
            "journal_errors": screen.get("journal_errors"),
            "journal_lost": screen.get("journal_lost"),
        },
        "leases": {
            "by_state": {state.value.lower(): count for state, count in facts.leases.items()},
            "ahead_ms": facts.ahead_ms,
        },
        "exchanges": {name: dict(tally) for name, tally in facts.exchanges.items()},
        "plays": {
            "opened": facts.plays.opened,
            "closed": facts.plays.closed,
            "last_seq": facts.plays.last_seq,
            "by_kind": dict(facts.plays.by_kind),
            "by_end_reason": dict(facts.plays.by_reason),
        },
        "journal": _journal(facts),
        "delivery": _delivery(facts.sink, facts.queue, facts.delivery_error),
        "gateway": _delivery("gateway", facts.gateway, facts.gateway_error),
        "beacons": {state.lower(): count for state, count in facts.beacons.items()},
        "feeds": {kind: rfc3339(at) for kind, at in facts.feeds.items()},
        "jobs": {name: dict(state) for name, state in facts.jobs.items()},
        "processes": {name: None if figures is None else dict(figures) for name, figures in facts.processes.items()},
        "machine": dict(facts.machine),
    }


class Heartbeat:
    """Posts heartbeats, gzip JSON."""

    def __init__(self, config: HeartbeatConfig, http: Http, clock: Clock) -> None:
        """Raises ``ConfigError`` when the token's file cannot be read."""
        self._url = config.url
        self._http = http
        self._clock = clock
        self._headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        if config.token_file:
            self._headers["Authorization"] = f"Bearer {read_secret(config.token_file)}"

    def send(self, facts: Facts) -> None:
        """Post one. Raises ``OohError``: FETCH_*; ``ThrottledError`` on 429 and 503."""
        # mtime 0: the same document gives the same bytes.
        body = gzip.compress(msgspec.json.encode(document(facts)), compresslevel=6, mtime=0)
        answer = self._http.request(
            "POST", self._url, headers=self._headers, body=body, timeout_s=_TIMEOUT_S, max_bytes=_MOST_BYTES
        )
        if answer.status in (429, 503):
            wait_s = retry_after_s(answer.headers.get("retry-after"), self._clock.now())
            raise ThrottledError(Code.FETCH_STATUS, f"heartbeat: status {answer.status}", wait_s)
        if answer.status >= 300:
            raise OohError(Code.FETCH_STATUS, f"heartbeat: status {answer.status}")


def _journal(facts: Facts) -> dict[str, Any]:
    health = facts.journal
    written, commits = health.written_bytes_per_play, health.commits_per_play
    return {
        "held": health.held,
        "dropped": health.dropped,
        "set_aside": list(health.set_aside[-_MOST_NAMED:]),
        "size_bytes": health.size_bytes,
        "written_bytes_per_play": None if written is None else round(written),
        "commits_per_play": None if commits is None else round(commits, 1),
        "key_id": facts.key_id,
    }


def _delivery(sink: str | None, queue: QueueState | None, error: str | None) -> dict[str, Any] | None:
    if queue is None:
        return None
    return {
        "sink": sink,
        "pending": queue.pending,
        "delivered": queue.delivered,
        "expired": queue.expired,
        "set_aside": queue.set_aside,
        "oldest_pending_at": queue.oldest_pending_at,
        "error": error,
    }
