"""The store: creatives and plates as files named by their sha256."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cache._folders import make_folder
from config import Code, OohError

StoredKind = Literal["creative", "plate"]
_KINDS: tuple[StoredKind, ...] = ("creative", "plate")
_NAME = re.compile(r"([0-9a-f]{64})\.(creative|plate)")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NEW = ".new-"
_ABANDONED_AFTER_SECONDS = 3600
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of the store. ``used_at`` is when it was put or last touched, UTC."""

    sha256: str
    kind: StoredKind
    size_bytes: int
    used_at: datetime


class Store:
    """Content-addressed files ``store/ab/abcdef….creative`` and ``.plate``, within a byte budget.

    A file is whole or not there: temp in the same folder, hash, fsync, rename, fsync the folder. The name says what
    the bytes were; :meth:`verify` says whether they still are. The time of last use is the file's own mtime, so a
    touch costs no transaction and the screen needs no database to find a plate.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """Open or make it, and clear what a crash left half-written. Raises ``OohError`` (CACHE_UNAVAILABLE)."""
        self._folder = folder
        self.max_bytes = max_bytes
        make_folder(folder)
        self._sweep()

    def put_bytes(self, data: bytes, kind: StoredKind) -> str:
        """Keep bytes; returns their sha256. Raises ``OohError`` (CACHE_FULL, CACHE_UNAVAILABLE)."""
        with _io(self._folder):
            sha256 = hashlib.sha256(data).hexdigest()
            if self._known(sha256, kind):
                return sha256
            self._refuse_beyond_budget(len(data))
            temp = self._temp()
            try:
                with temp.open("xb") as file:
                    file.write(data)
                self._settle(temp, sha256, kind)
            finally:
                temp.unlink(missing_ok=True)
            return sha256

    def put_file(self, source: Path, kind: StoredKind) -> str:
        """Move a file in; returns its sha256. Raises ``OohError`` (CACHE_UNAVAILABLE, CACHE_FULL).

        When the budget refuses it, ``source`` stays. Only a regular file is taken, never a link:
        it may come from a process that decodes hostile creatives.
        """
        with _io(source):
            status = source.lstat()
            if not stat.S_ISREG(status.st_mode):
                raise OohError(Code.CACHE_UNAVAILABLE, f"{source} is not a regular file")
            self._refuse_beyond_budget(status.st_size)
            temp = self._temp()
            try:
                _move(source, temp)
                sha256 = _hash(temp)
                if not self._known(sha256, kind):
                    self._settle(temp, sha256, kind)
            finally:
                temp.unlink(missing_ok=True)
            return sha256

    def path(self, sha256: str) -> Path | None:
        """Where the file is, or None. Touches no database and reads no bytes."""
        if not _SHA256.fullmatch(sha256):
            return None
        return next((path for kind in _KINDS if (path := self._path(sha256, kind)).is_file()), None)

    def verify(self, sha256: str) -> bool:
        """Hash the file: True when it is what its name says. A wrong one is removed; a missing one is False.

        Files renamed before a power cut can have the right name and wrong bytes: verify on the first use of a boot.
        """
        path = self.path(sha256)
        if path is None:
            return False
        with _io(path):
            if _hash(path) == sha256:
                return True
            path.unlink(missing_ok=True)
            return False

    def files(self) -> Iterator[StoredFile]:
        """Every file, in no order. One that goes while this runs is left out."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            match = _NAME.fullmatch(path.name)
            if match is None:
                continue
            with suppress(FileNotFoundError):
                status = path.stat()
                kind: StoredKind = "plate" if match[2] == "plate" else "creative"
                used_at = datetime.fromtimestamp(status.st_mtime, UTC)
                yield StoredFile(match[1], kind, status.st_size, used_at)

    def touch(self, sha256: str, used_at: datetime) -> None:
        """Note that it was used; nothing when it is not there."""
        path = self.path(sha256)
        if path is not None:
            with _io(path), suppress(FileNotFoundError):
                os.utime(path, (used_at.timestamp(), used_at.timestamp()))

    def remove(self, sha256: str) -> None:
        """Remove it, whichever kind; nothing when it is not there."""
        with _io(self._folder):
            for kind in _KINDS:
                self._path(sha256, kind).unlink(missing_ok=True)

    def total_bytes(self) -> int:
        """The sum of all files."""
        return sum(file.size_bytes for file in self.files())

    def _path(self, sha256: str, kind: StoredKind) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.{kind}"

    def _temp(self) -> Path:
        return self._folder / f"{_NEW}{os.getpid()}-{secrets.token_hex(8)}"

    def _known(self, sha256: str, kind: StoredKind) -> bool:
        """True when the same bytes are kept already. Hashed, so that putting again mends a damaged file."""
        path = self._path(sha256, kind)
        return path.is_file() and _hash(path) == sha256

    def _refuse_beyond_budget(self, more_bytes: int) -> None:
        held_bytes = self.total_bytes()
        if held_bytes + more_bytes > self.max_bytes:
            detail = f"{held_bytes} bytes held and {more_bytes} more are over {self.max_bytes}"
            raise OohError(Code.CACHE_FULL, detail)

    def _settle(self, temp: Path, sha256: str, kind: StoredKind) -> None:
        path = self._path(sha256, kind)
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._folder)
        with temp.open("rb") as file:
            os.fchmod(file.fileno(), 0o400)
            os.fsync(file.fileno())
        temp.replace(path)
        sync_folder(path.parent)

    def _sweep(self) -> None:
        """Remove temps of dead writers; a young one may belong to a living process."""
        # The machine's wall clock, as the mtimes are: a wrong one only delays or hastens the sweep of garbage.
        oldest = time.time() - _ABANDONED_AFTER_SECONDS
        for temp in self._folder.glob(f"{_NEW}*"):
            with suppress(OSError):
                if temp.lstat().st_mtime < oldest:
                    temp.unlink()


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive the power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _move(source: Path, temp: Path) -> None:
    """Rename, or copy when it is on another file system; a failed copy leaves ``source``."""
    try:
        source.rename(temp)
    except OSError:
        shutil.copyfile(source, temp, follow_symlinks=False)
        source.unlink()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _io(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OohError(Code.CACHE_UNAVAILABLE, f"{path}: {error.strerror or error}") from error
