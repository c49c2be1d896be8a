"""Rows of plays: opening one, and closing it into its record, inside a transaction of the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from cache._clock import Clock, rfc3339
from cache._shapes import PLAY_SCHEMA, Lease, LeaseState, Play, PlayEnd, PlayStart
from cache._time import to_ms
from cache.journal._billing import billable
from cache.journal._finish import count_held, end_by_monotonic, finish_rows, settled_times, write_record
from cache.journal._keys import Signer
from cache.journal._leases import insert_lease
from cache.journal._mark import SeqMark
from cache.journal._part import WAITING, count, move_lease
from cache.journal._record import record_json
from cache.journal._shapes import Identity, OpenPlay


def open_row(
    tx: sqlite3.Connection, start: PlayStart, identity: Identity, mark: SeqMark, at_ms: int
) -> tuple[int, bool]:
    """Insert the play with the next seq, its lease → PLAYING; returns seq and whether the lease still held."""
    seq = count(tx, "plays", "last_seq")
    if seq == 1 and mark.reserved:  # a journal that was begun anew, and nothing could be read of the old one
        seq = count(tx, "plays", "last_seq", mark.reserved)
    mark.reserve(seq)
    count(tx, "opened", start.kind)
    honoured = start.lease is None or _begin_lease(tx, start.lease, at_ms)
    lease_id = start.lease.lease_id if start.lease is not None else None
    opened = msgspec.json.encode(OpenPlay(start, identity, honoured))
    tx.execute(
        "INSERT INTO plays (seq, id, kind, lease_id, started_ms, opened) VALUES (?, ?, ?, ?, ?, ?)",
        (seq, start.id, start.kind, lease_id, to_ms(start.started_at), opened),
    )
    return seq, honoured


def close_row(
    tx: sqlite3.Connection,
    clock: Clock,
    signer: Signer,
    seq: int,
    opened: OpenPlay,
    end: PlayEnd,
    sinks: Sequence[str],
) -> Play:
    """Finish the record, or hold it for the clock; lease and deliveries follow in the same transaction."""
    at_ms = to_ms(clock.now())
    play = _record(seq, opened, end)
    count(tx, "closed", play.end_reason)
    finish_rows(tx, clock, signer)
    start = opened.start
    final = None if count_held(tx) else settled_times(clock, play, start.started_at, start.started_ns)
    if final is not None:
        play = write_record(tx, final, signer, at_ms)
    else:
        tx.execute(
            "UPDATE plays SET closed_ms = ?, end_reason = ?, held = ? WHERE seq = ?",
            (at_ms, play.end_reason, record_json(play), seq),
        )
    tx.executemany(
        "INSERT INTO deliveries (seq, sink, state, updated_ms) VALUES (?, ?, 'PENDING', ?)",
        [(seq, sink, at_ms) for sink in dict.fromkeys(sinks)],
    )
    if opened.start.lease is not None and opened.honoured:
        _end_lease(tx, opened.start.lease, play, at_ms)
    return play


def _begin_lease(tx: sqlite3.Connection, lease: Lease, at_ms: int) -> bool:
    """→ PLAYING. False when it had ended: the play is still recorded, for it was shown, but never billed."""
    # When it is not in this journal (it was begun anew meanwhile), the screen holds the permission itself.
    return insert_lease(tx, lease, LeaseState.PLAYING, at_ms) or move_lease(
        tx, lease.lease_id, LeaseState.PLAYING, WAITING, at_ms
    )


def _end_lease(tx: sqlite3.Connection, lease: Lease, play: Play, at_ms: int) -> None:
    """→ PLAYED or FAILED, and unsettled: what to call is its dialect's to say."""
    state = LeaseState.FAILED if play.end_reason == "error" else LeaseState.PLAYED
    move_lease(tx, lease.lease_id, state, (LeaseState.PLAYING,), at_ms, play.end_reason)
    tx.execute("UPDATE leases SET plate = NULL, unsettled = 1, seq = ? WHERE lease_id = ?", (play.seq, lease.lease_id))


def _record(seq: int, opened: OpenPlay, end: PlayEnd) -> Play:
    """What is known when the play was closed; chain, hash and signature come when it is finished."""
    start, identity, lease = opened.start, opened.identity, opened.start.lease
    ended_at = end_by_monotonic(start.started_at, end.ended_at, end.shown_ms)
    return Play(
        id=start.id,
        seq=seq,
        schema=PLAY_SCHEMA,
        screen_id=identity.screen_id,
        venue_id=identity.venue_id or None,
        player_version=identity.player_version,
        boot_id=start.boot_id,
        kind=start.kind,
        exchange=lease.exchange if lease else None,
        request_id=lease.request_id if lease else None,
        lease_id=lease.lease_id if lease else None,
        imp_id=lease.imp_id if lease else None,
        bid_id=lease.bid_id if lease else None,
        deal_id=lease.deal_id if lease else None,
        creative_id=start.creative_id or (lease.creative_id if lease else None),
        campaign_id=lease.campaign_id if lease else None,
        advertiser_domain=lease.advertiser_domain if lease else None,
        price=lease.price if lease else None,
        currency=lease.currency if lease else None,
        multiplier=lease.multiplier if lease else None,
        creative_sha256=start.creative_sha256,
        plate_sha256=start.plate_sha256,
        layout=start.layout,
        started_at=rfc3339(start.started_at),
        ended_at=rfc3339(ended_at) if ended_at else None,
        planned_ms=start.planned_ms,
        shown_ms=end.shown_ms,
        frames_presented=end.frames_presented,
        frames_late=end.frames_late,
        end_reason=end.end_reason,
        billable=billable(
            lease,
            started_at_ms=to_ms(start.started_at),
            shown_ms=end.shown_ms,
            frames_presented=end.frames_presented,
            end_reason=end.end_reason,
            display=start.display,
            honoured=opened.honoured,
        ),
        display=start.display,
        display_evidence=start.display_evidence,
        clock=start.clock,
        prev_hash=None,
        hash=None,
        key_id=None,
        signature=None,
    )
