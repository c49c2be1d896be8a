"""The schema of journal.db: leases, plays, their delivery and their beacons.

Kind to the card: a commit writes every page it touched, so indexes hold only rows that are looked for, and no step
of a lease touches one but its first and its last. The planner takes a partial index only when a query repeats its
condition word for word. What only grows is counted in `meta`, whose page the commit writes anyway: counting rows
costs 160 ms with 300,000 plays (measured), and the agent tells its counts after every job.
Pages stay at 4 KiB, a block of the file system: smaller ones would share a block, and a cut while it is written
could spoil a neighbour that the WAL does not hold.
"""

from __future__ import annotations

from cache._database_file import Migration

_FIRST: Migration = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    # Leases. `place` is the order of offer; `body` and `plate` are the JSON of Lease and Plate, gone when played.
    # `ended_ms` is NULL until the lease is played, released or failed; `history` is [[state, at_ms, reason], …].
    """CREATE TABLE leases (
        place INTEGER PRIMARY KEY, lease_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, ended_ms INTEGER,
        not_before_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
        creative_sha256 TEXT, plate_key TEXT, plate_sha256 TEXT, plate BLOB, body BLOB, history TEXT NOT NULL)""",
    "CREATE INDEX leases_live ON leases (place) WHERE ended_ms IS NULL",
    "CREATE INDEX leases_unshown ON leases (ended_ms) WHERE state IN ('RELEASED', 'FAILED')",
    # Plays. `opened` is what was known at the first frame; `record` is the finished record's very bytes.
    """CREATE TABLE plays (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, lease_id TEXT,
        started_ms INTEGER NOT NULL, opened BLOB, closed_ms INTEGER, end_reason TEXT, record BLOB)""",
    "CREATE INDEX plays_open ON plays (seq) WHERE record IS NULL",
    # What became of a play at each sink.
    """CREATE TABLE deliveries (
        seq INTEGER NOT NULL, sink TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        shard_id TEXT, sequence_number TEXT, error TEXT, updated_ms INTEGER NOT NULL,
        PRIMARY KEY (seq, sink)) WITHOUT ROWID""",
    "CREATE INDEX deliveries_undone ON deliveries (sink, state, seq) WHERE state <> 'DELIVERED'",
    # Beacons. Deadlines are kept in wall time and, for the boot they were made in, in monotonic time.
    """CREATE TABLE beacons (
        beacon_id INTEGER PRIMARY KEY, lease_id TEXT NOT NULL, phase TEXT NOT NULL,
        position INTEGER NOT NULL, kind TEXT NOT NULL, url TEXT NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, error TEXT, boot_id TEXT NOT NULL,
        due_ms INTEGER NOT NULL, due_mono_ms INTEGER NOT NULL,
        not_after_ms INTEGER NOT NULL, not_after_mono_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
        UNIQUE (lease_id, phase, position))""",
    "CREATE INDEX beacons_undone ON beacons (state, beacon_id) WHERE state <> 'DELIVERED'",
)

_SETTLING: Migration = (
    # A lease that ended is unsettled until its dialect has said what to call. `seq` is its play's.
    "ALTER TABLE leases ADD COLUMN unsettled INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE leases ADD COLUMN seq INTEGER",
    "CREATE INDEX leases_unsettled ON leases (place) WHERE unsettled = 1",
    "ALTER TABLE beacons ADD COLUMN method TEXT NOT NULL DEFAULT 'GET'",
    "ALTER TABLE beacons ADD COLUMN body TEXT",
    "ALTER TABLE beacons ADD COLUMN content_type TEXT",
)

_HOLDING: Migration = (
    # A play that is closed and waits for the clock to be set: its record without times that hold, hash and signature.
    "ALTER TABLE plays ADD COLUMN held BLOB",
)

_LEANER: Migration = (
    # Two pages fewer a play: what is unfinished lies above `plays:finished_to` in `meta`, which is written anyway.
    "DROP INDEX plays_open",
)

JOURNAL_MIGRATIONS: tuple[Migration, ...] = (_FIRST, _SETTLING, _HOLDING, _LEANER)
