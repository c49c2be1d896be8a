"""A heartbeat as a file for the textfile collector of Prometheus' node_exporter (text exposition format 0.0.4)."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from player.heartbeat._dig import dig

_READABLE = 0o644
"""node_exporter runs as another user."""

Labels = Mapping[str, str]
Samples = Callable[[Mapping[str, Any]], Iterator[tuple[Labels, Any]]]


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    kind: Literal["gauge", "counter"]
    help: str
    samples: Samples


def exposition(document: Mapping[str, Any]) -> str:
    """The file's text. What is unknown has no sample, and a family without samples is left out. Pure."""
    lines: list[str] = []
    for family in _FAMILIES:
        rows = [f"{family.name}{_labels(labels)} {_number(value)}" for labels, value in family.samples(document)]
        if rows:
            lines += [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}", *rows]
    return "\n".join(lines) + "\n"


def write_textfile(path: Path, document: Mapping[str, Any]) -> None:
    """Replace the file: the collector reads the old one or the new one, never half. Raises ``OSError``."""
    # The collector reads every *.prom: the unfinished one must not be called so.
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        new.write_text(exposition(document), encoding="utf-8")
        new.chmod(_READABLE)
        new.replace(path)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _at(path: str, scale: float = 1.0) -> Samples:
    """One figure without labels."""

    def samples(document: Mapping[str, Any]) -> Iterator[tuple[Labels, Any]]:
        value = dig(document, path)
        if _is_number(value):
            yield {}, value * scale if scale != 1.0 else value

    return samples


def _each(path: str, label: str, inner: str = "") -> Samples:
    """A map's figures, or one figure of each of its entries, by their names."""

    def samples(document: Mapping[str, Any]) -> Iterator[tuple[Labels, Any]]:
        entries = dig(document, path)
        for name, entry in sorted(entries.items()) if isinstance(entries, Mapping) else ():
            value = dig(entry, inner) if inner and isinstance(entry, Mapping) else entry
            if _is_number(value):
                yield {label: str(name)}, value

    return samples


def _info(document: Mapping[str, Any]) -> Iterator[tuple[Labels, Any]]:
    names = ("screen_id", "venue_id", "player_version", "config_hash")
    yield {name: str(document.get(name) or "") for name in names}, 1


def _made(document: Mapping[str, Any]) -> Iterator[tuple[Labels, Any]]:
    yield {}, datetime.fromisoformat(str(document["sent_at"])).timestamp()


def _links(document: Mapping[str, Any]) -> Iterator[tuple[Labels, Any]]:
    for link in document.get("links") or ():
        if link["up"] is not None:
            yield {"link": str(link["name"]), "kind": str(link["kind"])}, link["up"]


_FAMILIES: tuple[_Family, ...] = (
    _Family("ooh_player_info", "gauge", "Which screen this is and what it runs.", _info),
    _Family("ooh_player_heartbeat_timestamp_seconds", "gauge", "When these figures were taken.", _made),
    _Family("ooh_player_uptime_seconds", "gauge", "Since the agent started.", _at("uptime_s")),
    _Family("ooh_player_screen_running", "gauge", "1 while a screen process lives.", _at("screen.running")),
    _Family(
        "ooh_player_last_frame_age_seconds",
        "gauge",
        "Since a frame was last presented.",
        _at("screen.last_frame_age_s"),
    ),
    _Family(
        "ooh_player_frames_late_total", "counter", "Late frames since the screen started.", _at("screen.frames_late")
    ),
    _Family("ooh_player_plays_total", "counter", "Closed plays by kind.", _each("plays.by_kind", "kind")),
    _Family(
        "ooh_player_plays_ended_total", "counter", "Closed plays by result.", _each("plays.by_end_reason", "result")
    ),
    _Family("ooh_player_leases", "gauge", "Leases in the journal by state.", _each("leases.by_state", "state")),
    _Family(
        "ooh_player_leases_ahead_seconds", "gauge", "How long the ready ads would play.", _at("leases.ahead_ms", 1e-3)
    ),
    _Family("ooh_player_queue_length", "gauge", "What waits for a receiver.", _each("queues", "sink", "pending")),
    _Family(
        "ooh_player_queue_oldest_age_seconds",
        "gauge",
        "How long the oldest has waited.",
        _each("queues", "sink", "oldest_age_s"),
    ),
    _Family("ooh_player_journal_held", "gauge", "Plays that wait for the clock to be set.", _at("journal.held")),
    _Family(
        "ooh_player_plays_dropped_total", "counter", "Plays never delivered that made room.", _at("journal.dropped")
    ),
    _Family("ooh_player_cache_bytes", "gauge", "Stored creatives and plates.", _at("cache.bytes")),
    _Family("ooh_player_cache_limit_bytes", "gauge", "What they may take.", _at("cache.max_bytes")),
    _Family("ooh_player_errors_total", "counter", "Warnings and errors by code.", _each("errors.by_code", "code")),
    _Family(
        "ooh_player_watchdog_escalations_total", "counter", "Steps of the watchdog.", _each("watchdog.counts", "step")
    ),
    _Family(
        "ooh_player_process_resident_memory_bytes",
        "gauge",
        "Memory of the player's processes.",
        _each("processes", "process", "rss_bytes"),
    ),
    _Family(
        "ooh_player_process_cpu_seconds_total",
        "counter",
        "Processor time of the player's processes.",
        _each("processes", "process", "cpu_s"),
    ),
    _Family("ooh_player_cpu_ratio", "gauge", "Load of all processors.", _at("machine.cpu_percent", 1e-2)),
    _Family("ooh_player_temperature_celsius", "gauge", "The processor's.", _at("machine.temperature_c")),
    _Family("ooh_player_under_voltage", "gauge", "1 while the supply is too weak.", _at("power.under_voltage")),
    _Family(
        "ooh_player_under_voltage_since_boot",
        "gauge",
        "1 when the supply was too weak in this boot.",
        _at("power.under_voltage_since_boot"),
    ),
    _Family("ooh_player_throttled", "gauge", "1 while the board slows down.", _at("power.throttled")),
    _Family("ooh_player_disk_free_bytes", "gauge", "Where the journal is.", _at("machine.disk_free_bytes")),
    _Family("ooh_player_disk_read_only", "gauge", "1 when it cannot be written.", _at("disk.read_only")),
    _Family(
        "ooh_player_disk_written_today_bytes",
        "gauge",
        "Written to the disk since midnight UTC.",
        _at("disk.written_today_bytes"),
    ),
    _Family("ooh_player_disk_life_used_ratio", "gauge", "1 is worn out.", _at("disk.life_percent_used", 1e-2)),
    _Family("ooh_player_clock_synced", "gauge", "1 when the clock was set by a time source.", _at("clock.synced")),
    _Family("ooh_player_link_up", "gauge", "1 while a network link is up.", _links),
    _Family("ooh_player_heartbeats_kept", "gauge", "Heartbeats that wait to be sent.", _at("kept")),
)


def _is_number(value: object) -> bool:
    return isinstance(value, (bool, int, float)) and math.isfinite(value)


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, bool) else repr(value)


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
