"""The box that a creative is decoded in: the child gives up what it does not need before it reads a byte."""

from __future__ import annotations

import ctypes
import math
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

from renderer.prepare._give_way import give_way
from renderer.prepare._limits import MEGABYTE
from renderer.prepare._seccomp import filter_calls

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_OPEN_FILES = 32
_GRACE_SECONDS = 1
"""Between SIGXCPU, which tells what happened, and SIGKILL, which does not."""


@dataclass(frozen=True, slots=True)
class Walls:
    """What the system gave beside resource limits."""

    network_cut: bool
    """It has a network namespace of its own, with nothing in it."""
    calls_filtered: bool
    """Sockets, new processes and other processes' memory are out of reach."""


def enter(*, max_memory_mb: int, max_seconds: float, max_file_bytes: int) -> Walls:
    """Limit this process for good. ``max_memory_mb`` is counted on top of what the process holds now.

    Networks are cut by a network namespace of its own, where the kernel permits one (unshare(2)), and by a filter of
    system calls, where it offers one (seccomp(2)); nothing in the child opens a socket in any case.
    """
    die_with_parent()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    network_cut = any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))
    give_way()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_FSIZE, max_file_bytes)
    _limit(resource.RLIMIT_CPU, math.ceil(max_seconds) + 1, _GRACE_SECONDS)
    _limit(resource.RLIMIT_AS, _address_space_bytes() + max_memory_mb * MEGABYTE)
    return Walls(network_cut, filter_calls())


def die_with_parent() -> None:
    """The kernel kills this process when the thread that started it ends (prctl(2)): nobody would read its answer."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _limit(what: int, most: int, grace: int = 0) -> None:
    """Set a limit, and a hard one ``grace`` above it; never above the one that already holds."""
    _, hard = resource.getrlimit(what)
    soft, hardest = (v if hard == resource.RLIM_INFINITY else min(v, hard) for v in (most, most + grace))
    resource.setrlimit(what, (soft, hardest))


def _address_space_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
