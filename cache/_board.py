"""The board: what a process is doing now, as JSON that others read at any time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import msgspec

from cache._kept import read_json
from cache._process import is_living, process_birth
from config import Code, OohError

BoardName = Literal["screen", "agent", "supervisor", "web"]


class Board:
    """One process's status, replaced as a whole. No fsync: it lives in ``run/`` and dies with the power."""

    def __init__(self, run: Path, name: BoardName) -> None:
        self._file = _file(run, name)
        self._next = self._file.with_suffix(f".{os.getpid()}.new")
        self._sweep()

    def write(self, data: Mapping[str, Any]) -> None:
        """Replace it: a reader sees the old board or the new one, never half.

        Of the process that writes about itself (``pid``) the birth is told too, for ``read_living``.
        Raises ``OohError`` (CACHE_UNAVAILABLE).
        """
        if data.get("pid") == os.getpid():
            data = {**data, "pid_born": process_birth(os.getpid())}
        try:
            self._next.write_bytes(msgspec.json.encode(data))
            self._next.replace(self._file)
        except OSError as error:
            raise OohError(Code.CACHE_UNAVAILABLE, f"{self._file}: {error.strerror or error}") from error

    def _sweep(self) -> None:
        """Remove what a process that was killed while it wrote has left half done."""
        for path in self._file.parent.glob(f"{self._file.stem}.*.new"):
            pid = path.name.split(".")[1]
            if pid.isdigit() and not Path("/proc", pid).exists():
                with suppress(OSError):
                    path.unlink()

    @staticmethod
    def read(run: Path, name: BoardName) -> dict[str, Any] | None:
        """The board as it stands; None when there is none, or none that can be read."""
        return read_json(_file(run, name), dict[str, Any])

    @staticmethod
    def read_living(run: Path, name: BoardName) -> dict[str, Any] | None:
        """The same, while the process that wrote it lives.

        None when it is dead, or another program has its number now: a board outlives its process.
        """
        board = Board.read(run, name)
        return board if board is not None and is_living(board.get("pid"), board.get("pid_born")) else None


def _file(run: Path, name: BoardName) -> Path:
    return run / f"{name}.json"
