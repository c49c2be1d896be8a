"""Signals as words, read from a pipe: none is lost between two instructions, or because another thread got it."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from types import FrameType


class SignalBell:
    """Sleep on ``fileno()`` in select(), then ``drain()``: as a ``Doorbell``. One a process, in the main thread.

    A Python handler alone is not enough: a signal that comes just before select() begins, or that the kernel gives to
    another thread, does not end the sleep. The wake-up fd is written by the C handler itself, in any thread.
    """

    def __init__(self, words: Mapping[int, str]) -> None:
        """``words``: what each signal means; from now on these signals do nothing else."""
        self._words = words
        self._out, self._into = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._wakeup_before = signal.set_wakeup_fd(self._into, warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _nothing) for number in words}

    def fileno(self) -> int:
        """Readable when a signal came."""
        return self._out

    def drain(self) -> tuple[str, ...]:
        """The words of the signals that came, in order, each once; never blocks."""
        came = b""
        with suppress(BlockingIOError):
            came = os.read(self._out, 4096)
        return tuple(dict.fromkeys(self._words[number] for number in came if number in self._words))

    def close(self) -> None:
        """Put everything back as it was."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self._out)
        os.close(self._into)


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """The pipe has the word."""
