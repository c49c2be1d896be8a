"""Keeping the journal small: what is delivered and old goes, what still waits never does."""

from __future__ import annotations

import logging
import sqlite3

from cache.journal._finish import count_held
from cache.journal._part import JournalPart, count, counted
from cache.journal._shapes import JournalHealth, PruneReport

log = logging.getLogger("ooh.cache")

_BATCH_ROWS = 500
_DAY_MS = 24 * 3600 * 1000

# Nothing waits for it, nothing was set aside for a person to look at, and its beacons were answered or are too late.
_DONE = (
    "record IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deliveries "
    "WHERE deliveries.seq = plays.seq AND deliveries.state IN ('PENDING', 'SET_ASIDE')) "
    "AND NOT EXISTS (SELECT 1 FROM beacons WHERE beacons.lease_id = plays.lease_id AND beacons.state = 'PENDING') "
    "AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.lease_id = plays.lease_id AND leases.unsettled = 1)"
)

# What is left when nothing is done any more: undelivered, but the exchange knows of it.
_UNTOLD = (
    "record IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM beacons WHERE beacons.lease_id = plays.lease_id AND beacons.state = 'PENDING') "
    "AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.lease_id = plays.lease_id AND leases.unsettled = 1)"
)


class KeepingPart(JournalPart):
    """Pruning, in transactions short enough that the screen never waits for them."""

    def prune(self, keep_days: int, keep_plays: int, keep_bytes: int | None = None) -> PruneReport:
        """Remove delivered plays older than ``keep_days``, and the oldest beyond ``keep_plays``, with their leases.

        While the rows take more than ``keep_bytes``, the oldest delivered plays go first and, when there are none,
        the oldest that wait: each such batch has a line in the log, and is counted for ever (:meth:`health`).

        Failed and released leases go at the same age, once the exchange was told or that is too late.
        Plays for which no sink was configured count as delivered. While the wall clock is known to be wrong, age
        removes nothing.
        """
        oldest_ms = self._now_ms() - keep_days * _DAY_MS
        if self._clock.state().synced is False:
            oldest_ms = 0
        plays = self._prune_plays(oldest_ms, keep_plays) + self._prune_bytes(keep_bytes, _DONE)
        dropped = self._prune_bytes(keep_bytes, _UNTOLD)
        leases = 0
        while removed := self._prune_leases(oldest_ms):
            leases += removed
        return PruneReport(plays, leases, dropped)

    def _prune_plays(self, oldest_ms: int, keep_plays: int) -> int:
        """From the oldest on, up to the first batch in which nothing is old: a journal is not read to its end.

        What may go is found without the write lock: a play that is done stays so.
        """
        with self._database.reading() as view:
            (held,) = view.execute("SELECT COUNT(*) FROM plays").fetchone()
        beyond, removed, after = held - keep_plays, 0, 0
        while True:
            with self._database.reading() as view:
                rows = view.execute(
                    f"SELECT seq, lease_id, COALESCE(closed_ms < ?, 0), {_DONE} FROM plays "  # noqa: S608 - a constant
                    "WHERE seq > ? ORDER BY seq LIMIT ?",
                    (oldest_ms, after, _BATCH_ROWS),
                ).fetchall()
            done = [(seq, lease_id, is_old) for seq, lease_id, is_old, is_done in rows if is_done]
            gone = [row for number, row in enumerate(done) if row[2] or removed + number < beyond]
            if gone:
                self._forget_plays(gone)
            removed += len(gone)
            if not any(is_old for _, _, is_old, _ in rows) and (removed >= beyond or not rows):
                return removed
            after = rows[-1][0]

    def health(self) -> JournalHealth:
        """See ``JournalHealth``."""
        with self._database.reading() as view:
            written, size_bytes = counted(view, "written"), _size_bytes(view)
            held, dropped = count_held(view), counted(view, "dropped").get("plays", 0)
        plays = written.get("plays", 0)
        return JournalHealth(
            held=held,
            dropped=dropped,
            set_aside=self._database.kept_files(),
            size_bytes=size_bytes,
            written_bytes_per_play=written.get("bytes", 0) / plays if plays else None,
            commits_per_play=written.get("commits", 0) / plays if plays else None,
        )

    def _prune_bytes(self, keep_bytes: int | None, condition: str) -> int:
        """From the oldest on, until the rows fit; returns how many plays went."""
        removed = 0
        while keep_bytes is not None:
            with self._database.reading() as view:
                if _size_bytes(view) <= keep_bytes:
                    break
                rows = view.execute(
                    f"SELECT seq, lease_id, 1 FROM plays WHERE {condition} ORDER BY seq LIMIT ?",  # noqa: S608
                    (_BATCH_ROWS,),
                ).fetchall()
            if not rows:
                break
            self._forget_plays(rows, dropped=condition is _UNTOLD)
            removed += len(rows)
        return removed

    def _forget_plays(self, rows: list[tuple[int, str | None, int]], *, dropped: bool = False) -> None:
        if dropped:  # the line comes first: it may be told twice, never not at all
            facts = {"plays": len(rows), "first_seq": rows[0][0], "last_seq": rows[-1][0]}
            log.error("plays.dropped", extra={"facts": facts})
        with self._database.writing() as tx:
            if dropped:
                count(tx, "dropped", "plays", len(rows))
            tx.executemany("DELETE FROM deliveries WHERE seq = ?", [(seq,) for seq, _, _ in rows])
            tx.executemany("DELETE FROM plays WHERE seq = ?", [(seq,) for seq, _, _ in rows])
            _forget_leases(tx, [(lease_id,) for _, lease_id, _ in rows if lease_id is not None])

    def _prune_leases(self, oldest_ms: int) -> int:
        """Leases that never came on, with no beacon that waits."""
        with self._database.writing() as tx:
            rows = tx.execute(
                "SELECT lease_id FROM leases WHERE state IN ('RELEASED', 'FAILED') "
                "AND ended_ms < ? AND unsettled = 0 AND NOT EXISTS (SELECT 1 FROM beacons "
                "WHERE beacons.lease_id = leases.lease_id AND beacons.state = 'PENDING') LIMIT ?",
                (oldest_ms, _BATCH_ROWS),
            ).fetchall()
            _forget_leases(tx, rows)
            return len(rows)


def _size_bytes(view: sqlite3.Connection) -> int:
    """What the rows take: the file itself never shrinks, its free pages are used again."""
    pages, free, page_bytes = (
        int(view.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * page_bytes


def _forget_leases(tx: sqlite3.Connection, rows: list[tuple[str]]) -> None:
    for table in ("beacons", "leases"):
        tx.executemany(f"DELETE FROM {table} WHERE lease_id = ?", rows)  # noqa: S608 - two constants
