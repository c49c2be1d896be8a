"""The escalations: what the pixel watchdog did, counted for good and kept over restarts and reboots."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from cache._kept import read_json
from config import Code, OohError

EscalationStep = Literal["renderer", "process", "service", "reboot"]
STEPS: tuple[EscalationStep, ...] = ("renderer", "process", "service", "reboot")
"""From the mildest on."""
_FILE = "escalations.json"


@dataclass(frozen=True, slots=True)
class Escalation:
    """One step that was taken."""

    step: EscalationStep
    reason: str
    """An error's code, such as ``watchdog.surface``."""
    at: str
    """UTC, RFC 3339."""
    boot_id: str = ""
    at_ns: int = 0
    """Monotonic, of that boot."""


@dataclass(frozen=True, slots=True)
class Escalations:
    """All of them. ``counts`` and ``last`` are for people, the rest says which step is the next."""

    counts: Mapping[EscalationStep, int] = field(default_factory=lambda: dict.fromkeys(STEPS, 0))
    last: Escalation | None = None
    rung: int = 0
    """How many steps were taken since all was well for a while: the next one's place in ``STEPS``."""
    services: int = 0
    """How often, since then, the service was restarted in vain."""
    reboots: int = 0
    """How often, since then, a reboot was asked for in vain."""

    @property
    def total(self) -> int:
        """Of all steps."""
        return sum(self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """``{"counts": {"renderer", "process", "service", "reboot"}, "last": {"step", "reason", "at"} or None}``."""
        last = None if self.last is None else {name: getattr(self.last, name) for name in ("step", "reason", "at")}
        return {"counts": {step: self.counts.get(step, 0) for step in STEPS}, "last": last}


def read_escalations(state: Path, run: Path | None = None) -> Escalations:
    """What is kept in the state folder; none when nothing is, or nothing that can be read.

    ``run``: where they are while the state folder cannot be written; whichever knows more is believed.
    """
    kept = [_read(folder / _FILE) for folder in (state, run) if folder is not None]
    return max(kept, key=lambda one: one.total)


def write_escalations(escalations: Escalations, state: Path, run: Path) -> None:
    """Keep them, on disk before it returns; in the runtime folder when the disk refuses.

    Raises ``OohError`` (CACHE_UNAVAILABLE) when that refuses too.
    """
    document = msgspec.json.encode(escalations)
    try:
        _replace(state / _FILE, document)
    except OSError:
        try:
            _replace(run / _FILE, document)
        except OSError as error:
            raise OohError(Code.CACHE_UNAVAILABLE, f"{run / _FILE}: {error.strerror or error}") from error


def _read(path: Path) -> Escalations:
    return read_json(path, Escalations) or Escalations()


def _replace(path: Path, document: bytes) -> None:
    """Whole or not at all, also when the power goes: temp, fsync, rename, fsync of the folder."""
    temp = path.with_suffix(f".{os.getpid()}.new")
    with temp.open("wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
    temp.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
