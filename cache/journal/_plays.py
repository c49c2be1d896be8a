"""Plays in the journal: opened at the first frame, closed into a record after the last."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from cache._clock import rfc3339
from cache._playhead import PlayheadState
from cache._shapes import DeliveryState, Play, PlayEnd, PlayStart
from cache._time import from_ms, to_ms
from cache.journal._part import ABOVE_FINISHED, JournalPart, count, counted
from cache.journal._rows import close_row, open_row
from cache.journal._shapes import DeliveryRow, OpenPlay, PlayCounts, PlayRow
from config import Code, OohError

log = logging.getLogger("ooh.cache")

_PAGE_PLAYS = 200


class PlayPart(JournalPart):
    """The proof: each method is one transaction, on disk when it returns. A repeated call changes nothing."""

    def open_play(self, start: PlayStart) -> int:
        """The first frame was presented: the next seq (gapless), the lease → PLAYING. Returns the seq."""
        with self._database.writing() as tx:
            known = tx.execute("SELECT seq FROM plays WHERE id = ?", (start.id,)).fetchone()
            if known:
                return int(known[0])
            seq, honoured = open_row(tx, start, self._identity, self._mark, self._now_ms())
            count(tx, "written", "plays")
            self._book_written(tx)
        if not honoured and start.lease is not None:
            facts = {"id": start.id, "lease": start.lease.lease_id}
            log.warning("play.without_lease", extra={"facts": facts})
        return seq

    def close_play(self, play_id: str, end: PlayEnd, sinks: Sequence[str]) -> Play:
        """The last frame was presented: the record, hashed and signed, the lease, one PENDING delivery per sink.

        While the clock is not set, the play is held: see ``_finish``; what is returned then has no hash yet.

        Raises ``OohError`` (JOURNAL_UNAVAILABLE), also for a play that was never opened.
        """
        with self._database.writing() as tx:
            row = tx.execute(
                "SELECT seq, opened, COALESCE(record, held) FROM plays WHERE id = ?", (play_id,)
            ).fetchone()
            if row is None:
                raise OohError(Code.JOURNAL_UNAVAILABLE, f"play {play_id} is not in the journal")
            seq, opened, record = row
            if record is not None:
                return msgspec.json.decode(record, type=Play)
            body = msgspec.json.decode(opened, type=OpenPlay)
            return close_row(tx, self._clock, self._signer, seq, body, end, sinks)

    def recover(self, playhead: PlayheadState | None, sinks: Sequence[str]) -> tuple[Play, ...]:
        """Close what a dead screen left open, as ``crash``; to be called by a screen before its first play.

        How long it was shown comes from the playhead when that is of the same play and boot, else it is unknown.
        """
        with self._database.writing() as tx:
            rows = tx.execute(
                f"SELECT seq, opened FROM plays WHERE {ABOVE_FINISHED} "  # noqa: S608 - a constant
                "AND record IS NULL AND held IS NULL ORDER BY seq"
            ).fetchall()
            plays = []
            for seq, body in rows:
                opened = msgspec.json.decode(body, type=OpenPlay)
                end = _crash(opened.start, playhead)
                plays.append(close_row(tx, self._clock, self._signer, seq, opened, end, sinks))
        for play in plays:
            facts = {"id": play.id, "seq": play.seq, "shown_ms": play.shown_ms, "billable": play.billable}
            log.warning("play.recovered", extra={"facts": facts})
        return tuple(plays)

    def plays(self, since: datetime | None = None, limit: int | None = None) -> Iterator[PlayRow]:
        """Finished plays that began at ``since`` or later, lowest seq first; with ``limit`` the newest so many.

        Read page by page, so that a long export blocks nobody.
        """
        seq, since_ms = self._before_first(since, limit), to_ms(since) if since else None
        while True:
            with self._database.reading() as view:
                rows = view.execute(
                    "SELECT seq, record FROM plays WHERE seq > ? AND record IS NOT NULL "
                    "AND (? IS NULL OR started_ms >= ?) ORDER BY seq LIMIT ?",
                    (seq, since_ms, since_ms, _PAGE_PLAYS),
                ).fetchall()
                if not rows:
                    return
                deliveries: dict[int, dict[str, DeliveryRow]] = {}
                for of_seq, sink, state, attempts, shard_id, number, error, updated_ms in view.execute(
                    "SELECT seq, sink, state, attempts, shard_id, sequence_number, error, updated_ms FROM deliveries "
                    "WHERE seq BETWEEN ? AND ? ORDER BY seq, sink",
                    (rows[0][0], rows[-1][0]),
                ):
                    row = DeliveryRow(
                        DeliveryState(state), attempts, shard_id, number, error, rfc3339(from_ms(updated_ms))
                    )
                    deliveries.setdefault(of_seq, {})[sink] = row
            for seq, record in rows:
                yield PlayRow(msgspec.json.decode(record, type=Play), record, deliveries.get(seq, {}))

    def paid_lately(self, limit: int) -> tuple[Play, ...]:
        """The paid ads among the last ``limit`` plays, the last at the end."""
        with self._database.reading() as view:
            rows = view.execute(
                "SELECT kind, COALESCE(record, held) FROM plays ORDER BY seq DESC LIMIT ?", (limit,)
            ).fetchall()
        records = [record for kind, record in rows if kind == "ad" and record is not None]
        return tuple(msgspec.json.decode(record, type=Play) for record in reversed(records))

    def counts(self) -> PlayCounts:
        """How many plays there ever were, pruned ones too, by kind and by how they ended."""
        with self._database.reading() as view:
            by_kind, by_reason = counted(view, "opened"), counted(view, "closed")
            last_seq = counted(view, "plays").get("last_seq", 0)
        return PlayCounts(sum(by_kind.values()), sum(by_reason.values()), by_kind, by_reason, last_seq)

    def _before_first(self, since: datetime | None, limit: int | None) -> int:
        """The seq below which ``limit`` leaves plays out."""
        if limit is None:
            return -1
        since_ms = to_ms(since) if since else None
        with self._database.reading() as view:
            row = view.execute(
                "SELECT seq FROM plays WHERE record IS NOT NULL AND (? IS NULL OR started_ms >= ?) "
                "ORDER BY seq DESC LIMIT 1 OFFSET ?",
                (since_ms, since_ms, max(0, limit)),
            ).fetchone()
        return int(row[0]) if row else -1


def _crash(start: PlayStart, playhead: PlayheadState | None) -> PlayEnd:
    of_this_play = (
        playhead is not None
        and playhead.play_id == start.id
        and playhead.boot_id == start.boot_id
        and bool(start.boot_id)
    )
    if not of_this_play or playhead is None:
        return PlayEnd(None, None, None, None, "crash")
    shown_ms = max(0, playhead.last_ns - start.started_ns) // 1_000_000
    ended_at = start.started_at + timedelta(milliseconds=shown_ms)
    return PlayEnd(ended_at, shown_ms, playhead.frames_presented, playhead.frames_late, "crash")
