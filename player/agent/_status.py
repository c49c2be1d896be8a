"""What the agent tells of itself: its board, and the facts of a heartbeat."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil

from cache import Board, Clock, Folders, KeyFile, LeaseState, rfc3339
from config import Config, OohError, config_hash
from player._machine import machine_figures, process_figures
from player.agent._ask import Asker
from player.agent._lane import Tally
from player.agent._parts import Parts
from player.heartbeat import Facts
from player.schedule import JobState


@dataclass(slots=True)
class Status:
    """Reads the parts; writes nothing."""

    config: Config
    folders: Folders
    clock: Clock
    version: str
    parts: Parts
    began_ns: int = field(init=False)
    began_at: str = field(init=False)

    def __post_init__(self) -> None:
        self.began_ns = self.clock.monotonic_ns()
        self.began_at = rfc3339(self.clock.now())
        psutil.cpu_percent(interval=None)  # the first heartbeat's figure is measured from here, not a 0.0 of no meaning

    def board(self, jobs: Mapping[str, JobState], *, draining: bool, drained: bool) -> dict[str, Any]:
        """The agent's board: what ``status`` and the demo read."""
        parts = self.parts
        queue = parts.journal.queue(parts.proof.sink) if parts.proof.sink else None
        gateway = parts.journal.queue(parts.gateway.sink) if parts.gateway.sink else None
        return {
            "pid": os.getpid(),
            "version": self.version,
            "config": config_hash(self.config),
            "since": self.began_at,
            "at": rfc3339(self.clock.now()),
            "size": str(parts.size.now()),
            "ask": _sums(parts.asker.tallies()),
            "exchanges": exchange_facts(parts.asker),
            "ready": asdict(parts.readier.counts),
            "leases": {state.value: count for state, count in parts.journal.lease_counts().items()},
            "delivery": None if queue is None else {**asdict(queue), "error": parts.proof.error},
            "gateway": None if gateway is None else {**asdict(gateway), "error": parts.gateway.error},
            "beacons": parts.journal.beacon_counts(),
            "feeds": {job.feed.kind: job.last_code for job in parts.feeds},
            "heartbeats": parts.pulse.sent if parts.pulse is not None else None,
            "jobs": {name: asdict(state) for name, state in jobs.items()},
            "draining": draining,
            "drained": drained,
        }

    def facts(self, seq: int, jobs: Mapping[str, JobState]) -> Facts:
        """Everything for heartbeat number ``seq``."""
        parts, config = self.parts, self.config
        boards = {name: Board.read_living(self.folders.run, name) for name in ("screen", "supervisor")}
        pids: dict[str, int | None] = {"agent": os.getpid()}
        pids |= {name: board["pid"] if board is not None else None for name, board in boards.items()}
        ready = (held.lease for held in parts.journal.held() if held.state is LeaseState.PREPARED)
        return Facts(
            screen_id=config.screen.id,
            venue_id=config.screen.venue or None,
            player_version=self.version,
            boot_id=self.clock.boot_id(),
            sent_at=self.clock.now(),
            seq=seq,
            uptime_s=(self.clock.monotonic_ns() - self.began_ns) / 1e9,
            clock=self.clock.state(),
            machine=machine_figures(self.folders.state),
            processes=process_figures(pids),
            screen=boards["screen"],
            leases=parts.journal.lease_counts(),
            exchanges=exchange_facts(parts.asker),
            ahead_ms=sum(lease.duration_ms for lease in ready),
            plays=parts.journal.counts(),
            journal=parts.journal.health(),
            key_id=_key_id(self.folders),
            sink=parts.proof.sink,
            queue=parts.journal.queue(parts.proof.sink) if parts.proof.sink else None,
            delivery_error=parts.proof.error,
            beacons=parts.journal.beacon_counts(),
            feeds={kind: snapshot.fetched_at for kind, snapshot in parts.cache.snapshots().items()},
            jobs={name: asdict(state) for name, state in jobs.items()},
            gateway=parts.journal.queue(parts.gateway.sink) if parts.gateway.sink else None,
            gateway_error=parts.gateway.error,
        )


def exchange_facts(asker: Asker) -> dict[str, dict[str, Any]]:
    """By exchange: what became of its requests since the agent started, and whether its host is held to be down."""
    down = asker.circuits_open()
    return {name: {**asdict(tally), "down": name in down} for name, tally in asker.tallies().items()}


def _sums(tallies: Mapping[str, Tally]) -> dict[str, int]:
    whole = Counter(dict.fromkeys(asdict(Tally()), 0))
    for tally in tallies.values():
        whole.update(asdict(tally))
    return dict(whole)


def _key_id(folders: Folders) -> str | None:
    """The key that signs now; None before the first play, or when that cannot be known."""
    try:
        known = KeyFile(folders.state).known()
    except OohError:
        return None
    return known[-1].key_id if known else None
