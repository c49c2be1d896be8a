"""A download that is not finished: its bytes so far, kept for the next try, also over a restart of the agent."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from cache import read_json
from config import Code, OohError
from player.fetch._shapes import HttpAnswer
from player.fetch._validators import announced_bytes, content_range, strong_validator, wanted_sha256

MOST_KEPT = 8
"""Unfinished downloads that are kept; the newest stay, together with at most twice the bytes of one download."""
_CHECKPOINT_BYTES = 2_097_152
_PIECE_BYTES = 1_048_576


class StaleError(Exception):
    """What was kept is no part of what the server has now: begin anew."""


class Note(msgspec.Struct, frozen=True):
    """What is known of the bytes kept. A cut of the power may leave others behind, so they are hashed again."""

    validator: str
    total_bytes: int | None
    size_bytes: int
    sha256: str


class Partial:
    """One download under way. Bytes count once they are noted: beyond the last note, a dead agent's are dropped."""

    def __init__(self, file: BinaryIO, path: Path, note_path: Path | None, max_bytes: int) -> None:
        self._file = file
        self._path = path
        self._note_path = note_path
        self._max_bytes = max_bytes
        self._noted_bytes = 0
        self._total_bytes: int | None = None
        self._wanted_sha256: str | None = None
        self._digest = hashlib.sha256()
        self.validator: str | None = None
        self.size_bytes = 0
        self.resumed_bytes = 0
        """How many of them came with earlier tries."""
        self._recall()

    @property
    def sha256(self) -> str:
        """Of all bytes, the kept ones too."""
        return self._digest.hexdigest()

    def asks(self) -> dict[str, str]:
        """The headers that ask for the rest, if it is still the same file (RFC 9110 §13.1.5, §14.2)."""
        if self.validator is None or not self.size_bytes:
            return {}
        return {"Range": f"bytes={self.size_bytes}-", "If-Range": self.validator}

    def begin(self, head: HttpAnswer) -> None:
        """The answer's head, before its body. Raises ``StaleError``; ``OohError`` FETCH_TOO_LARGE."""
        if head.status == 206:
            self._go_on(head)
        elif head.status == 200:
            self.restart()
            self.validator = strong_validator(head.headers)
            self._total_bytes = announced_bytes(head.headers)
        self._wanted_sha256 = wanted_sha256(head.headers)

    def take(self, piece: bytes) -> None:
        """More of the body. Raises ``OohError`` FETCH_TOO_LARGE."""
        self._file.write(piece)
        self._digest.update(piece)
        self.size_bytes += len(piece)
        if self.size_bytes > self._max_bytes:
            raise OohError(Code.FETCH_TOO_LARGE, f"more than the {self._max_bytes} bytes allowed")
        if self.size_bytes - self._noted_bytes >= _CHECKPOINT_BYTES:
            self.note()

    def restart(self) -> None:
        """Forget the bytes so far."""
        self._file.seek(0)
        self._file.truncate()
        self._digest = hashlib.sha256()
        self.validator, self._total_bytes = None, None
        self.size_bytes = self.resumed_bytes = self._noted_bytes = 0
        if self._note_path is not None:
            self._note_path.unlink(missing_ok=True)

    def note(self) -> None:
        """Make the bytes so far worth keeping."""
        self._noted_bytes = self.size_bytes
        if self._note_path is None or self.validator is None or not self.size_bytes:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        note = Note(self.validator, self._total_bytes, self.size_bytes, self.sha256)
        fresh = self._note_path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(note))
        fresh.replace(self._note_path)

    def finish(self, into: Path) -> Path:
        """Whole: moved to a new file in ``into``. Raises ``OohError`` FETCH_NETWORK when it is not as promised."""
        if self._total_bytes is not None and self.size_bytes != self._total_bytes:
            raise OohError(Code.FETCH_NETWORK, f"{self.size_bytes} of {self._total_bytes} bytes came")
        if self._wanted_sha256 not in (None, self.sha256):
            self.restart()
            raise OohError(Code.FETCH_NETWORK, "the bytes are not those that the server names by their hash")
        self._file.flush()
        descriptor, name = tempfile.mkstemp(dir=into, prefix="fetch-")
        os.close(descriptor)
        self._path.replace(name)
        self.forget()
        return Path(name)

    def forget(self) -> None:
        """Keep nothing."""
        self.validator = None
        self._path.unlink(missing_ok=True)
        if self._note_path is not None:
            self._note_path.unlink(missing_ok=True)

    def _go_on(self, head: HttpAnswer) -> None:
        """A 206 must go on at the very byte, of the same file."""
        span = content_range(head.headers)
        now = strong_validator(head.headers)
        if not self.asks() or span is None or span.start != self.size_bytes:
            raise StaleError
        if now not in (None, self.validator) and "etag" in head.headers:
            raise StaleError
        if None not in (span.total, self._total_bytes) and span.total != self._total_bytes:
            raise StaleError
        self._total_bytes = span.total or self._total_bytes
        if self._total_bytes is not None and self._total_bytes > self._max_bytes:
            raise OohError(Code.FETCH_TOO_LARGE, f"{self._total_bytes} bytes announced, {self._max_bytes} allowed")
        self.resumed_bytes = self.size_bytes

    def _recall(self) -> None:
        """The bytes of an earlier try, if they are what was noted."""
        if self._note_path is None:
            return
        note = read_json(self._note_path, Note)
        if note is None:
            self.restart()
            return
        left = note.size_bytes
        while left > 0 and (piece := self._file.read(min(left, _PIECE_BYTES))):
            self._digest.update(piece)
            left -= len(piece)
        if left or self.sha256 != note.sha256 or not 0 < note.size_bytes < self._max_bytes:
            self.restart()
            return
        self._file.seek(note.size_bytes)
        self._file.truncate()
        self.validator, self._total_bytes = note.validator, note.total_bytes
        self.size_bytes = self._noted_bytes = note.size_bytes


