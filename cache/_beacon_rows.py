"""Rows of beacons: how they are queued, in the transaction of what caused them."""

from __future__ import annotations

import sqlite3
from typing import Literal

from cache._clock import Clock
from cache._shapes import Lease
from cache._time import to_ms

Phase = Literal["shown", "released"]

BEACON_WINDOW_MS = 24 * 3600 * 1000
"""How long a beacon is tried. No standard says; a day outlives most outages, and later calls are not counted."""


def queue_beacons(tx: sqlite3.Connection, clock: Clock, lease: Lease, phase: Phase) -> None:
    """Queue a lease's beacons of one phase, due now. Once only: the same phase again changes nothing."""
    now_ms, mono_ms = to_ms(clock.now()), clock.monotonic_ns() // 1_000_000
    times = (clock.boot_id(), now_ms, mono_ms, now_ms + BEACON_WINDOW_MS, mono_ms + BEACON_WINDOW_MS, now_ms)
    beacons = lease.on_shown if phase == "shown" else lease.on_released
    tx.executemany(
        "INSERT INTO beacons (lease_id, phase, position, kind, url, state, boot_id, due_ms, due_mono_ms, "
        "not_after_ms, not_after_mono_ms, updated_ms) VALUES (?, ?, ?, ?, ?, 'PENDING', ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (lease_id, phase, position) DO NOTHING",
        [(lease.lease_id, phase, position, beacon.kind, beacon.url, *times) for position, beacon in enumerate(beacons)],
    )
