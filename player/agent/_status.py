"""What the agent tells of itself: its board."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cache import Clock, CodeCounter, rfc3339
from config import Config, config_hash
from player.agent._parts import Parts
from player.agent._tallies import exchange_facts, tally_sums
from player.machine import Roots, read_links
from player.schedule import JobState


@dataclass(slots=True)
class Status:
    """Reads the parts; writes nothing."""

    config: Config
    clock: Clock
    version: str
    parts: Parts
    codes: CodeCounter
    """Of this process's log."""
    began_at: str = field(init=False)

    def __post_init__(self) -> None:
        self.began_at = rfc3339(self.clock.now())

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
            "ask": tally_sums(parts.asker.tallies()),
            "exchanges": exchange_facts(parts.asker),
            "ready": asdict(parts.readier.counts),
            "links": [asdict(link) for link in read_links(Roots())],
            "leases": {state.value: count for state, count in parts.journal.lease_counts().items()},
            "delivery": None if queue is None else {**asdict(queue), "error": parts.proof.error},
            "gateway": None if gateway is None else {**asdict(gateway), "error": parts.gateway.error},
            "beacons": parts.journal.beacon_counts(),
            "feeds": {job.feed.kind: job.last_code for job in parts.feeds},
            "heartbeats": parts.pulse.sent if parts.pulse is not None else None,
            "heartbeats_kept": len(parts.pulse.backlog) if parts.pulse is not None else None,
            "errors": self.codes.counts(),
            "jobs": {name: asdict(state) for name, state in jobs.items()},
            "draining": draining,
            "drained": drained,
        }