@contextlib.contextmanager
def partial(url: str, into: Path, keep: Path | None, max_bytes: int) -> Iterator[Partial]:
    """The download of ``url``: with what ``keep`` has of it, or from nothing. What fails half-way is kept there.

    Without ``keep``, or while another download of the same URL is under way, nothing is kept.
    """
    into.mkdir(parents=True, exist_ok=True)
    file = None if keep is None else _kept(url, keep, 2 * max_bytes)
    if file is not None:
        path = Path(file.name)
        note_path: Path | None = path.with_suffix(".json")
    else:
        descriptor, name = tempfile.mkstemp(dir=into, prefix="fetch-")
        file, path, note_path = os.fdopen(descriptor, "w+b"), Path(name), None
    with file, _ended(Partial(file, path, note_path, max_bytes)) as found:
        yield found


@contextlib.contextmanager
def _ended(found: Partial) -> Iterator[Partial]:
    try:
        yield found
    except BaseException:
        if found.validator is None or found._note_path is None:  # noqa: SLF001 - of this module
            found.forget()
        else:
            found.note()
        raise


def _kept(url: str, keep: Path, most_bytes: int) -> BinaryIO | None:
    """The file of this URL, locked; None when another has it."""
    keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(keep, most_bytes)
    path = keep / f"{hashlib.sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.part"
    file = path.open("r+b") if path.exists() else path.open("x+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file.fileno()).st_ino != path.stat().st_ino:
            raise FileNotFoundError
    except OSError:  # locked, or finished by another just now
        file.close()
        return None
    return file


def _tidy(keep: Path, most_bytes: int) -> None:
    """Remove the oldest beyond the bounds."""
    left_bytes, left_files = most_bytes, MOST_KEPT
    for path in sorted(keep.glob("*.part"), key=_age, reverse=True):
        with contextlib.suppress(OSError):
            left_bytes -= path.stat().st_size
            left_files -= 1
            if left_bytes < 0 or left_files < 0:
                path.unlink()
    for note in (*keep.glob("*.json"), *keep.glob("*.new")):
        if not note.with_suffix(".part").exists():
            note.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
