"""The schema of journal.db: leases, plays, their delivery and their beacons."""

from __future__ import annotations

from cache._database_file import Migration

_FIRST: Migration = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    # Leases. `place` is the order of offer; `body` and `plate` are the JSON of Lease and Plate.
    """CREATE TABLE leases (
        place INTEGER PRIMARY KEY, lease_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, reason TEXT,
        not_before_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
        creative_sha256 TEXT, plate_key TEXT, plate_sha256 TEXT, plate BLOB, body BLOB NOT NULL,
        updated_ms INTEGER NOT NULL)""",
    "CREATE INDEX leases_by_state ON leases (state, place)",
    "CREATE TABLE transitions (lease_id TEXT NOT NULL, state TEXT NOT NULL, at_ms INTEGER NOT NULL, reason TEXT)",
    "CREATE INDEX transitions_by_lease ON transitions (lease_id)",
    # Plays. `opened` is what was known at the first frame; `record` is the finished record's very bytes.
    """CREATE TABLE plays (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, lease_id TEXT,
        started_ms INTEGER NOT NULL, opened BLOB, closed_ms INTEGER, end_reason TEXT, record BLOB)""",
    "CREATE INDEX plays_open ON plays (seq) WHERE record IS NULL",
    "CREATE INDEX plays_counted ON plays (kind, end_reason)",
    # What became of a play at each sink.
    """CREATE TABLE deliveries (
        seq INTEGER NOT NULL, sink TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        shard_id TEXT, sequence_number TEXT, error TEXT, updated_ms INTEGER NOT NULL,
        PRIMARY KEY (seq, sink)) WITHOUT ROWID""",
    "CREATE INDEX deliveries_by_state ON deliveries (sink, state, seq)",
    # Beacons. Deadlines are kept in wall time and, for the boot they were made in, in monotonic time.
    """CREATE TABLE beacons (
        beacon_id INTEGER PRIMARY KEY AUTOINCREMENT, lease_id TEXT NOT NULL, phase TEXT NOT NULL,
        position INTEGER NOT NULL, kind TEXT NOT NULL, url TEXT NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, error TEXT, boot_id TEXT NOT NULL,
        due_ms INTEGER NOT NULL, due_mono_ms INTEGER NOT NULL,
        not_after_ms INTEGER NOT NULL, not_after_mono_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
        UNIQUE (lease_id, phase, position))""",
    "CREATE INDEX beacons_by_state ON beacons (state, beacon_id)",
)

JOURNAL_MIGRATIONS: tuple[Migration, ...] = (_FIRST,)
