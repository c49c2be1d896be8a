"""One SQLite database: short transactions from many threads and processes, and what happens when it is damaged."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cache._clock import Clock
from cache._database_file import FileLock, Plan, attach, check, inode, is_damage, migrate, remove, set_aside
from cache._written import thread_written_bytes
from config import OohError

log = logging.getLogger("ooh.cache")


class Database:
    """One connection, shared by the threads of a process under a lock; other processes have their own.

    A damaged file is put away and a new one begun by the process that meets the damage first. The others notice by
    the inode: every transaction looks whether the name still means the file it has open, and opens the new one when
    not. A file lock keeps the file in its place while a transaction writes, so that nothing is committed to one that
    was just put away.
    """

    def __init__(self, path: Path, plan: Plan, clock: Clock, *, checked: bool = True) -> None:
        """Open, or make, and migrate; with ``checked`` read all of it once a boot. Raises ``OohError``."""
        self._path = path
        self._plan = plan
        self._clock = clock
        self._threads = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._closed = False
        self._written = (0, 0)
        with self._failures_named():
            self._file_lock = FileLock(path.with_suffix(".lock"))
        try:
            with self._threads, self._failures_named():
                self._open()
                if checked:
                    check(self._current(), clock.boot_id())
        except OohError:
            if not self._is_open():  # else it was damaged, which is logged, and a new one is open
                self._file_lock.close()
                raise

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, all or nothing, on disk when this returns. Not to be nested. Raises ``OohError``."""
        with self._threads, self._failures_named():
            self._reopen_if_replaced()
            with self._file_lock.shared():
                connection = self._current()
                connection.execute("BEGIN IMMEDIATE")
                before = thread_written_bytes()
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    self._roll_back(connection)
                    raise
                self._count_written(before)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view. Read to the end inside: an open view keeps the WAL from being emptied."""
        with self._threads, self._failures_named():
            self._reopen_if_replaced()
            connection = self._current()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                self._roll_back(connection)

    def take_written(self) -> tuple[int, int]:
        """Bytes written and commits made since this was asked last; (0, 0) where the kernel does not count."""
        with self._threads:
            written, self._written = self._written, (0, 0)
            return written

    def kept_files(self) -> tuple[str, ...]:
        """Damaged files that were set aside here, by name, the newest last."""
        found = self._path.parent.glob(f"{self._path.name}.corrupt-*")
        return tuple(sorted(path.name for path in found if not path.name.endswith(("-wal", "-shm"))))

    def close(self) -> None:
        """Close for good; the last process to close empties the WAL."""
        with self._threads:
            self._closed = True
            self._detach()
            self._file_lock.close()

    def _is_open(self) -> bool:
        return self._connection is not None

    def _current(self) -> sqlite3.Connection:
        """The connection, certain to be of the file that the name means. Raises ``OohError``."""
        if self._connection is None or self._inode != inode(self._path):
            raise OohError(self._plan.unavailable, f"{self._path.name} was replaced just now")
        return self._connection

    def _reopen_if_replaced(self) -> None:
        if self._closed:
            raise OohError(self._plan.unavailable, f"{self._path.name} is closed")
        if self._connection is None or self._inode != inode(self._path):
            self._open()

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        """SQLite's and the system's errors become ours; damage is mended for the next call."""
        try:
            yield
        except sqlite3.Error as error:
            if is_damage(error):
                self._begin_anew(error)
            raise OohError(self._plan.unavailable, f"{self._path.name}: {error}") from error
        except OSError as error:
            raise OohError(self._plan.unavailable, f"{self._path.name}: {error.strerror or error}") from error

    def _open(self) -> None:
        """Open the file that is there. Raises ``sqlite3.Error``, ``OSError``, ``OohError``."""
        self._detach()
        with self._file_lock.alone():
            self._attach()

    def _begin_anew(self, damage: sqlite3.Error) -> None:
        """Put the damaged file away, unless another process did, and open its successor. Raises ``OohError``."""
        self._detach()
        try:
            with self._file_lock.alone():
                if inode(self._path) == self._inode:
                    kept = self._put_away(damage)
                    self._attach()
                    self._salvage(kept)
                else:
                    self._attach()
        except (sqlite3.Error, OSError) as error:
            self._detach()
            raise OohError(self._plan.unavailable, f"{self._path.name}: {error}") from error

    def _attach(self) -> None:
        # The inode first: SQLite may find the damage on opening, and what is put away is what was opened.
        self._inode = inode(self._path)
        connection = attach(self._path, self._plan)
        try:
            migrate(connection, self._plan)
        except BaseException:
            connection.close()
            raise
        self._inode = inode(self._path)
        self._connection = connection

    def _put_away(self, damage: sqlite3.Error) -> Path | None:
        facts = {"code": self._plan.damaged.code, "file": self._path.name, "damage": str(damage)}
        if self._plan.rebuildable:
            remove(self._path)
            log.warning("database.removed", extra={"facts": facts})
            return None
        kept = set_aside(self._path, self._clock)
        log.error("database.set_aside", extra={"facts": {**facts, "kept": kept.name}})
        return kept

    def _salvage(self, kept: Path | None) -> None:
        if kept is not None and self._plan.salvage is not None and self._connection is not None:
            try:
                found = self._plan.salvage(self._connection, kept)
            except sqlite3.Error as error:
                found = f"nothing ({error})"
            log.warning("database.salvaged", extra={"facts": {"file": kept.name, "found": found}})

    def _count_written(self, before: int | None) -> None:
        after = thread_written_bytes()
        if before is not None and after is not None and after > before:
            self._written = (self._written[0] + after - before, self._written[1] + 1)

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        if not connection.in_transaction:
            return  # SQLite did it by itself
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            log.warning("database.rollback", extra={"facts": {"file": self._path.name, "error": str(error)}})
            self._detach()  # a new connection is the one sure way out

    def _detach(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
