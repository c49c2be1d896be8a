"""The backlog: heartbeats that could not be sent, within bounds of number and bytes, each with its own time.

All of the last hour are kept in memory. The card sees them rarely: one small file, every ten minutes of an outage,
is replaced as a whole (some 15 kB for sixty heartbeats, since they are much alike). A power cut costs ten minutes of
history at most, and no counts: every heartbeat has the totals too.
"""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from cache import Clock
from player.heartbeat._pack import Beat, squeezed, without_picture

log = logging.getLogger("ooh.heartbeat")


@dataclass(frozen=True, slots=True)
class _Told:
    """What is read of a kept line."""

    seq: int
    sent_at: str


_FILE = "heartbeats.gz"
_MOST_BYTES = 1_000_000
"""Of JSON, in memory."""
_BATCH_BYTES = 500_000
_BATCH_BEATS = 100
"""An API gateway takes 10 MB and waits 30 s: a request stays far below both."""
_SAVE_EVERY_NS = 600 * 10**9
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(slots=True)
class Backlog:
    """Oldest first."""

    state: Path
    clock: Clock
    most: int
    """Heartbeats that are kept; 0: none."""
    _kept: list[Beat] = field(default_factory=list)
    _places: list[int] = field(default_factory=list)
    """When each came: 1, 2, 3 …; thinning leaves gaps."""
    _saved_ns: int | None = None
    """When the file was written; None while there is none."""
    _refused: bool = False

    def __post_init__(self) -> None:
        for beat in _read(self._file):
            self._append(without_picture(beat))
        if self._file.exists():
            self._saved_ns = self.clock.monotonic_ns()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """What they take in memory, as JSON."""
        return sum(len(beat.body) for beat in self._kept)

    def add(self, beat: Beat) -> None:
        """Keep one; an older one makes room."""
        if self.most == 0:
            return
        self._append(without_picture(beat))
        if self._saved_ns is None and len(self._kept) == 1:
            self._saved_ns = self.clock.monotonic_ns()  # a short outage costs the card nothing
        elif self._saved_ns is not None and self.clock.monotonic_ns() - self._saved_ns >= _SAVE_EVERY_NS:
            self.save()

    def batch(self, most: int = _BATCH_BEATS) -> tuple[Beat, ...]:
        """The oldest, as many as go into one request."""
        chosen: list[Beat] = []
        size = 0
        for beat in self._kept[: min(most, _BATCH_BEATS)]:
            size += len(beat.body)
            if chosen and size > _BATCH_BYTES:
                break
            chosen.append(beat)
        return tuple(chosen)

    def sent(self, beats: Sequence[Beat]) -> None:
        """These arrived, or never will: they are forgotten, on the card as well."""
        gone = set(map(id, beats))
        left = [(beat, place) for beat, place in zip(self._kept, self._places, strict=True) if id(beat) not in gone]
        self._kept, self._places = [beat for beat, _ in left], [place for _, place in left]
        if self._file.exists():
            self.save()
        elif not self._kept:
            self._saved_ns = None  # the next outage has ten minutes of its own

    def save(self) -> None:
        """Bring the file up to date; none when nothing is kept. A disk that refuses is logged once."""
        self._saved_ns = self.clock.monotonic_ns() if self._kept else None
        try:
            if self._kept:
                _write(self._file, self._kept)
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            level = logging.DEBUG if self._refused else logging.WARNING
            self._refused = True
            log.log(level, "heartbeat.not_kept", extra={"facts": {"why": error.strerror or str(error)}})
        else:
            self._refused = False

    @property
    def _file(self) -> Path:
        return self.state / _FILE

    def _append(self, beat: Beat) -> None:
        self._places.append(self._places[-1] + 1 if self._places else 1)
        self._kept.append(beat)
        while len(self._kept) > 1 and (len(self._kept) > self.most or self.bytes > _MOST_BYTES):
            place = thinned(self._places)
            del self._kept[place], self._places[place]


def thinned(places: Sequence[int]) -> int:
    """Which one to leave out: the one that closes the smallest gap for its age.

    So the newest stay close together, older ones ever farther apart, and the first, which tells when the outage
    began, stays as long as any.
    """
    if len(places) < 3:
        return 0
    newest = places[-1]
    return min(range(1, len(places) - 1), key=lambda i: ((places[i + 1] - places[i - 1]) / (newest - places[i]), i))


def _write(file: Path, beats: Sequence[Beat]) -> None:
    new = file.with_suffix(".new")
    try:
        with new.open("wb") as out:
            out.write(squeezed(b"".join(beat.body + b"\n" for beat in beats)))
            out.flush()
            os.fsync(out.fileno())
        new.replace(file)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _read(file: Path) -> list[Beat]:
    """What a file holds; a damaged one gives what can still be read of it."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        text = unpacker.decompress(file.read_bytes(), 2 * _MOST_BYTES)
    except (OSError, zlib.error):
        return []
    found = []
    for line in text.split(b"\n"):
        with suppress(ValueError):  # not UTF-8 is one, too
            told = msgspec.json.decode(line, type=_Told)
            found.append(Beat(told.seq, told.sent_at, line))
    return found
