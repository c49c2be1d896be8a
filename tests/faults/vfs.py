"""A layer under SQLite, in the very library that the journal uses: it sees every write and sync, and may refuse them.

SQLite reaches the disk through a table of functions (https://www.sqlite.org/vfs.html). The layer is a copy of the
system's own table with four functions replaced by ones that tell a ``Watcher`` first. Nothing of the journal's code
knows of it, and no other program does.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

OK, FULL, IOERR_WRITE, IOERR_FSYNC = 0, 13, 10 | 3 << 8, 10 | 4 << 8
_OPEN_DIRSYNC = 0x800 | 0x80000
"""``SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL``: their first sync also syncs the folder (os_unix.c)."""


class Watcher(Protocol):
    """Is told before each call, and answers with SQLite's result code: ``OK`` lets it go to the disk."""

    def write(self, path: str, offset: int, data: bytes) -> int:
        """``data`` at ``offset``."""

    def truncate(self, path: str, size: int) -> int:
        """Cut to ``size``."""

    def sync(self, path: str, *, folder: bool) -> int:
        """fsync of the file; ``folder``: its folder as well."""

    def delete(self, path: str, *, folder: bool) -> int:
        """Remove it; ``folder``: the folder is synced then."""


class _Vfs(ctypes.Structure):
    pass


_P = ctypes.c_void_p
# Names as bare pointers: SQLite keeps the one it gave to xOpen, and looks behind the end of the name for more.
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, _P, ctypes.c_int, _P)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int)
_Vfs._fields_ = [
    ("iVersion", ctypes.c_int),
    ("szOsFile", ctypes.c_int),
    ("mxPathname", ctypes.c_int),
    ("pNext", _P),
    ("zName", ctypes.c_char_p),
    ("pAppData", _P),
    ("xOpen", _OPEN),
    ("xDelete", _DELETE),
    ("others", _P * 16),
]


class _Methods(ctypes.Structure):
    _fields_ = (
        ("iVersion", ctypes.c_int),
        ("xClose", _P),
        ("xRead", _P),
        ("xWrite", _WRITE),
        ("xTruncate", _TRUNCATE),
        ("xSync", _SYNC),
        ("others", _P * 13),
    )


class Layer:
    """The functions, kept alive as long as SQLite may call them: for the rest of the process."""

    def __init__(self) -> None:
        """Raises ``RuntimeError`` where Python carries a SQLite of its own that cannot be reached."""
        self.watcher: Watcher | None = None
        self._making = threading.Lock()
        try:
            self._library: Any = ctypes.CDLL(_sqlite3.__file__)
            self._library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        except (AttributeError, OSError) as error:
            message = "this Python's SQLite is not a shared library; use the system's Python"
            raise RuntimeError(message) from error
        self._system = self._library.sqlite3_vfs_find(None).contents
        self._vfs = _Vfs()
        ctypes.memmove(ctypes.byref(self._vfs), ctypes.byref(self._system), ctypes.sizeof(_Vfs))
        self._vfs.zName, self._vfs.pNext = b"watched", None
        self._vfs.xOpen, self._vfs.xDelete = _OPEN(self._open), _DELETE(self._delete)
        self._tables: dict[int, tuple[_Methods, _Methods]] = {}
        """By the address of the system's: theirs and ours."""
        self._files: dict[int, tuple[str, _Methods, bool]] = {}
        self._library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1)

    @contextmanager
    def watched(self, watcher: Watcher) -> Iterator[None]:
        """Every database of this process is watched while it lasts."""
        self.watcher = watcher
        try:
            yield
        finally:
            self.watcher = None

    def _open(self, vfs: int, name: int | None, file: int, flags: int, out_flags: int | None) -> int:
        result = int(self._system.xOpen(vfs, name, file, flags, out_flags))
        if result == OK and name is not None:
            place = ctypes.cast(file, ctypes.POINTER(_P))
            theirs_at = int(place[0] or 0)
            theirs, ours = self._table(theirs_at)
            self._files[file] = (ctypes.string_at(name).decode(), theirs, bool(flags & _OPEN_DIRSYNC))
            place[0] = ctypes.addressof(ours)
        return result

    def _table(self, theirs_at: int) -> tuple[_Methods, _Methods]:
        with self._making:
            if theirs_at not in self._tables:
                theirs, ours = _Methods.from_address(theirs_at), _Methods()
                ctypes.memmove(ctypes.byref(ours), theirs_at, ctypes.sizeof(_Methods))
                ours.xWrite, ours.xSync = _WRITE(self._write), _SYNC(self._sync)
                ours.xTruncate = _TRUNCATE(self._truncate)
                self._tables[theirs_at] = (theirs, ours)
            return self._tables[theirs_at]

    def _delete(self, vfs: int, name: int, sync_folder: int) -> int:
        path = ctypes.string_at(name).decode()
        answer = self.watcher.delete(path, folder=bool(sync_folder)) if self.watcher else OK
        return answer or int(self._system.xDelete(vfs, name, sync_folder))

    def _write(self, file: int, data: int, count: int, offset: int) -> int:
        path, theirs, _ = self._files[file]
        answer = self.watcher.write(path, offset, ctypes.string_at(data, count)) if self.watcher else OK
        return answer or int(theirs.xWrite(file, data, count, offset))

    def _truncate(self, file: int, size: int) -> int:
        path, theirs, _ = self._files[file]
        answer = self.watcher.truncate(path, size) if self.watcher else OK
        return answer or int(theirs.xTruncate(file, size))

    def _sync(self, file: int, flags: int) -> int:
        path, theirs, syncs_folder = self._files[file]
        self._files[file] = (path, theirs, False)
        answer = self.watcher.sync(path, folder=syncs_folder) if self.watcher else OK
        return answer or int(theirs.xSync(file, flags))


SQLITE = sqlite3.sqlite_version
