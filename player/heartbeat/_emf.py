"""A heartbeat as one line of CloudWatch's Embedded Metric Format: metrics that CloudWatch reads out of a log."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from player.heartbeat._dig import dig

MOST_METRICS = 100
"""Of one document (Embedded Metric Format specification, MetricDirective object)."""
MOST_TEXT = 255
"""Of names and of the values of dimensions (the specification's schema; CloudWatch, Dimension: 1 to 1,024)."""

_UNKNOWN = "unknown"
_RESULTS = ("complete", "cut", "error", "crash", "screen_off")

# Name, unit (CloudWatch, MetricDatum), and where the figure is in the heartbeat.
_PLAIN: tuple[tuple[str, str, str], ...] = (
    ("AgentUptime", "Seconds", "uptime_s"),
    ("MachineUptime", "Seconds", "boot.uptime_s"),
    ("ClockSynced", "Count", "clock.synced"),
    ("ClockOffset", "Milliseconds", "clock.offset_ms"),
    ("ScreenRunning", "Count", "screen.running"),
    ("LastFrameAge", "Seconds", "screen.last_frame_age_s"),
    ("FramesLate", "Count", "screen.frames_late"),
    ("Plays", "Count", "plays.since_last.closed"),
    ("AdPlays", "Count", "plays.since_last.by_kind.ad"),
    ("HousePlays", "Count", "plays.since_last.by_kind.house"),
    ("LeasesAhead", "Count", "leases.ahead"),
    ("LeasesAheadTime", "Milliseconds", "leases.ahead_ms"),
    ("JournalHeld", "Count", "journal.held"),
    ("JournalDropped", "Count", "journal.dropped"),
    ("CacheBytes", "Bytes", "cache.bytes"),
    ("CpuUsed", "Percent", "machine.cpu_percent"),
    ("Temperature", "None", "machine.temperature_c"),
    ("MemoryAvailable", "Bytes", "machine.memory_available_bytes"),
    ("AgentMemory", "Bytes", "processes.agent.rss_bytes"),
    ("ScreenMemory", "Bytes", "processes.screen.rss_bytes"),
    ("UnderVoltage", "Count", "power.under_voltage"),
    ("UnderVoltageSinceBoot", "Count", "power.under_voltage_since_boot"),
    ("Throttled", "Count", "power.throttled"),
    ("DiskFree", "Bytes", "machine.disk_free_bytes"),
    ("DiskWrittenToday", "Bytes", "disk.written_today_bytes"),
    ("DiskErrors", "Count", "disk.errors"),
    ("CardLifeUsed", "Percent", "disk.life_percent_used"),
    ("HeartbeatsKept", "Count", "kept"),
)
_SINKS = (("kinesis", "Kinesis"), ("gateway", "Gateway"), ("beacons", "Beacons"))
_STEPS = ("renderer", "process", "service", "reboot")
_PROPERTIES = ("boot_id", "seq", "id", "config_hash")
_DIMENSIONS = ("screen_id", "venue_id", "player_version")


def emf_line(document: Mapping[str, Any], namespace: str, dimensions: Sequence[str]) -> str:
    """The line, without its end. What is unknown has no metric. Pure.

    Counts of plays and errors are those since the heartbeat before: CloudWatch adds them up.
    """
    figures = _figures(document)[:MOST_METRICS]
    directive = {
        "Namespace": namespace,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit, _ in figures],
    }
    # Everything that the dimensions may need is text; the rest can be searched for, and is not billed as a metric.
    texts = {name: str(document.get(name) or _UNKNOWN)[:MOST_TEXT] for name in _DIMENSIONS}
    told = {
        "_aws": {"Timestamp": _timestamp_ms(document), "CloudWatchMetrics": [directive]},
        **texts,
        **{name: document.get(name) for name in _PROPERTIES},
        "boot_reason": dig(document, "boot.reason"),
        "errors": dig(document, "errors.since_last") or {},
        **{name: value for name, _, value in figures},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _figures(document: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    found: list[tuple[str, str, Any]] = [("Heartbeats", "Count", 1)]
    found += [(name, unit, dig(document, path)) for name, unit, path in _PLAIN]
    results = dig(document, "plays.since_last.by_end_reason")
    if isinstance(results, Mapping):
        found += [(f"Plays{_camel(result)}", "Count", results.get(result, 0)) for result in _RESULTS]
    for sink, name in _SINKS:
        queue = dig(document, f"queues.{sink}")
        if isinstance(queue, Mapping):
            found += [(f"{name}Waiting", "Count", queue["pending"])]
            found += [(f"{name}OldestAge", "Seconds", queue["oldest_age_s"] or 0)]
    found += [(f"Watchdog{_camel(step)}", "Count", dig(document, f"watchdog.counts.{step}")) for step in _STEPS]
    errors = dig(document, "errors.since_last")
    found += [("Errors", "Count", sum(errors.values()) if isinstance(errors, Mapping) else None)]
    links = document.get("links")
    if isinstance(links, Sequence):
        found += [("LinksUp", "Count", sum(link.get("up") is True for link in links))]
    return [(name, unit, number) for name, unit, value in found if (number := _number(value)) is not None]


def _number(value: object) -> float | None:
    """True is 1: CloudWatch has numbers only."""
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def _timestamp_ms(document: Mapping[str, Any]) -> int:
    return round(datetime.fromisoformat(str(document["sent_at"])).timestamp() * 1000)


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
