"""Finishing records: held ones wait for the clock, and all get their times, hash and signature once, in order of seq.

A play that began before the machine's clock was set is *held*: closed, counted, its lease told to the exchange (whose
windows are minutes), but without a hash and not delivered. Everything closed after it waits behind it, so that the
chain follows seq. When the clock is set in the same boot, the monotonic times say what the wall should have said.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from cache._clock import Clock, ClockState, rfc3339
from cache._shapes import Play
from cache._time import to_ms
from cache.journal._keys import Signer
from cache.journal._part import ABOVE_FINISHED, JournalPart
from cache.journal._record import play_hash, record_json
from cache.journal._shapes import OpenPlay

log = logging.getLogger("ooh.cache")

HOLD_NS = 24 * 3600 * 1_000_000_000
"""How long after boot plays are held for the clock: a network that lets no time through must not keep them for ever."""
_AT_ONCE = 500
"""Records finished in one transaction: a signature takes 0.1 ms, ten times that on a weak board."""
_STEP_MS = 1_000
"""More than this between the wall's and the monotonic length of a play: the wall was set meanwhile."""


def is_waiting(clock: Clock, state: ClockState) -> bool:
    """True while a play that began unsynced may yet be back-filled: the clock is known not to be set, and young."""
    return state.synced is False and clock.monotonic_ns() < HOLD_NS


class FinishPart(JournalPart):
    """Held plays, until they are finished."""

    def warm_up(self) -> None:
        """Load the signing key: 24 ms, ten times that on a weak board, for which no play's end should wait."""
        self._signer.warm_up()

    def held_plays(self) -> int:
        """How many plays are closed and wait for the clock, or behind one that does."""
        with self._database.reading() as view:
            return count_held(view)

    def finish_held(self, *, now: bool = False) -> int:
        """Finish what waits no more; ``now``: all, as unsynced if need be. Returns how many were finished.

        Called by the agent every few seconds while plays are held, and with every play that is closed.
        """
        total = 0
        while self.held_plays():
            with self._database.writing() as tx:
                finished = finish_rows(tx, self._clock, self._signer, now=now)
            total += finished
            if finished < _AT_ONCE:
                break
        if total:
            log.info("plays.finished", extra={"facts": {"plays": total, "synced": self._clock.state().synced}})
        return total


def count_held(view: sqlite3.Connection) -> int:
    (held,) = view.execute(
        f"SELECT COUNT(*) FROM plays WHERE {ABOVE_FINISHED} AND record IS NULL AND held IS NOT NULL"  # noqa: S608 - a constant
    ).fetchone()
    return int(held)


def finish_rows(tx: sqlite3.Connection, clock: Clock, signer: Signer, *, now: bool = False) -> int:
    """Finish held plays from the lowest seq on, up to one that has to wait; returns how many."""
    at_ms = to_ms(clock.now())
    rows = tx.execute(
        f"SELECT opened, held FROM plays WHERE {ABOVE_FINISHED} AND record IS NULL AND held IS NOT NULL "  # noqa: S608
        "ORDER BY seq LIMIT ?",
        (_AT_ONCE,),
    ).fetchall()
    for number, (opened, held) in enumerate(rows):
        start = msgspec.json.decode(opened, type=OpenPlay).start
        play = settled_times(clock, msgspec.json.decode(held, type=Play), start.started_at, start.started_ns, now=now)
        if play is None:
            return number
        write_record(tx, play, signer, at_ms)
    return len(rows)


def settled_times(clock: Clock, play: Play, started_at: datetime, started_ns: int, *, now: bool = False) -> Play | None:
    """The play with the times that its record will tell; None while it has to wait for the clock."""
    same_boot = bool(play.boot_id) and play.boot_id == clock.boot_id()
    if play.clock.synced is not False or not same_boot:
        return play
    state = clock.state()
    if state.synced:
        return _backfilled(clock, play, state, started_at, started_ns)
    return None if is_waiting(clock, state) and not now else play


def _backfilled(clock: Clock, play: Play, state: ClockState, started_at: datetime, started_ns: int) -> Play:
    """The wall as it is now, less the monotonic time since the play began."""
    began = clock.now() - timedelta(microseconds=(clock.monotonic_ns() - started_ns) // 1_000)
    added_ms = to_ms(began) - to_ms(started_at)
    ended = None if play.shown_ms is None else began + timedelta(milliseconds=play.shown_ms)
    return replace(
        play,
        started_at=rfc3339(began),
        ended_at=None if ended is None else rfc3339(ended),
        clock=ClockState(synced=True, source=state.source, offset_ms=float(added_ms), backfilled=True),
    )


def end_by_monotonic(started_at: datetime, ended_at: datetime | None, shown_ms: int | None) -> datetime | None:
    """When the picture ended by the clock that told when it began: not moved when the wall was set in between."""
    if ended_at is None or shown_ms is None:
        return ended_at
    by_monotonic = started_at + timedelta(milliseconds=shown_ms)
    return by_monotonic if abs(to_ms(ended_at) - to_ms(by_monotonic)) > _STEP_MS else ended_at


def write_record(tx: sqlite3.Connection, play: Play, signer: Signer, at_ms: int) -> Play:
    """Link the play to the chain, sign it, and keep its final bytes; returns it whole. ``at_ms``: now."""
    last = tx.execute("SELECT value FROM meta WHERE key = 'last_hash'").fetchone()
    play = replace(play, prev_hash=last[0] if last else None)
    record_hash = play_hash(play)
    signed = signer.sign(record_hash)
    play = replace(
        play,
        hash=record_hash,
        key_id=signed.key_id if signed is not None else None,
        signature=signed.signature if signed is not None else None,
    )
    tx.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('last_hash', ?)", (record_hash,))
    tx.execute(
        "UPDATE plays SET opened = NULL, held = NULL, started_ms = ?, closed_ms = ?, end_reason = ?, record = ? "
        "WHERE seq = ?",
        (to_ms(datetime.fromisoformat(play.started_at)), at_ms, play.end_reason, record_json(play), play.seq),
    )
    _note_finished(tx)
    return play


def _note_finished(tx: sqlite3.Connection) -> None:
    """All plays below the first unfinished one are finished."""
    first = tx.execute(
        f"SELECT seq FROM plays WHERE {ABOVE_FINISHED} AND record IS NULL ORDER BY seq LIMIT 1"  # noqa: S608 - a constant
    ).fetchone()
    (last,) = tx.execute("SELECT MAX(seq) FROM plays").fetchone()
    finished_to = first[0] - 1 if first is not None else last
    tx.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('plays:finished_to', ?)", (finished_to,))
