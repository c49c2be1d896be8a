"""The playhead: how far the play on the screen has come, in memory that outlives the process."""

from __future__ import annotations

import mmap
import os
import struct
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from config import Code, OohError

_SLOT_BYTES = 128
_BODY = struct.Struct("<Q?40s40sqqii")  # generation, dead, play id, boot id, started, last, presented, late
_CRC = struct.Struct("<I")
_ID_BYTES = 40
_DEATH_NOTE = "screen.died"
"""Left by systemd/part: the boot's id, and ``CLOCK_BOOTTIME`` of the death in ns (/proc/uptime has that clock)."""


@dataclass(frozen=True, slots=True)
class PlayheadState:
    """The last stamp. Times are monotonic ns of the boot ``boot_id``."""

    play_id: str
    boot_id: str
    started_ns: int
    last_ns: int
    """When the last frame was presented; once ``dead``, when the picture ended."""
    frames_presented: int
    frames_late: int
    dead: bool = False
    """True when the supervisor, or systemd, saw the screen die and the moment was stamped."""


class Playhead:
    """Two slots in one small mapped file, written in turn and each with a checksum.

    A process killed in the middle of a stamp leaves the stamp before it. It survives the process, not the power:
    nothing is ever synced, so a stamp costs microseconds and the card nothing (``run/`` is tmpfs under systemd).
    """

    def __init__(self, run: Path) -> None:
        """Open or make ``run/playhead``. Raises ``OohError`` (CACHE_UNAVAILABLE)."""
        path = run / "playhead"
        self._death_note = run / _DEATH_NOTE
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                # posix_fallocate, not truncate: a write into a hole of a full disk would kill by SIGBUS.
                os.posix_fallocate(handle, 0, 2 * _SLOT_BYTES)
                self._map = mmap.mmap(handle, 2 * _SLOT_BYTES)
            finally:
                os.close(handle)
        except OSError as error:
            raise OohError(Code.CACHE_UNAVAILABLE, f"{path}: {error.strerror or error}") from error

    def stamp(
        self, play_id: str, boot_id: str, started_ns: int, last_ns: int, frames_presented: int, frames_late: int
    ) -> None:
        """A frame of this play was presented at ``last_ns``."""
        self._write(PlayheadState(play_id, boot_id, started_ns, last_ns, frames_presented, frames_late))

    def stamp_death(self, now_ns: int) -> None:
        """The screen process is gone: its picture ended now. The first death of a play stays."""
        state = self.read()
        if state is not None and not state.dead:
            self._write(replace(state, last_ns=max(state.last_ns, now_ns), dead=True))

    def heed_death_note(self, asleep_ns: Callable[[], int] | None = None) -> None:
        """Stamp the death that systemd saw, and remove its note; for a screen that starts.

        ``asleep_ns``: how far ``CLOCK_BOOTTIME`` is ahead of ``CLOCK_MONOTONIC``, which stands still in a suspend.
        """
        try:
            boot_id, _, died_ns = self._death_note.read_text(encoding="ascii").strip().partition(" ")
        except (OSError, ValueError):
            return
        state = self.read()
        if state is not None and state.boot_id == boot_id and died_ns.isdecimal():
            self.stamp_death(int(died_ns) - (asleep_ns or _asleep_ns)())
        with suppress(OSError):
            self._death_note.unlink()

    def clear(self) -> None:
        """No play is on the screen."""
        self._write(PlayheadState("", "", 0, 0, 0, 0))

    def read(self) -> PlayheadState | None:
        """The last whole stamp; None when no play is on the screen."""
        newest = self._newest()
        return newest[1] if newest is not None and newest[1].play_id else None

    def close(self) -> None:
        """Unmap it; what is stamped stays."""
        self._map.close()

    def _newest(self) -> tuple[int, PlayheadState] | None:
        slots = [slot for slot in map(self._slot, (0, 1)) if slot is not None]
        return max(slots, key=lambda slot: slot[0], default=None)

    def _slot(self, index: int) -> tuple[int, PlayheadState] | None:
        raw = self._map[index * _SLOT_BYTES : index * _SLOT_BYTES + _BODY.size + _CRC.size]
        body, (crc,) = raw[: _BODY.size], _CRC.unpack(raw[_BODY.size :])
        generation, dead, play_id, boot_id, started_ns, last_ns, presented, late = _BODY.unpack(body)
        if generation == 0 or zlib.crc32(body) != crc:
            return None
        return generation, PlayheadState(
            play_id.rstrip(b"\0").decode(),
            boot_id.rstrip(b"\0").decode(),
            started_ns,
            last_ns,
            presented,
            late,
            dead,
        )

    def _write(self, state: PlayheadState) -> None:
        newest = self._newest()
        generation = newest[0] + 1 if newest is not None else 1
        body = _BODY.pack(
            generation,
            state.dead,
            _id_bytes(state.play_id),
            _id_bytes(state.boot_id),
            state.started_ns,
            state.last_ns,
            state.frames_presented,
            state.frames_late,
        )
        start = (generation % 2) * _SLOT_BYTES
        self._map[start : start + _BODY.size + _CRC.size] = body + _CRC.pack(zlib.crc32(body))


def _asleep_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()


def _id_bytes(name: str) -> bytes:
    raw = name.encode()
    if len(raw) > _ID_BYTES:
        message = f"an id of {len(raw)} bytes does not fit the playhead"
        raise ValueError(message)
    return raw
