"""A disk whose power is cut: what was synced is there, what was not may be lost, torn or out of order.

The rules, harder than those of most real disks:

* A write that was synced is there. Of the others each 512-byte sector is there or not, in any combination.
* A file that grew keeps its new length or not; what never came reads as zeros.
* A name that was made, changed or removed is so for certain once its folder was synced. Of the others the first few
  hold, as many as the dice say: file systems with a journal keep their order.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.faults.vfs import OK

SECTOR_BYTES = 512
Style = Literal["none", "all", "first", "torn", "scattered", "last"]
STYLES: tuple[Style, ...] = ("none", "all", "first", "torn", "scattered", "last")


@dataclass
class _File:
    """One inode: what is certain, and what was written since."""

    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Offset and data; without data: cut to offset."""

    def settle(self) -> None:
        """It was synced."""
        self.durable = applied(self.durable, self.pending)
        self.pending = []


def applied(content: bytes, writes: list[tuple[int, bytes | None]]) -> bytes:
    """The content after these writes."""
    out = bytearray(content)
    for offset, data in writes:
        if data is None:
            del out[offset:]
            out.extend(bytes(max(0, offset - len(out))))
            continue
        out.extend(bytes(max(0, offset + len(data) - len(out))))
        out[offset : offset + len(data)] = data
    return bytes(out)


def _sectors(writes: list[tuple[int, bytes | None]]) -> list[tuple[int, bytes | None]]:
    parts: list[tuple[int, bytes | None]] = []
    for offset, data in writes:
        if data is None:
            parts.append((offset, None))
            continue
        at = 0
        while at < len(data):
            step = SECTOR_BYTES - (offset + at) % SECTOR_BYTES
            parts.append((offset + at, data[at : at + step]))
            at += step
    return parts


class CrashDisk:
    """One folder's files as a watcher of SQLite, and of the few calls by which Python itself writes there."""

    def __init__(self, folder: Path, told: Callable[[], None] = lambda: None) -> None:
        """``told`` is called before each thing that happens: a moment at which the power may go."""
        self._folder = str(folder)
        self._told = told
        self._durable: dict[str, _File] = {}
        self._now: dict[str, _File] = {}
        self._names: list[tuple[str, _File | None]] = []
        """Names changed since the folder was synced, in order; None: removed."""
        self.writes = self.syncs = 0

    def write(self, path: str, offset: int, data: bytes) -> int:
        """See ``Watcher``."""
        if (name := self._ours(path)) is not None:
            self._told()
            self.writes += 1
            self._file(name).pending.append((offset, data))
        return OK

    def truncate(self, path: str, size: int) -> int:
        """See ``Watcher``."""
        if (name := self._ours(path)) is not None:
            self._told()
            self._file(name).pending.append((size, None))
        return OK

    def sync(self, path: str, *, folder: bool) -> int:
        """See ``Watcher``."""
        if (name := self._ours(path)) is not None:
            self._told()
            self.syncs += 1
            self._file(name).settle()
            if folder:
                self.sync_names()
        return OK

    def delete(self, path: str, *, folder: bool) -> int:
        """See ``Watcher``."""
        if (name := self._ours(path)) is not None and name in self._now:
            self._told()
            self._rename(name, None)
            if folder:
                self.sync_names()
        return OK

    def written_whole(self, path: str) -> None:
        """Python synced a file of ours: its content is certain."""
        if (name := self._ours(path)) is not None:
            self._told()
            file = self._file(name)
            file.durable, file.pending = Path(path).read_bytes(), []

    def renamed(self, old: str, new: str, *, keep: bool = False) -> None:
        """Python gave a file another name, or (``keep``) one more."""
        old_name, new_name = self._ours(old), self._ours(new)
        if old_name is not None and new_name is not None and old_name in self._now:
            self._told()
            file = self._now[old_name]
            self._change(new_name, file)
            if not keep:
                self._rename(old_name, None)

    def removed(self, path: str) -> None:
        """Python removed a name."""
        if (name := self._ours(path)) is not None and name in self._now:
            self._told()
            self._rename(name, None)

    def sync_names(self) -> None:
        """The folder was synced."""
        self._durable = dict(self._now)
        self._names = []

    def cut(self, to: Path, style: Style, dice: random.Random) -> None:
        """Write what is there after a power cut now into another folder."""
        names = dict(self._durable)
        for name, file in self._names[: dice.randint(0, len(self._names))]:
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file
        for name, file in names.items():
            (to / name).write_bytes(_survived(file, style, dice))

    def whole(self) -> dict[str, bytes]:
        """Every file as a program sees it now."""
        return {name: applied(file.durable, file.pending) for name, file in self._now.items()}

    def _ours(self, path: str) -> str | None:
        folder, name = os.path.split(path)
        return name if folder == self._folder else None

    def _file(self, name: str) -> _File:
        if name not in self._now:
            self._change(name, _File())
        return self._now[name]

    def _change(self, name: str, file: _File) -> None:
        self._now[name] = file
        self._names.append((name, file))

    def _rename(self, name: str, file: None) -> None:
        del self._now[name]
        self._names.append((name, file))


def _survived(file: _File, style: Style, dice: random.Random) -> bytes:
    if style == "none" or not file.pending:
        return file.durable
    if style == "all":
        return applied(file.durable, file.pending)
    if style == "first":  # in order, up to one write
        return applied(file.durable, file.pending[: dice.randint(0, len(file.pending))])
    parts = _sectors(file.pending)
    if style == "torn":  # in order, up to one sector
        kept = parts[: dice.randint(0, len(parts))]
    elif style == "last":  # the newest came first: all but the oldest few
        kept = parts[dice.randint(0, len(parts)) :]
    else:
        share = dice.random()
        kept = [part for part in parts if dice.random() < share]
    content = applied(file.durable, kept)
    length = len(applied(file.durable, file.pending))
    return content + bytes(length - len(content)) if length > len(content) and dice.random() < 0.5 else content
