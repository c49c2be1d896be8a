"""What the parts of the journal share: the database, the clock, and the row that a transition leaves."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from cache._clock import Clock
from cache._database import Database
from cache._journal_shapes import Identity
from cache._shapes import LeaseState
from cache._time import to_ms


class JournalPart:
    """One part of the journal: methods on one connection."""

    def __init__(self, database: Database, clock: Clock, identity: Identity) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())

    def _mono_ms(self) -> int:
        return self._clock.monotonic_ns() // 1_000_000


def note_transition(tx: sqlite3.Connection, lease_id: str, state: LeaseState, at_ms: int, reason: str | None) -> None:
    """Write the row that says when a lease came to a state, and why."""
    tx.execute(
        "INSERT INTO transitions (lease_id, step, state, at_ms, reason) "
        "SELECT ?, COALESCE(MAX(step), 0) + 1, ?, ?, ? FROM transitions WHERE lease_id = ?",
        (lease_id, state.value, at_ms, reason, lease_id),
    )


def move_lease(
    tx: sqlite3.Connection,
    lease_id: str,
    state: LeaseState,
    allowed: Collection[LeaseState],
    at_ms: int,
    reason: str | None = None,
) -> bool:
    """Bring a lease from one of the ``allowed`` states to ``state``; False, and nothing written, from any other."""
    moved = tx.execute(
        "UPDATE leases SET state = ?, reason = ?, updated_ms = ? "
        "WHERE lease_id = ? AND state IN (SELECT value FROM json_each(?))",
        (state.value, reason, at_ms, lease_id, json.dumps([one.value for one in allowed])),
    ).rowcount
    if moved:
        note_transition(tx, lease_id, state, at_ms, reason)
    return moved == 1
