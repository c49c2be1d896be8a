"""One player a state folder: two screens on one journal would each sell the same second."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import Code, OohError

log = logging.getLogger("ooh.player")


@contextmanager
def alone(state: Path, part: str) -> Iterator[None]:
    """Be the only ``part`` (player, screen, agent) on this state folder; the kernel lets go of it with the process.

    Raises ``OohError`` (PLAYER_ALREADY_RUNNING). Where no lock can be made, no journal can be written either: it is
    logged and the show goes on.
    """
    file = state / f"{part}.lock"
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        log.warning("lock.not_made", extra={"facts": {"file": str(file), "why": error.strerror}})
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
        os.close(handle)
        raise OohError(Code.PLAYER_ALREADY_RUNNING, f"{state}, process {holder or 'unknown'}") from error
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
