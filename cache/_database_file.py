"""A database's file: opened with the right pragmas, migrated, checked, and put away when damaged."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cache._clock import Clock
from cache._store import sync_folder
from config import Code, OohError

Migration = tuple[str, ...]
"""The statements of one step of the schema; step n brings ``PRAGMA user_version`` to n."""

_OLDEST_READER = "oldest_reader"
BUSY_SECONDS = 5.0
_LOCK_TRY_SECONDS = 0.02
_LEAST_ROOM_BYTES = 4 << 20
_RESERVE_BYTES = 64 << 20
_WAL_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What a database is: its name, its schema, what its loss costs and what its failures are called."""

    name: str
    migrations: tuple[Migration, ...]
    durable: bool
    """True: a commit survives the power (synchronous=FULL). False: the file is whole, the last commits may be gone."""
    unavailable: Code
    damaged: Code
    rebuildable: bool
    """True: a damaged file is removed, for all in it can be made again. False: it is set aside and kept."""
    salvage: Callable[[sqlite3.Connection, Path], str] | None = None
    """Fills the new database from the file set aside, as far as that can be read; says what it found."""
    oldest_reader: int | None = None
    """The lowest schema whose player may still use this one: one that knows only its tables and columns. None: its own.

    An upgrade that fails its trial is rolled back, with the journal that it has migrated: steps above this number add
    tables, indexes and columns with defaults, and nothing else.
    """


class DamagedError(sqlite3.DatabaseError):
    """The file is not a whole database of ours."""


def is_damage(error: sqlite3.Error) -> bool:
    """True when the file's content is at fault, not its disk, its rights or its locks."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    return isinstance(error, DamagedError) or code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def inode(path: Path) -> int:
    """Which file the name means now; 0 for none."""
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - every transaction asks: no Path objects for it
    except FileNotFoundError:
        return 0


def attach(path: Path, plan: Plan) -> sqlite3.Connection:
    """Connect, in WAL mode. Raises ``sqlite3.Error``."""
    is_new = not path.exists()
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        # This order: the change to WAL itself is then also safe against a power cut (DESIGN section 5, Durability).
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
        connection.execute(f"PRAGMA synchronous={'FULL' if plan.durable else 'NORMAL'}")
        connection.execute(f"PRAGMA journal_size_limit={_WAL_BYTES}")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute(f"PRAGMA max_page_count={_most_pages(connection, path.parent)}")
    except BaseException:
        connection.close()
        raise
    if is_new:
        sync_folder(path.parent)
    return connection


def migrate(connection: sqlite3.Connection, plan: Plan) -> None:
    """Bring the schema to the last step, each step one transaction with its version. Raises ``sqlite3.Error``.

    Raises ``OohError`` when a newer player wrote the file and does not say that this one may use it.
    """
    while (done := _version(connection, plan)) < len(plan.migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection, plan) == done:  # else another process was first
                for statement in plan.migrations[done]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={done + 1}")
                if plan.oldest_reader is not None:
                    told = (_OLDEST_READER, plan.oldest_reader)
                    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", told)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise


def check(connection: sqlite3.Connection, boot_id: str) -> None:
    """Read the whole file once per boot. Raises ``DamagedError``.

    Not at every opening: reading a large journal takes seconds on a card. Damage that is met later raises by itself.
    """
    checked = connection.execute("SELECT value FROM meta WHERE key = 'checked_boot'").fetchone()
    if boot_id and checked == (boot_id,):
        return
    finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if finding != "ok":
        raise DamagedError(str(finding))
    with suppress(sqlite3.OperationalError):  # a full or read-only disk: readable all the same
        connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('checked_boot', ?)", (boot_id,))


def set_aside(path: Path, clock: Clock) -> Path:
    """Rename a damaged file to ``<name>.corrupt-<UTC>`` with its WAL; returns the new path."""
    kept = path.with_name(f"{path.name}.corrupt-{clock.now():%Y%m%dT%H%M%S.%fZ}")
    for tail in _TAILS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + tail).rename(kept.with_name(kept.name + tail))
    sync_folder(path.parent)
    return kept


def remove(path: Path) -> None:
    """Remove a damaged file that can be made again, with its WAL."""
    for tail in _TAILS:
        path.with_name(path.name + tail).unlink(missing_ok=True)
    sync_folder(path.parent)


# The WAL first: were the database to go first and the power then, a new database would meet the old WAL.
_TAILS = ("-wal", "-shm", "")


class FileLock:
    """Who may replace the file: writers share it, one who opens or puts away has it alone (flock(2))."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """While a transaction writes: the file stays the one that its name means."""
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While the file is opened, migrated or put away: nobody writes."""
        with self._held(fcntl.LOCK_EX):
            yield

    def close(self) -> None:
        """Give it back."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        # Tried, not waited for: a stopped process that holds it must not stop this one for ever.
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                fcntl.flock(self._handle, how | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_LOCK_TRY_SECONDS)
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)


def _version(connection: sqlite3.Connection, plan: Plan) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(plan.migrations):
        oldest = _oldest_reader(connection)
        if oldest is not None and oldest <= len(plan.migrations):
            return len(plan.migrations)
        detail = f"{plan.name} has schema {version} of a newer player; this one knows {len(plan.migrations)}"
        if plan.rebuildable:
            raise DamagedError(detail)
        raise OohError(plan.unavailable, detail)
    return version


def _oldest_reader(connection: sqlite3.Connection) -> int | None:
    """What the newer player that wrote the file says of older ones; None when it says nothing."""
    with suppress(sqlite3.OperationalError):  # no such table
        told = connection.execute("SELECT value FROM meta WHERE key = ?", (_OLDEST_READER,)).fetchone()
        if told is not None and isinstance(told[0], int):
            return told[0]
    return None


def _most_pages(connection: sqlite3.Connection, folder: Path) -> int:
    """A bound that is met before the disk is full: in WAL mode a full disk leaves no room even to delete."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    free_bytes = shutil.disk_usage(folder).free
    return int(pages) + max(_LEAST_ROOM_BYTES, (free_bytes - _RESERVE_BYTES) // 2) // int(page_bytes)
