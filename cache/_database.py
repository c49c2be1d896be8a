"""One SQLite file: opened safely, kept whole, migrated, and written in short transactions."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cache._clock import Clock
from cache._store import sync_folder
from config import Code, OohError

log = logging.getLogger("ooh.cache")

Migration = tuple[str, ...]
"""The statements of one step of the schema; step n brings ``PRAGMA user_version`` to n."""

_BUSY_SECONDS = 5.0
_TRIES = 3
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


class _DamagedError(sqlite3.DatabaseError):
    """quick_check found damage."""


class Database:
    """One connection, shared by the threads of a process under a lock; other processes have their own.

    The file may be replaced under a running process (another one found it damaged and set it aside): every
    transaction looks at the inode first and opens the new file when it changed.
    """

    def __init__(self, path: Path, plan: Plan, clock: Clock, *, check: bool = True) -> None:
        """Open, or make, and migrate. Damage is put away and a new file begun.

        Raises ``OohError`` (``plan.unavailable``).
        """
        self._path = path
        self._plan = plan
        self._clock = clock
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._closed = False
        self._to_salvage: Path | None = None
        with self._lock, self._failures_named():
            self._open(check=check)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, all or nothing, on disk when this returns. Not to be nested. Raises ``OohError``."""
        with self._lock, self._failures_named():
            connection = self._current()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite has rolled back by itself, or will when it is opened again
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view. Read to the end inside: an open view keeps the WAL from being emptied."""
        with self._lock, self._failures_named():
            connection = self._current()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                with suppress(sqlite3.Error):
                    connection.execute("COMMIT")

    def close(self) -> None:
        """Close for good; the last process to close empties the WAL."""
        with self._lock:
            self._closed = True
            self._detach()

    def _current(self) -> sqlite3.Connection:
        if self._closed:
            raise OohError(self._plan.unavailable, f"{self._path.name} is closed")
        if self._connection is None or _inode(self._path) != self._inode:
            self._detach()
            self._open(check=False)
        if self._connection is None:  # pragma: no cover - _open raises or connects
            raise OohError(self._plan.unavailable, f"{self._path.name} could not be opened")
        return self._connection

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            detail = f"{self._path.name}: {error}"
            if _is_damage(error):
                self._detach()
                self._put_away(self._inode)
            raise OohError(self._plan.unavailable, detail) from error
        except OSError as error:
            raise OohError(self._plan.unavailable, f"{self._path.name}: {error.strerror or error}") from error

    def _open(self, *, check: bool) -> None:
        for _ in range(_TRIES):
            try:
                connection = self._attach()
                migrate(connection, self._plan)
                self._check(connection, wanted=check)
                self._salvage(connection)
            except sqlite3.DatabaseError as error:
                self._detach()
                if not _is_damage(error):
                    raise
                self._put_away(self._inode)
            except BaseException:
                self._detach()
                raise
            else:
                return
        raise OohError(self._plan.unavailable, f"{self._path.name} is damaged as soon as it is written")

    def _attach(self) -> sqlite3.Connection:
        is_new = not self._path.exists()
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self._connection = connection
        self._inode = _inode(self._path)
        # This order: the change to WAL itself is then also safe against a power cut (DESIGN section 5, Durability).
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute("PRAGMA journal_mode=WAL").fetchone()
        connection.execute(f"PRAGMA synchronous={'FULL' if self._plan.durable else 'NORMAL'}")
        connection.execute(f"PRAGMA journal_size_limit={_WAL_BYTES}")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute(f"PRAGMA max_page_count={_most_pages(connection, self._path.parent)}")
        self._inode = _inode(self._path)
        if is_new:
            sync_folder(self._path.parent)
        return connection

    def _check(self, connection: sqlite3.Connection, *, wanted: bool) -> None:
        # Once a boot: reading every page of a large journal takes seconds on a card. Damage that is met later
        # raises by itself and is put away then.
        boot = self._clock.boot_id()
        checked = connection.execute("SELECT value FROM meta WHERE key = 'checked_boot'").fetchone()
        if not wanted or (boot and checked == (boot,)):
            return
        finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if finding != "ok":
            raise _DamagedError(str(finding))
        with suppress(sqlite3.OperationalError):  # a full or read-only disk: readable all the same
            connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES ('checked_boot', ?)", (boot,))

    def _salvage(self, connection: sqlite3.Connection) -> None:
        kept, self._to_salvage = self._to_salvage, None
        if kept is not None and self._plan.salvage is not None:
            found = self._plan.salvage(connection, kept)
            log.warning("database.salvaged", extra={"facts": {"from": kept.name, "found": found}})

    def _detach(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _put_away(self, inode: int) -> None:
        """Put the damaged file away once, whichever process sees it first."""
        with self._path.with_suffix(".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _inode(self._path) != inode:
                return
            done = "removed" if self._plan.rebuildable else self._set_aside()
            _each_part(self._path, lambda part, _tail: part.unlink())
            sync_folder(self._path.parent)
            log.error("database.damaged", extra={"facts": {"code": self._plan.damaged.code, "done": done}})

    def _set_aside(self) -> str:
        kept = self._path.with_name(f"{self._path.name}.corrupt-{self._clock.now():%Y%m%dT%H%M%S.%fZ}")
        _each_part(self._path, lambda part, tail: part.rename(kept.with_name(kept.name + tail)))
        self._to_salvage = kept
        return f"kept as {kept.name}"


def migrate(connection: sqlite3.Connection, plan: Plan) -> None:
    """Bring the schema to the last step, each step one transaction with its version. Raises ``sqlite3.Error``.

    Raises ``OohError`` when a newer player wrote the file: an older one must not guess at what it means.
    """
    for _ in range(len(plan.migrations) + 1):
        if _version(connection, plan) == len(plan.migrations):
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            done = _version(connection, plan)  # again, inside: another process may have been first
            for statement in plan.migrations[done] if done < len(plan.migrations) else ():
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={min(done + 1, len(plan.migrations))}")
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise


def _version(connection: sqlite3.Connection, plan: Plan) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(plan.migrations):
        if plan.rebuildable:
            raise _DamagedError("of a newer player")
        detail = f"{plan.name} has schema {version} of a newer player; this one knows {len(plan.migrations)}"
        raise OohError(plan.unavailable, detail)
    return version


def _each_part(path: Path, act: Callable[[Path, str], object]) -> None:
    # The WAL first: were the database to go first and the power then, a new database would meet the old WAL.
    for tail in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            act(path.with_name(path.name + tail), tail)


def _most_pages(connection: sqlite3.Connection, folder: Path) -> int:
    """A bound that is met before the disk is full: in WAL mode a full disk leaves no room even to delete."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    free_bytes = shutil.disk_usage(folder).free
    return int(pages) + max(_LEAST_ROOM_BYTES, (free_bytes - _RESERVE_BYTES) // 2) // int(page_bytes)


def _inode(path: Path) -> int:
    try:
        return os.stat(path).st_ino  # noqa: PTH116 - every transaction does this: no Path object for it
    except FileNotFoundError:
        return 0


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) or 0
    return isinstance(error, _DamagedError) or code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
