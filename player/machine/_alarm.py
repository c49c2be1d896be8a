"""Waiting for the supply's alarm: a dip lasts a moment, and whoever only looks now and then does not see it."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress

from player.machine._roots import Roots, matches, read_text

_BETWEEN_S = 1.0
"""A supply that flickers is told of once a second."""
_CHANGED = select.POLLPRI | select.POLLERR
"""How sysfs tells that a file has another content (kernel, sysfs_notify)."""


class AlarmWatch:
    """A thread that sleeps until the alarm changes. No thread where there is no alarm."""

    def __init__(self, alarm: int | None, on_change: Callable[[], object]) -> None:
        """``alarm``: an open file of sysfs, which is closed at the end; None where there is none."""
        self._alarm = alarm
        self._on_change = on_change
        self._stopping = threading.Event()
        self._hear_stop, self._tell_stop = os.pipe2(os.O_CLOEXEC)
        self._thread: threading.Thread | None = None
        if alarm is not None:
            self._thread = threading.Thread(target=self._wait, args=(alarm,), name="power", daemon=True)
            self._thread.start()

    @classmethod
    def open(cls, roots: Roots, on_change: Callable[[], object]) -> AlarmWatch:
        """Of the sensor that a Raspberry Pi's kernel has for its supply."""
        for sensor in matches(roots.sys / "class/hwmon", "hwmon*"):
            if read_text(sensor / "name") == "rpi_volt":
                with suppress(OSError):
                    return cls(os.open(sensor / "in0_lcrit_alarm", os.O_RDONLY | os.O_CLOEXEC), on_change)
        return cls(None, on_change)

    def close(self) -> None:
        """End the thread."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        os.close(self._tell_stop)
        if self._thread is not None:
            self._thread.join()
        if self._alarm is not None:
            os.close(self._alarm)
        os.close(self._hear_stop)

    def _wait(self, alarm: int) -> None:
        waiter = select.poll()
        waiter.register(alarm, _CHANGED)
        waiter.register(self._hear_stop, select.POLLIN)
        while True:
            with suppress(OSError):
                os.pread(alarm, 16, 0)  # what was read counts as known
            found = waiter.poll()
            if self._stopping.is_set():
                return
            if any(number == alarm for number, _ in found):
                self._on_change()
                self._stopping.wait(_BETWEEN_S)
