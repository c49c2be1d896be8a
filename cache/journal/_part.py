"""What the parts of the journal share: the database, the clock, and how a lease comes to its next state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from cache._clock import Clock
from cache._database import Database
from cache._shapes import LeaseState
from cache._time import to_ms
from cache.journal._keys import Signer
from cache.journal._mark import SeqMark
from cache.journal._shapes import Identity

WAITING = (LeaseState.OFFERED, LeaseState.CACHED, LeaseState.PREPARED)
"""Before the screen: only from these can a lease fail or be released."""
ENDED = (LeaseState.PLAYED, LeaseState.RELEASED, LeaseState.FAILED)


class JournalPart:
    """One part of the journal: methods on one connection."""

    def __init__(self, database: Database, clock: Clock, identity: Identity, signer: Signer, mark: SeqMark) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity
        self._signer = signer
        self._mark = mark

    def _book_written(self, tx: sqlite3.Connection) -> None:
        """Add what this process wrote to the journal's own count: in transactions that write ``meta`` anyway."""
        written, commits = self._database.take_written()
        if commits:
            count(tx, "written", "bytes", written)
            count(tx, "written", "commits", commits)

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())

    def _mono_ms(self) -> int:
        return self._clock.monotonic_ns() // 1_000_000


def move_lease(
    tx: sqlite3.Connection,
    lease_id: str,
    state: LeaseState,
    allowed: Collection[LeaseState],
    at_ms: int,
    reason: str | None = None,
) -> bool:
    """Bring a lease from one of the ``allowed`` states to ``state``; False, and nothing written, from any other."""
    values = {
        "lease": lease_id,
        "state": state.value,
        "at_ms": at_ms,
        "reason": reason,
        "allowed": json.dumps([one.value for one in allowed]),
    }
    # `ended_ms` is not named before the end: an index is written anew when a column of it is set, be it the same.
    ended = ", ended_ms = :at_ms" if state in ENDED else ""
    moved = tx.execute(
        f"UPDATE leases SET state = :state{ended}, "  # noqa: S608 - one of two constants
        "history = json_insert(history, '$[#]', json_array(:state, :at_ms, :reason)) "
        "WHERE lease_id = :lease AND state IN (SELECT value FROM json_each(:allowed))",
        values,
    ).rowcount
    if moved and state in ENDED:
        count(tx, "leases", state.value)
    return moved == 1


def count(tx: sqlite3.Connection, what: str, name: str, by: int = 1) -> int:
    """Add to a number that only grows, pruned rows and all; returns it."""
    (total,) = tx.execute(
        "INSERT INTO meta (key, value) VALUES (:key, :by) ON CONFLICT (key) DO UPDATE SET value = value + :by "
        "RETURNING value",
        {"key": f"{what}:{name}", "by": by},
    ).fetchone()
    return int(total)


ABOVE_FINISHED = "seq > COALESCE((SELECT value FROM meta WHERE key = 'plays:finished_to'), 0)"
"""Every play up to that seq is finished: those that are not are found without an index of their own."""


def counted(view: sqlite3.Connection, what: str) -> dict[str, int]:
    """Those numbers, by name."""
    rows = view.execute("SELECT key, value FROM meta WHERE key > ? AND key < ?", (f"{what}:", f"{what};")).fetchall()
    return {key.partition(":")[2]: int(value) for key, value in rows}
