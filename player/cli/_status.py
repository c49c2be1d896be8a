"""``status``: what a running player is doing, read from the cache; works when the agent is down."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from cache import Board, BoardName, Folders, Journal, SystemClock, read_escalations
from config import Config
from player._version import player_version
from player.cli._common import (
    EXIT_NOT_GOOD,
    config_option,
    echo_json,
    errors_told,
    folders_of,
    json_option,
    open_journal,
    read_config,
)
from player.cli._machine_lines import machine_lines
from player.machine import read_machine

DISPLAY = (
    "driver",
    "back_end",
    "renderer",
    "vsync",
    "refresh_hz",
    "size",
    "display",
    "power",
    "power_error",
    "hours_off",
    "service",
    "brightness",
    "first_frame_ms",
    "start_error_ms",
    "worst_start_error_ms",
    "align_error_ms",
    "frames",
    "frames_late",
)
PARTS: tuple[BoardName, ...] = ("supervisor", "screen", "agent")


@click.command()
@config_option
@json_option
@errors_told
def status(config_path: Path | None, as_json: bool) -> None:
    """What the player on this machine is doing now.

    \b
    Example:  ooh-player status
    Exit:     1 when the screen or the agent is not running.
    """
    config = read_config(config_path).config
    folders = folders_of(config)
    document = read_status(config, folders, open_journal(config))
    machine = read_machine(folders, SystemClock(), card_tbw=config.heartbeat.card_tbw)
    if as_json:
        echo_json({**document, "machine": asdict(machine)})
    else:
        click.echo("\n".join([as_text(document), *machine_lines(machine)]))
    if not all(document["processes"][part]["running"] for part in ("screen", "agent")):
        sys.exit(EXIT_NOT_GOOD)


def read_status(config: Config, folders: Folders, journal: Journal) -> dict[str, Any]:
    """Everything that ``status`` tells, as one document."""
    living = {part: Board.read_living(folders.run, part) for part in PARTS}
    boards = {part: board or Board.read(folders.run, part) or {} for part, board in living.items()}
    screen, counts = living["screen"] or {}, journal.counts()
    return {
        "screen_id": config.screen.id,
        "version": player_version(),
        "processes": {
            part: {"pid": board.get("pid"), "running": living[part] is not None} for part, board in boards.items()
        },
        "showing": screen.get("showing"),
        "display": {key: screen.get(key) for key in DISPLAY},
        "plays": {"opened": counts.opened, "closed": counts.closed, "by_kind": counts.by_kind},
        "leases": {state.value: count for state, count in journal.lease_counts().items()},
        "beacons": journal.beacon_counts(),
        "journal": asdict(journal.health()),
        "watchdog": _watchdog(screen, folders),
        "queue": _queue("kinesis", config, journal),
        "gateway": _queue("gateway", config, journal),
        "machine": asdict(read_machine(folders, SystemClock(), card_tbw=config.heartbeat.card_tbw)),
        "agent": boards["agent"],
    }


def as_text(document: dict[str, Any]) -> str:
    """The same for people."""
    lines = [f"screen {document['screen_id']}, ooh-player {document['version']}"]
    for part, process in document["processes"].items():
        state = f"running, pid {process['pid']}" if process["running"] else "not running"
        lines.append(f"  {part:<11} {state}")
    showing = document["showing"] or {}
    what = showing.get("creative_id") or showing.get("card") or ""
    lines.append(f"  showing     {showing.get('kind', 'nothing')} {what}".rstrip())
    display = document["display"]
    lines.append(f"  display     {_display(display)}")
    lines += _escalations(document["watchdog"])
    plays = document["plays"]
    lines.append(f"  plays       {plays['closed']} closed of {plays['opened']} opened")
    lines += _journal(document["journal"])
    sinks = {name: queue for name, queue in (("stream", document["queue"]), ("gateway", document["gateway"])) if queue}
    if not sinks:
        lines.append("  stream      none configured: plays stay in the journal")
    lines += [
        f"  {name:<11} {queue['pending']} waiting, {queue['delivered']} delivered, {queue['set_aside']} set aside"
        for name, queue in sinks.items()
    ]
    leases = ", ".join(f"{count} {state.lower()}" for state, count in document["leases"].items() if count)
    lines.append(f"  leases      {leases or 'none'}")
    for name, tally in (document["agent"].get("exchanges") or {}).items():
        lines.append(
            f"  {name:<11} {tally['asked']} asked, {tally['filled']} leases, {tally['no_fill']} without an ad, "
            f"{tally['failed']} failed{', its host is down' if tally['down'] else ''}"
        )
    if document["agent"].get("heartbeats") is not None:
        told = f"{document['agent']['heartbeats']} sent, {document['agent']['heartbeats_kept']} waiting"
        lines.append(f"  heartbeats  {told}")
    return "\n".join(lines)


def _journal(health: Mapping[str, Any]) -> list[str]:
    """What the journal costs the card, and what is not as it should be."""
    lines = []
    if health["written_bytes_per_play"] is not None:
        written_kb, commits = health["written_bytes_per_play"] / 1000, health["commits_per_play"]
        size_mb = health["size_bytes"] / 1e6
        lines.append(f"  journal     {size_mb:.1f} MB; {written_kb:.0f} KB and {commits:.1f} commits written a play")
    if health["held"]:
        lines.append(f"              {health['held']} plays wait for the clock to be set")
    if health["dropped"]:
        lines.append(f"              {health['dropped']} undelivered plays had to make room, and are lost")
    lines += [f"              damaged, set aside: {name}" for name in health["set_aside"]]
    return lines


def _display(display: Mapping[str, Any]) -> str:
    """Driver, way of drawing, size, and how punctual the slots are."""
    if not display["driver"]:
        return "none"
    parts = [f"{display['driver']} {display['size']}", f"drawn by {display['back_end']}"]
    if display["vsync"]:
        parts.append(f"vsync at {display['refresh_hz']:g} Hz")
    if display["worst_start_error_ms"] is not None:
        parts.append(f"slots within {abs(display['worst_start_error_ms']):.0f} ms of their time")
    if display["align_error_ms"] is not None:
        parts.append(f"aligned to {display['align_error_ms']:g} ms")
    return ", ".join([*parts, *_service(display)])


def _service(display: Mapping[str, Any]) -> list[str]:
    """What keeps the loop from the screen, and a display that could not be switched."""
    parts = ["dark outside its hours"] if display["hours_off"] else []
    if display["power"] in {"on", "off"}:
        parts.append(f"turned {display['power']}")
    if display["power_error"]:
        parts.append(display["power_error"])
    paused = (display["service"] or {}).get("paused_until")
    return [*parts, f"paused until {paused}"] if paused else parts


def _queue(sink: str, config: Config, journal: Journal) -> dict[str, Any] | None:
    if sink not in config.proof.sinks():
        return None
    queue = journal.queue(sink)
    return {
        "pending": queue.pending,
        "delivered": queue.delivered,
        "expired": queue.expired,
        "set_aside": queue.set_aside,
        "oldest_pending_at": queue.oldest_pending_at,
    }


def _watchdog(screen: Mapping[str, Any], folders: Folders) -> dict[str, Any]:
    """What is wrong with the picture now, if anything, and every escalation so far."""
    now = screen.get("watchdog") or {}
    ages = {"last_frame_age_s": _age_s(screen.get("last_frame_ns")), "verified_age_s": _age_s(now.get("verified_ns"))}
    return {"fault": now.get("fault"), **ages, **read_escalations(folders.state, folders.run).as_json()}


def _age_s(then_ns: object) -> float | None:
    """How long ago a living process' monotonic moment was."""
    return round((time.monotonic_ns() - then_ns) / 1e9, 1) if isinstance(then_ns, int) else None


def _escalations(watchdog: Mapping[str, Any]) -> list[str]:
    """What is known of the picture, and every escalation so far."""
    lines = []
    if watchdog["fault"] is not None:
        lines.append(f"  picture     NOT AS IT SHOULD BE: {watchdog['fault']}")
    elif watchdog["verified_age_s"] is not None:
        lines.append(f"  picture     as it should be, looked at {watchdog['verified_age_s']:.0f} s ago")
    taken = ", ".join(f"{count} x {step}" for step, count in watchdog["counts"].items() if count)
    if taken:
        last = watchdog["last"]
        why = f"; last {last['step']} for {last['reason']} at {last['at']}" if last else ""
        lines.append(f"  watchdog    {taken}{why}")
    return lines
