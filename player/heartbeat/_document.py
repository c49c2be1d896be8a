"""The document of a heartbeat, ``ooh.heartbeat/1``: the schema is cache/ooh.heartbeat-1.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cache import QueueState, rfc3339
from player.heartbeat._facts import Facts, Queue
from player.machine import Connector

HEARTBEAT_SCHEMA = "ooh.heartbeat/1"

_MOST_SET_ASIDE = 5
"""Damaged journals that one heartbeat names."""
_MOST_CODES = 40

_SCREEN = (
    "driver",
    "back_end",
    "size",
    "showing",
    "first_frame_ms",
    "frames",
    "frames_late",
    "journal_errors",
    "journal_lost",
    "brightness",
    "hours_off",
    "service",
)


def document(facts: Facts) -> dict[str, Any]:
    """The heartbeat as it is sent. Pure."""
    return {
        "schema": HEARTBEAT_SCHEMA,
        "id": facts.id,
        "seq": facts.seq,
        "sent_at": rfc3339(facts.sent_at),
        "screen_id": facts.screen_id,
        "venue_id": facts.venue_id,
        "player_version": facts.player_version,
        "config_hash": facts.config_hash,
        "boot_id": facts.machine.boot.id,
        "uptime_s": round(facts.uptime_s, 1),
        "versions": _versions(facts),
        "boot": {"reason": facts.machine.boot.reason, "uptime_s": facts.machine.boot.uptime_s},
        "clock": _clock(facts),
        "screen": _screen(facts),
        "display": _display(facts),
        "watchdog": _watchdog(facts),
        "plays": _plays(facts),
        "leases": _leases(facts),
        "exchanges": {name: dict(tally) for name, tally in facts.exchanges.items()},
        "queues": {name: _queue(queue, facts) for name, queue in facts.queues.items()},
        "delivery": _delivery(facts.sink, facts.queue, facts.delivery_error),
        "gateway": _delivery("gateway", facts.gateway, facts.gateway_error),
        "beacons": None if facts.beacons is None else {state.lower(): n for state, n in facts.beacons.items()},
        "journal": _journal(facts),
        "cache": None if facts.cache is None else asdict(facts.cache),
        "feeds": {kind: rfc3339(at) for kind, at in facts.feeds.items()},
        "errors": _errors(facts),
        "jobs": {name: dict(state) for name, state in facts.jobs.items()},
        "processes": {name: None if one is None else dict(one) for name, one in facts.processes.items()},
        "machine": _machine(facts),
        "power": asdict(facts.machine.power),
        "disk": asdict(facts.machine.disk),
        "links": [{**asdict(link), "addresses": list(link.addresses)} for link in facts.machine.links],
        "kept": facts.kept,
        "thumbnail": None if facts.thumbnail is None else dict(facts.thumbnail),
        "trimmed": [],
    }


def _versions(facts: Facts) -> dict[str, Any]:
    library = (facts.screen or {}).get("versions") or {}
    system = facts.machine.system
    return {
        "player": facts.player_version,
        "python": system.python,
        "os": system.os,
        "kernel": system.kernel,
        "sdl": library.get("sdl"),
        "pygame": library.get("pygame"),
        "recipe": facts.recipe,
    }


def _clock(facts: Facts) -> dict[str, Any]:
    clock = facts.machine.clock
    return {"synced": clock.synced, "source": clock.source, "offset_ms": clock.offset_ms, "backfilled": False}


def _screen(facts: Facts) -> dict[str, Any]:
    board = facts.screen or {}
    age = facts.last_frame_age_s
    return {
        "running": facts.screen is not None,
        "last_frame_age_s": None if age is None else round(age, 1),
        **{name: board.get(name) for name in _SCREEN},
    }


def _display(facts: Facts) -> dict[str, Any]:
    """What the kernel says of the connectors, and what the screen knows of the one it presents on."""
    board = facts.screen or {}
    connectors = facts.machine.connectors
    lit = next((one for one in connectors if one.status == "connected"), None)
    told = board.get("power")
    return {
        "connector": lit.name if lit else None,
        "mode": _mode(board, lit),
        "power": told if told in ("on", "off") else _power(lit),
        "state": board.get("display"),
        "evidence": board.get("display_evidence"),
        "connectors": [asdict(one) for one in connectors],
    }


def _mode(board: Mapping[str, Any], connector: Connector | None) -> str | None:
    """As it is presented, ``1920x1080@60``; without a screen what the display prefers."""
    if board.get("size") is None:
        return connector.mode if connector else None
    rate = board.get("refresh_hz")
    return f"{board['size']}@{rate:g}" if isinstance(rate, (int, float)) else str(board["size"])


def _power(connector: Connector | None) -> str | None:
    if connector is None or connector.power is None:
        return None
    return "on" if connector.power == "on" else "off"


def _watchdog(facts: Facts) -> dict[str, Any]:
    now = (facts.screen or {}).get("watchdog") or {}
    return {"fault": now.get("fault"), "mended": now.get("mended"), **facts.escalations}


def _plays(facts: Facts) -> dict[str, Any] | None:
    plays, before = facts.plays, facts.plays_before
    if plays is None:
        return None
    since = None
    if before is not None:
        since = {
            "opened": max(0, plays.opened - before.opened),
            "closed": max(0, plays.closed - before.closed),
            "by_kind": _more(plays.by_kind, before.by_kind),
            "by_end_reason": _more(plays.by_reason, before.by_reason),
        }
    return {
        "opened": plays.opened,
        "closed": plays.closed,
        "last_seq": plays.last_seq,
        "by_kind": dict(plays.by_kind),
        "by_end_reason": dict(plays.by_reason),
        "since_last": since,
    }


def _leases(facts: Facts) -> dict[str, Any] | None:
    if facts.leases is None:
        return None
    by_state = {state.value.lower(): count for state, count in facts.leases.items()}
    return {"by_state": by_state, "ahead": by_state.get("prepared", 0), "ahead_ms": facts.ahead_ms}


def _queue(queue: Queue, facts: Facts) -> dict[str, Any]:
    oldest = queue.oldest_at
    # A clock that was set back meanwhile makes no negative age.
    age_s = None if oldest is None else max(0.0, round((facts.sent_at - oldest).total_seconds(), 1))
    return {"pending": queue.pending, "oldest_at": None if oldest is None else rfc3339(oldest), "oldest_age_s": age_s}


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


def _journal(facts: Facts) -> dict[str, Any] | None:
    health = facts.journal
    if health is None:
        return None
    written, commits = health.written_bytes_per_play, health.commits_per_play
    return {
        "held": health.held,
        "dropped": health.dropped,
        "set_aside": list(health.set_aside[-_MOST_SET_ASIDE:]),
        "size_bytes": health.size_bytes,
        "written_bytes_per_play": None if written is None else round(written),
        "commits_per_play": None if commits is None else round(commits, 1),
        "key_id": facts.key_id,
    }


def _errors(facts: Facts) -> dict[str, Any]:
    """The commonest codes."""
    commonest = sorted(facts.errors.items(), key=lambda item: (-item[1], item[0]))[:_MOST_CODES]
    since = {code: more for code, more in _more(facts.errors, facts.errors_before).items() if more}
    return {"by_code": dict(commonest), "since_last": {code: since[code] for code, _ in commonest if code in since}}


def _machine(facts: Facts) -> dict[str, Any]:
    machine = facts.machine
    return {
        "model": machine.system.model,
        "architecture": machine.system.architecture,
        "kernel": machine.system.kernel,
        "cores": machine.processor.cores,
        "cpu_percent": machine.processor.percent,
        "load_1m": machine.processor.load_1m,
        "temperature_c": machine.processor.temperature_c,
        "memory_total_bytes": machine.memory.total_bytes,
        "memory_available_bytes": machine.memory.available_bytes,
        "memory_limits_hold": machine.memory.limits_hold,
        "disk_total_bytes": machine.disk.total_bytes,
        "disk_free_bytes": machine.disk.free_bytes,
    }


def _more(now: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """How much each has grown; what began anew counts from nothing."""
    return {name: count - before.get(name, 0) if count >= before.get(name, 0) else count for name, count in now.items()}
