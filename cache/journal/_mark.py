"""The mark: a number above every seq that was given, kept apart from the journal, for the day that is destroyed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cache._store import sync_folder

MARK_NAME = "journal.seq"
_AHEAD = 1_000
"""So many seqs are reserved at once: one small file is written every three hours."""


class SeqMark:
    """``journal.seq``: what a new journal counts on from when the old one cannot be read.

    The gap that it leaves shows at the receiver that plays may be missing; without it, seqs would be given twice.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / MARK_NAME
        self._reserved = read_mark(folder)

    @property
    def reserved(self) -> int:
        """No seq above this was ever given; 0 when none was."""
        return self._reserved

    def reserve(self, seq: int) -> None:
        """Before this seq is given. Raises ``OSError``: then it must not be."""
        if seq > self._reserved:
            upper = seq + _AHEAD - 1
            new = self._path.with_name(f".{self._path.name}.new")
            with new.open("wb") as file:
                file.write(b"%d\n" % upper)
                file.flush()
                os.fsync(file.fileno())
            new.rename(self._path)
            sync_folder(self._path.parent)
            self._reserved = upper


def read_mark(folder: Path) -> int:
    """The number in the file; 0 when there is none that can be read."""
    with suppress(OSError, ValueError):
        return max(0, int((folder / MARK_NAME).read_bytes()))
    return 0
