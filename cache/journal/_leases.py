"""Leases in the journal: from the offer to the screen, or back to the exchange."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from cache._shapes import Lease, LeaseState, Plate, ReadyAd
from cache._time import to_ms
from cache.journal._beacons import queue_beacons
from cache.journal._part import WAITING, JournalPart, counted, move_lease
from cache.journal._shapes import HeldLease
from config import Code, OohError


class LeasePart(JournalPart):
    """Every change of state is one transaction and part of the lease's history; one that does not apply is none."""

    def offer(self, lease: Lease) -> None:
        """A new lease, OFFERED, and its ``on_won`` beacons queued; nothing when its id is known.

        Raises ``OohError`` (EXCHANGE_INVALID) on text that UTF-8 cannot say.
        """
        with self._database.writing() as tx:
            if insert_lease(tx, lease, LeaseState.OFFERED, self._now_ms()):
                queue_beacons(tx, self._clock, lease.lease_id, "won", lease.on_won)

    def cached(self, lease_id: str, creative_sha256: str) -> bool:
        """The creative's bytes are in the store: OFFERED → CACHED. False from any other state."""
        with self._database.writing() as tx:
            moved = move_lease(tx, lease_id, LeaseState.CACHED, (LeaseState.OFFERED,), self._now_ms())
            if moved:
                tx.execute("UPDATE leases SET creative_sha256 = ? WHERE lease_id = ?", (creative_sha256, lease_id))
            return moved

    def prepared(self, lease_id: str, plate: Plate) -> bool:
        """A plate exists: → PREPARED, also from PREPARED with a plate of another geometry. False otherwise.

        From OFFERED it goes through CACHED in the same transaction: a plate is made of bytes that were in the store.
        """
        at_ms = self._now_ms()
        with self._database.writing() as tx:
            move_lease(tx, lease_id, LeaseState.CACHED, (LeaseState.OFFERED,), at_ms)
            moved = move_lease(tx, lease_id, LeaseState.PREPARED, WAITING, at_ms)
            if moved:
                tx.execute(
                    "UPDATE leases SET creative_sha256 = ?, plate_key = ?, plate_sha256 = ?, plate = ? "
                    "WHERE lease_id = ?",
                    (plate.creative_sha256, plate.key, plate.plate_sha256, msgspec.json.encode(plate), lease_id),
                )
            return moved

    def fall_back(self, lease: Lease, code: str) -> bool:
        """Its creative cannot be shown, and another address has the same: → OFFERED with that one, for good.

        False when there is none, or when it is playing or had ended.
        """
        if not lease.alternatives:
            return False
        onward = replace(lease, creative_url=lease.alternatives[0], alternatives=lease.alternatives[1:])
        with self._database.writing() as tx:
            moved = move_lease(tx, lease.lease_id, LeaseState.OFFERED, WAITING, self._now_ms(), code)
            if moved:
                tx.execute(
                    "UPDATE leases SET body = ?, creative_sha256 = NULL, plate_key = NULL, plate_sha256 = NULL, "
                    "plate = NULL WHERE lease_id = ?",
                    (msgspec.json.encode(onward), lease.lease_id),
                )
            return moved

    def fail(self, lease_id: str, code: str) -> bool:
        """It cannot be shown: → FAILED and unsettled. False when it is playing or had ended."""
        return self._end_unshown(lease_id, LeaseState.FAILED, code)

    def release(self, lease_id: str, reason: str) -> bool:
        """It will not be shown: → RELEASED and unsettled. False when it is playing or had ended."""
        return self._end_unshown(lease_id, LeaseState.RELEASED, reason)

    def expired(self, now: datetime) -> tuple[Lease, ...]:
        """Leases before the screen whose window has closed: to be released."""
        rows = self._rows(
            "SELECT body FROM leases WHERE ended_ms IS NULL AND state <> 'PLAYING' AND expires_ms <= ? ORDER BY place",
            to_ms(now),
        )
        return tuple(msgspec.json.decode(body, type=Lease) for (body,) in rows)

    def held(self) -> tuple[HeldLease, ...]:
        """Leases not yet played, released or failed, in order of offer: what must not be evicted."""
        rows = self._rows(
            "SELECT body, state, plate_key, creative_sha256, plate_sha256 FROM leases "
            "WHERE ended_ms IS NULL ORDER BY place"
        )
        return tuple(
            HeldLease(msgspec.json.decode(body, type=Lease), LeaseState(state), *needs) for body, state, *needs in rows
        )

    def ready(self, now: datetime) -> tuple[ReadyAd, ...]:
        """What the screen may show now: PREPARED, inside its window to its very end, in order of offer."""
        now_ms = to_ms(now)
        rows = self._rows(
            "SELECT body, plate FROM leases WHERE ended_ms IS NULL AND state = 'PREPARED' AND not_before_ms <= ? "
            "AND ? + duration_ms < expires_ms ORDER BY place",
            now_ms,
            now_ms,
        )
        return tuple(
            ReadyAd(msgspec.json.decode(body, type=Lease), msgspec.json.decode(plate, type=Plate))
            for body, plate in rows
        )

    def lease_counts(self) -> dict[LeaseState, int]:
        """Leases by state, every state named: the living ones now, and all that ever ended."""
        with self._database.reading() as view:
            rows = dict(view.execute("SELECT state, COUNT(*) FROM leases WHERE ended_ms IS NULL GROUP BY state"))
            rows |= counted(view, "leases")
        return {state: rows.get(state.value, 0) for state in LeaseState}

    def _end_unshown(self, lease_id: str, state: LeaseState, reason: str) -> bool:
        with self._database.writing() as tx:
            moved = move_lease(tx, lease_id, state, WAITING, self._now_ms(), reason)
            if moved:
                tx.execute("UPDATE leases SET plate = NULL, unsettled = 1 WHERE lease_id = ?", (lease_id,))
            return moved

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._database.reading() as view:
            return view.execute(query, values).fetchall()


def insert_lease(tx: sqlite3.Connection, lease: Lease, state: LeaseState, at_ms: int) -> bool:
    """Add a lease in a state; False when its id is there. Raises ``OohError`` (EXCHANGE_INVALID)."""
    try:
        body = msgspec.json.encode(lease)
    except UnicodeEncodeError as error:
        raise OohError(Code.EXCHANGE_INVALID, f"lease {lease.lease_id} holds text that is not Unicode") from error
    row = (
        lease.lease_id,
        state.value,
        to_ms(lease.not_before),
        to_ms(lease.expires_at),
        lease.duration_ms,
        body,
        json.dumps([(state.value, at_ms, None)], separators=(",", ":")),
    )
    return (
        tx.execute(
            "INSERT INTO leases (lease_id, state, not_before_ms, expires_ms, duration_ms, body, history) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (lease_id) DO NOTHING",
            row,
        ).rowcount
        == 1
    )
