"""Beacons in the journal: the calls that the exchange asked for, until they are answered or too late."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from cache._clock import Clock
from cache._shapes import Beacon, DeliveryState, QueuedBeacon
from cache._time import from_ms, to_ms
from cache.journal._part import JournalPart, count, counted

Phase = Literal["won", "shown", "released"]

BEACON_WINDOW_MS = 24 * 3600 * 1000
"""How long a beacon is tried. No standard says; a day outlives most outages, and later calls are not counted."""


class BeaconPart(JournalPart):
    """Deadlines hold within a boot on the monotonic clock: setting the wall clock neither expires nor delays a beacon.

    A screen without a clock battery queues beacons in the past and is set days forward when the network comes;
    by the wall alone, every one of them would then be too late. Beacons of another boot go by the wall.
    """

    def due_beacons(self, now: datetime, limit: int, skip: Sequence[str] = ()) -> tuple[QueuedBeacon, ...]:
        """Those whose time to be called has come, oldest first; ``not_after`` is in terms of ``now``.

        ``skip``: servers to leave out, each as scheme and host (``https://x.example``), but for those whose window
        has closed: however many wait for a dead server, those for another are found.
        """
        boot, mono_ms, now_ms = self._clock.boot_id(), self._mono_ms(), to_ms(now)
        values = {"boot": boot, "mono": mono_ms, "now": now_ms, "limit": limit, "skip": json.dumps(list(skip))}
        with self._database.reading() as view:
            rows = view.execute(
                "SELECT boot_id, not_after_ms, not_after_mono_ms, beacon_id, lease_id, kind, url, attempts, "
                "method, body, content_type, error FROM beacons WHERE state <> 'DELIVERED' AND state = 'PENDING' "
                "AND (CASE boot_id WHEN :boot THEN not_after_mono_ms <= :mono ELSE not_after_ms <= :now END "
                "OR ((boot_id <> :boot OR due_mono_ms <= :mono OR due_ms <= :now) AND NOT EXISTS ("
                "SELECT 1 FROM json_each(:skip) WHERE substr(url, 1, length(value)) = value "
                "AND substr(url, length(value) + 1, 1) IN ('', '/', '?', '#')))) ORDER BY beacon_id LIMIT :limit",
                values,
            ).fetchall()
        found = []
        for made_in, not_after_ms, not_after_mono_ms, beacon_id, lease_id, kind, url, attempts, *how in rows:
            left_ms = not_after_mono_ms - mono_ms if made_in == boot else not_after_ms - now_ms
            not_after = now + timedelta(milliseconds=left_ms)
            found.append(QueuedBeacon(beacon_id, lease_id, kind, url, attempts, not_after, *how))
        return tuple(found)

    def waiting_beacons(self, now: datetime) -> tuple[tuple[str, int, float], ...]:
        """URL, attempts and seconds to wait of those that failed in this boot and whose time has not come."""
        with self._database.reading() as view:
            rows = view.execute(
                "SELECT url, attempts, due_mono_ms - :mono FROM beacons WHERE state <> 'DELIVERED' "
                "AND state = 'PENDING' AND boot_id = :boot AND due_mono_ms > :mono AND due_ms > :now",
                {"boot": self._clock.boot_id(), "mono": self._mono_ms(), "now": to_ms(now)},
            ).fetchall()
        return tuple((url, attempts, left_ms / 1000) for url, attempts, left_ms in rows)

    def beacon_done(self, beacon_id: int) -> None:
        """It was answered."""
        self._settle(beacon_id, DeliveryState.DELIVERED, None)

    def beacon_expired(self, beacon_id: int, error: str) -> None:
        """Its window closed first; ``error`` is the last one met."""
        self._settle(beacon_id, DeliveryState.EXPIRED, error)

    def beacon_retry(self, beacon_id: int, not_before: datetime, error: str) -> None:
        """It failed; call it again at ``not_before`` at the earliest (at once after a new boot)."""
        values = {
            "beacon": beacon_id,
            "error": error,
            "due_ms": to_ms(not_before),
            "boot": self._clock.boot_id(),
            "now_ms": self._now_ms(),
            "mono_ms": self._mono_ms(),
        }
        with self._database.writing() as tx:
            # The window moves into this boot's monotonic time too, by what the wall says is left of it.
            tx.execute(
                "UPDATE beacons SET attempts = attempts + 1, error = :error, updated_ms = :now_ms, "
                "due_ms = :due_ms, due_mono_ms = :mono_ms + :due_ms - :now_ms, not_after_mono_ms = CASE boot_id "
                "WHEN :boot THEN not_after_mono_ms ELSE :mono_ms + not_after_ms - :now_ms END, boot_id = :boot "
                "WHERE beacon_id = :beacon AND state = 'PENDING'",
                values,
            )

    def beacon_counts(self) -> dict[str, int]:
        """Beacons by state: PENDING and EXPIRED now, and all that were ever DELIVERED."""
        with self._database.reading() as view:
            rows = dict(
                view.execute("SELECT state, COUNT(*) FROM beacons WHERE state <> 'DELIVERED' GROUP BY state").fetchall()
            )
            rows |= counted(view, "beacons")
        states = (DeliveryState.PENDING, DeliveryState.DELIVERED, DeliveryState.EXPIRED)
        return {state.value: rows.get(state.value, 0) for state in states}

    def oldest_beacon_at(self) -> datetime | None:
        """Since when the oldest that is still to be called waits: its ad's end, or its lease's offer before that."""
        with self._database.reading() as view:
            row = view.execute(
                "SELECT COALESCE(leases.ended_ms, json_extract(leases.history, '$[0][1]'), beacons.updated_ms) "
                "FROM beacons LEFT JOIN leases ON leases.lease_id = beacons.lease_id "
                "WHERE beacons.state <> 'DELIVERED' AND beacons.state = 'PENDING' ORDER BY beacons.beacon_id LIMIT 1"
            ).fetchone()
        return from_ms(row[0]) if row is not None else None

    def _settle(self, beacon_id: int, state: DeliveryState, error: str | None) -> None:
        with self._database.writing() as tx:
            settled = tx.execute(
                "UPDATE beacons SET state = ?, attempts = attempts + ?, error = ?, updated_ms = ? "
                "WHERE beacon_id = ? AND state = 'PENDING'",
                (state.value, state is DeliveryState.DELIVERED, error, self._now_ms(), beacon_id),
            ).rowcount
            if settled and state is DeliveryState.DELIVERED:
                count(tx, "beacons", state.value)
                self._book_written(tx)


def queue_beacons(
    tx: sqlite3.Connection,
    clock: Clock,
    lease_id: str,
    phase: Phase,
    beacons: Iterable[Beacon],
) -> None:
    """Queue a lease's beacons of one phase, due now. Once only: the same phase again changes nothing."""
    now_ms, mono_ms, boot_id = to_ms(clock.now()), clock.monotonic_ns() // 1_000_000, clock.boot_id()
    rows = []
    for position, one in enumerate(beacons):
        window_ms = BEACON_WINDOW_MS if one.window_s is None else one.window_s * 1000
        what = (one.kind, one.url, one.method, one.body, one.content_type)
        times = (now_ms, mono_ms, now_ms + window_ms, mono_ms + window_ms, now_ms)
        rows.append((lease_id, phase, position, *what, boot_id, *times))
    tx.executemany(
        "INSERT INTO beacons (lease_id, phase, position, kind, url, method, body, content_type, state, boot_id, "
        "due_ms, due_mono_ms, not_after_ms, not_after_mono_ms, updated_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'PENDING', ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (lease_id, phase, position) DO NOTHING",
        rows,
    )
