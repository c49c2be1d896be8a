"""The alarm: sleeps until a deadline, and wakes for the doorbell, a signal or work that is done. Never polls."""

from __future__ import annotations

import select
import socket
from collections.abc import Sequence
from contextlib import suppress

from cache import Clock, Doorbell

_LONGEST_S = 3600.0
_WITHOUT_BELL_S = 5.0
"""When the doorbell could not be hung up, the show looks for itself this often."""


class Alarm:
    """One ``select`` over the doorbell and a wake-up socket. ``nudge`` may be called from any thread."""

    def __init__(self, bell: Doorbell | None, clock: Clock) -> None:
        self._bell = bell
        self._clock = clock
        self._inside, self._outside = socket.socketpair()
        self._inside.settimeout(0)  # non-blocking
        self._outside.settimeout(0)

    @property
    def wake_fd(self) -> int:
        """For ``signal.set_wakeup_fd``."""
        return self._outside.fileno()

    def nudge(self) -> None:
        """Wake the sleeper."""
        with suppress(BlockingIOError, OSError):  # full: it is awake anyway; closed: it is gone
            self._outside.send(b"\0")

    def wait(self, until_ns: int | None, at_most_s: float | None = None, ears: Sequence[int] = ()) -> tuple[str, ...]:
        """Sleep until the monotonic time ``until_ns`` at the latest; returns the words that the doorbell rang.

        ``ears``: other descriptors that end the sleep when they can be read.
        """
        limit_s = _LONGEST_S if until_ns is None else max(0.0, (until_ns - self._clock.monotonic_ns()) / 1e9)
        if at_most_s is not None:
            limit_s = min(limit_s, at_most_s)
        if self._bell is None:
            limit_s = min(limit_s, _WITHOUT_BELL_S)
        heard: list[socket.socket | Doorbell | int] = [self._inside, *ears]
        if self._bell is not None:
            heard.append(self._bell)
        woken, _, _ = select.select(heard, (), (), limit_s)
        if self._inside in woken:
            self._drain()
        return self._bell.drain() if self._bell is not None and self._bell in woken else ()

    def close(self) -> None:
        """Take the bell down."""
        self._inside.close()
        self._outside.close()
        if self._bell is not None:
            self._bell.close()

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            while self._inside.recv(4096):
                pass
