"""Watching a demo: what the processes say of themselves, as one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cache import Board, Journal, LeaseState, PlayCounts, QueueState

SINK = "kinesis"


@dataclass(frozen=True, slots=True)
class View:
    """The demo now."""

    counts: PlayCounts
    queue: QueueState
    leases: Mapping[LeaseState, int]
    screen: dict[str, Any]
    agent: dict[str, Any]

    @classmethod
    def of(cls, run: Path, journal: Journal) -> View:
        """Read it from the cache, as ``status`` does."""
        return cls(
            counts=journal.counts(),
            queue=journal.queue(SINK),
            leases=journal.lease_counts(),
            screen=Board.read(run, "screen") or {},
            agent=Board.read(run, "agent") or {},
        )

    def line(self, plays: int) -> str:
        """``plays 3/12 · on screen kestrel-coffee · 1 waiting · 2 delivered``."""
        showing = self.screen.get("showing") or {}
        what = (
            showing.get("creative_id")
            or showing.get("kind")
            or ("nothing more" if self.counts.closed >= plays else "starting")
        )
        return (
            f"plays {min(self.counts.opened, plays)}/{plays} · on screen {what}"
            f" · {self.queue.pending} waiting · {self.queue.delivered} delivered"
        )
