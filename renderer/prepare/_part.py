"""The file that a plate is written to until it is whole."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config import Code, OohError

_KEY_DIGITS = 16
_LEFT = f"{'[0-9a-f]' * _KEY_DIGITS}-*.part"


@contextmanager
def unfinished(out: Path, key: str) -> Iterator[Path]:
    """A file for the unfinished plate, gone in the end. Its lock says that somebody works on it.

    Raises ``OohError(PREPARE_STORAGE)`` for every ``OSError``.
    """
    try:
        _sweep(out)
        # Named before it is made: a Ctrl-C between the two would leave a file that nobody knows.
        part = out / f"{key[:_KEY_DIGITS]}-{secrets.token_hex(8)}.part"
        try:
            with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600), "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield part
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OohError(Code.PREPARE_STORAGE, str(error)) from error


def _sweep(out: Path) -> None:
    """Unfinished plates that a killed process left: nobody holds their locks."""
    for part in out.glob(_LEFT):
        with suppress(OSError), part.open("rb") as file:  # held, or already gone
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
