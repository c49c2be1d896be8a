"""News of the wall clock: a descriptor that can be read when somebody has set it. Nobody polls."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import time

_CANCEL_ON_SET = 1 << 1
"""``TFD_TIMER_CANCEL_ON_SET`` (timerfd_create(2)): reading fails with ECANCELED after a discontinuous change."""
_ABSOLUTE = 1
_FAR_S = 10 * 365 * 86_400
_ITIMERSPEC = struct.Struct("qqqq")


class WallClock:
    """One kernel timer, far ahead, that is cancelled when the wall clock is set."""

    def __init__(self) -> None:
        """Raises ``OSError`` where the kernel or the C library has none."""
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._checked(self._libc.timerfd_create(time.CLOCK_REALTIME, os.O_NONBLOCK | os.O_CLOEXEC))
        self._arm()

    def fileno(self) -> int:
        """For ``select``."""
        return self._fd

    def was_set(self) -> bool:
        """True when the clock was set since this was asked last."""
        try:
            os.read(self._fd, 8)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno != errno.ECANCELED:
                raise
        self._arm()
        return True

    def close(self) -> None:
        """Give the timer back."""
        os.close(self._fd)

    def _arm(self) -> None:
        when = _ITIMERSPEC.pack(0, 0, int(time.time()) + _FAR_S, 0)
        self._checked(self._libc.timerfd_settime(self._fd, _ABSOLUTE | _CANCEL_ON_SET, when, None))

    @staticmethod
    def _checked(result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result
