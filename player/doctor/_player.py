"""The player itself: does it run, does it run with this configuration, what did its watchdog do, what waits?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cache import read_escalations
from config import config_hash
from player._version import player_version
from player.doctor._finding import Finding, worst
from player.doctor._patient import Patient

_LONG = timedelta(hours=1)
_LATELY = timedelta(days=1)


def look_at_player(patient: Patient) -> Finding:
    """Screen and agent by their boards."""
    boards = {name: patient.board(name) for name in ("screen", "agent")}
    dead = [name for name, board in boards.items() if board is None]
    if dead:
        what = "neither screen nor agent runs" if len(dead) == 2 else f"the {dead[0]} does not run"
        step = "sudo systemctl start ooh-player.target; why it stopped: journalctl -u 'ooh-player-*' -n 50"
        if not patient.roots.run.joinpath("systemd/system").is_dir():
            step = "Start it: ooh-player run"
        return Finding("player", "fail" if dead == ["screen"] else "warn", what, step)
    found = []
    other = [
        name for name, board in boards.items() if board and board.get("config") not in {_wanted(patient, board), None}
    ]
    if other:
        what = f"{' and '.join(other)} run{'s' if len(other) == 1 else ''} with other settings than the file has now"
        found.append(Finding("player", "warn", what, "Have them read it: sudo ooh-player reload"))
    old = {str(board.get("version")) for board in boards.values() if board} - {player_version(), "None"}
    if old:
        what = f"version {', '.join(sorted(old))} runs, {player_version()} is installed"
        found.append(Finding("player", "warn", what, "sudo systemctl restart ooh-player.target"))
    return worst("player", found, f"screen and agent run, version {player_version()}")


def _wanted(patient: Patient, board: Mapping[str, Any]) -> str:
    """The digest that a process's board should show."""
    return config_hash(patient.config) if patient.wanted is None else patient.wanted(board["pid"])


def look_at_watchdog(patient: Patient) -> Finding:
    """What the pixel watchdog had to do."""
    told = read_escalations(patient.folders.state, patient.folders.run)
    if told.last is None:
        return Finding("watchdog", "ok", "it never had to step in")
    counts = ", ".join(f"{count} {step}" for step, count in told.counts.items() if count)
    what = f"last {told.last.at[:16].replace('T', ' ')}: {told.last.step} ({told.last.reason}); in all {counts}"
    if patient.clock.now() - _parsed(told.last.at) > _LATELY:
        return Finding("watchdog", "ok", what)
    return Finding("watchdog", "warn", what, "Look at the lines power, temperature, card and display for the cause.")


def look_at_delivery(patient: Patient) -> Finding | None:
    """What waits in the journal; None when nothing is to be delivered, or no agent runs to say so."""
    board = patient.board("agent") or {}
    found, fine = [], []
    for name, sink in (("stream", board.get("delivery")), ("gateway", board.get("gateway"))):
        if not isinstance(sink, dict):
            continue
        pending, error, oldest = sink.get("pending") or 0, sink.get("error"), sink.get("oldest_pending_at")
        fine.append(f"{name}: {sink.get('delivered') or 0} delivered, {pending} wait")
        if pending and oldest and patient.clock.now() - _parsed(str(oldest)) > _LONG:
            why = f" ({error})" if error else ""
            what = f"{name}: {pending} plays wait, the oldest since {str(oldest)[:16].replace('T', ' ')}{why}"
            found.append(Finding("delivery", "warn", what, "They are safe on disk. See the lines network and stream."))
        if sink.get("set_aside"):
            what = f"{name}: {sink['set_aside']} plays were refused for good and set aside"
            found.append(Finding("delivery", "warn", what, "See which and why: ooh-player plays"))
    return worst("delivery", found, "; ".join(fine)) if fine else None


def _parsed(at: str) -> datetime:
    """RFC 3339; what cannot be read is long ago."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
