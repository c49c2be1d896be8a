"""The doorbell: one word wakes the other process; nothing is carried that the databases do not hold."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from config import Code, OohError

DoorbellName = Literal["screen", "agent"]
_LONGEST_WORD_BYTES = 4096
_MOST_PATH_BYTES = 100  # sun_path holds 108 (unix(7))


class Doorbell:
    """A listening UNIX datagram socket in ``run/``. Sleep on ``fileno()`` in select(), then ``drain()``."""

    def __init__(self, bell: socket.socket, path: Path) -> None:
        self._bell = bell
        self._path = path
        self._inode = path.stat().st_ino

    @classmethod
    def listen(cls, run: Path, name: DoorbellName) -> Doorbell:
        """Hang up the bell; one left by a dead process is replaced. Raises ``OohError`` (CACHE_UNAVAILABLE)."""
        path = _path(run, name)
        bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            path.unlink(missing_ok=True)
            with _address(path) as address:
                bell.bind(address)
            return cls(bell, path)
        except OSError as error:
            bell.close()
            raise OohError(Code.CACHE_UNAVAILABLE, f"{path}: {error.strerror or error}") from error

    def fileno(self) -> int:
        """For select(): readable when it rang."""
        return self._bell.fileno()

    def drain(self) -> tuple[str, ...]:
        """Every word that waits, in order, each once; never blocks."""
        words: dict[str, None] = {}
        with suppress(BlockingIOError):
            while True:
                words[self._bell.recv(_LONGEST_WORD_BYTES).decode("utf-8", "replace")] = None
        return tuple(words)

    def close(self) -> None:
        """Take it down; a bell that another process has hung up since stays."""
        self._bell.close()
        with suppress(FileNotFoundError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()


def ring(run: Path, name: DoorbellName, word: str) -> bool:
    """Wake the other side: fire and forget. False when nobody listens or its bell is full (then it is awake anyway)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
        try:
            with _address(_path(run, name)) as address:
                sender.sendto(word.encode("utf-8", "replace"), address)
        except OSError:
            return False
    return True


def _path(run: Path, name: DoorbellName) -> Path:
    return run / f"{name}.bell"


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """An address that fits: a long path is reached through its open folder."""
    if len(os.fsencode(path)) <= _MOST_PATH_BYTES:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
