"""One process of the player: how it is started, and how long to wait before it is started again."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

# Both end at once when the parent died before they had asked the kernel to be told of it.
_SHELL = '[ "$PPID" -eq "$0" ] && exec "$@"'
_PYTHON = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9, 0, 0, 0); "
    "os.getppid() == int(sys.argv[1]) and os.execvp(sys.argv[2], sys.argv[2:])"
)
NOTIFY_NAMES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
_FIRST_WAIT_S = 0.2
_LONGEST_WAIT_S = 30.0
_PROVEN_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Child:
    """What to run. ``restart`` False: it ends for good, whatever its exit code."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    """None: the supervisor's own."""
    restart: bool = True
    done_on_success: bool = False
    """True: an exit with 0 is its work done, not a reason to start it again."""
    watchdog_s: float | None = None
    """Once it was ready it says so often that it is alive (sd_notify(3)), or it is killed; None: it says nothing."""
    start_s: float = 120.0
    """And it is ready within this time."""
    output: Path | None = None
    """Its standard output and error are added to this file; None: they are the supervisor's."""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended."""

    name: str
    pid: int | None
    """None when it could not be started."""
    code: int
    """Its exit code; negative: the signal that ended it."""
    after_s: float
    restart_in_s: float | None
    """None when it is not started again."""
    hung: bool = False
    """True when it gave no sign of life and was killed."""

    @property
    def crashed(self) -> bool:
        """True for everything but a clean end."""
        return self.code != 0


@dataclass(slots=True)
class Patience:
    """Waits before a restart: 0.2 s doubling to 30 s, from the beginning again after a life of 60 s."""

    quick_deaths: int = 0

    def wait_s(self, lived_s: float) -> float:
        """Seconds to wait after a process that lived so long."""
        self.quick_deaths = 1 if lived_s >= _PROVEN_AFTER_S else self.quick_deaths + 1
        return min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** min(self.quick_deaths - 1, 20))


class Running:
    """A process that was started here, watched by its pidfd; a number used again by another process is never hit."""

    def __init__(self, child: Child) -> None:
        """Start it in a process group of its own; the kernel kills it when the supervisor dies. Raises ``OSError``.

        Call it from the thread that lives longest: the kernel means the starting thread when it says parent.
        """
        output = child.output.open("ab") if child.output is not None else None
        try:
            self._process = subprocess.Popen(
                bound(child.argv),
                env=None if child.env is None else dict(child.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output is not None else None,
                process_group=0,
            )
        finally:
            if output is not None:
                output.close()
        self.pid = self._process.pid
        self._pidfd = os.pidfd_open(self.pid)

    def fileno(self) -> int:
        """For ``poll()``: readable when it has ended."""
        return self._pidfd

    def signal(self, number: int) -> None:
        """Send it a signal; nothing when it has ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, number)

    def wait(self, timeout_s: float) -> bool:
        """True when it has ended."""
        poll = select.poll()
        poll.register(self, select.POLLIN)
        return bool(poll.poll(max(0, round(timeout_s * 1000))))

    def bury(self) -> int:
        """Kill what is left of its group and of itself; returns its exit code (negative: the signal)."""
        # Before the wait: a dead leader that has not been waited for still holds its number, so no other group has it.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        code = self._process.wait()
        os.close(self._pidfd)
        return code


def told(child: Child, address: str) -> Child:
    """The same child, which finds its supervisor's ear in its environment, and not its supervisor's own."""
    environ = dict(os.environ if child.env is None else child.env)
    for name in NOTIFY_NAMES:
        environ.pop(name, None)
    if child.watchdog_s is not None:
        environ |= {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(round(child.watchdog_s * 1e6))}
    return replace(child, env=environ)


def bound(argv: Sequence[str]) -> list[str]:
    """The same program, which the kernel kills when its parent dies (prctl(2), PR_SET_PDEATHSIG).

    By a small program that then becomes ``argv``: not by ``preexec_fn``, which can hang in a threaded parent.
    """
    parent = str(os.getpid())
    setpriv = shutil.which("setpriv")  # util-linux: there on every Debian
    if setpriv is not None:
        return [setpriv, "--pdeathsig", "KILL", "--", "/bin/sh", "-c", _SHELL, parent, *argv]
    return [sys.executable, "-S", "-c", _PYTHON, parent, *argv]
