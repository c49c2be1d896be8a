"""The records: SQLite, on disk before the answer, with the same sequence numbers after any restart."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS stream (name TEXT PRIMARY KEY, shards INTEGER NOT NULL, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS record (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    shard INTEGER NOT NULL,
    partition_key TEXT NOT NULL,
    data BLOB NOT NULL,
    arrived_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS record_by_shard ON record (stream, shard, number);
"""
_SEQUENCE_BASE = 49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000
"""56 digits, as Kinesis' own numbers have: they sort as text as they do as numbers."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to keep."""

    shard: int
    partition_key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record that was kept. ``arrived_at``: seconds since the Unix epoch."""

    number: int
    partition_key: str
    data: bytes
    arrived_at: float


def sequence_number(number: int) -> str:
    """A record's number as Kinesis shows it."""
    return str(_SEQUENCE_BASE + number)


def number_of(sequence: str) -> int:
    """The reverse; ``ValueError`` for text that is none of ours."""
    number = int(sequence) - _SEQUENCE_BASE
    if number < 0:
        msg = f"{sequence} is not a sequence number of this stream"
        raise ValueError(msg)
    return number


class Store:
    """Streams and records; safe to use from all threads of the server."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._db = sqlite3.connect(folder / "stream.db", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def create(self, name: str, shards: int) -> bool:
        """Make a stream; False when there is one of that name."""
        with self._lock:
            made = self._db.execute("INSERT OR IGNORE INTO stream VALUES (?, ?, ?)", (name, shards, time.time()))
            return made.rowcount == 1

    def stream(self, name: str) -> tuple[int, float] | None:
        """Its number of shards and when it was made, or None."""
        with self._lock:
            row = self._db.execute("SELECT shards, created_at FROM stream WHERE name = ?", (name,)).fetchone()
        return None if row is None else (int(row[0]), float(row[1]))

    def names(self) -> list[str]:
        """All streams."""
        with self._lock:
            return [row[0] for row in self._db.execute("SELECT name FROM stream ORDER BY name")]

    def append(self, stream: str, records: Iterable[NewRecord]) -> list[int]:
        """Keep the records, all in one transaction that is on disk on return; their numbers, in order."""
        arrived_at = time.time()
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                numbers = [self._insert(stream, record, arrived_at) for record in records]
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        return numbers

    def _insert(self, stream: str, record: NewRecord, arrived_at: float) -> int:
        row = self._db.execute(
            "INSERT INTO record (stream, shard, partition_key, data, arrived_at) VALUES (?, ?, ?, ?, ?)",
            (stream, record.shard, record.partition_key, record.data, arrived_at),
        )
        return row.lastrowid or 0

    def after(self, stream: str, shard: int, number: int, limit: int) -> list[StoredRecord]:
        """Up to ``limit`` records of a shard behind ``number``, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT number, partition_key, data, arrived_at FROM record"
                " WHERE stream = ? AND shard = ? AND number > ? ORDER BY number LIMIT ?",
                (stream, shard, number, limit),
            ).fetchall()
        return [StoredRecord(*row) for row in rows]

    def last_number(self, stream: str, shard: int) -> int:
        """The newest record of a shard; 0 when it has none."""
        with self._lock:
            row = self._db.execute(
                "SELECT max(number) FROM record WHERE stream = ? AND shard = ?", (stream, shard)
            ).fetchone()
        return int(row[0] or 0)

    def number_before(self, stream: str, shard: int, arrived_at: float) -> int:
        """The newest record that came before a time; 0 when none did."""
        with self._lock:
            row = self._db.execute(
                "SELECT max(number) FROM record WHERE stream = ? AND shard = ? AND arrived_at < ?",
                (stream, shard, arrived_at),
            ).fetchone()
        return int(row[0] or 0)

    def count(self) -> int:
        """All records of all streams."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM record").fetchone()[0])
