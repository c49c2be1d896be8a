"""Starts the browser in namespaces of its own, without rights, so that it ends with whoever started it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from renderer.prepare._give_way import give_way

_NEWUSER, _NEWPID, _NEWNET, _NEWIPC = 0x10000000, 0x20000000, 0x40000000, 0x08000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
NOBODY = 65534
_BROWSER_READS, _BROWSER_WRITES = 3, 4
"""The descriptors of ``--remote-debugging-pipe``."""
_LARGEST_FILE_BYTES = 256_000_000
_FAILED = 127


@dataclass(frozen=True, slots=True)
class Launched:
    """A browser that runs. ``pid``: its guardian's, which leads a process group and dies with it."""

    pid: int
    to_browser: int
    from_browser: int
    """Descriptors of the debugging pipe: JSON messages, each ended by a NUL."""


@dataclass(frozen=True, slots=True)
class _Start:
    """What the browser is started with. ``descriptors``: its stderr, what it reads, what it writes."""

    command: Sequence[str]
    home: Path
    environment: Mapping[str, str]
    max_cpu_seconds: int
    descriptors: tuple[int, int, int]


def cut_network() -> bool:
    """Leave the network for good, this process and all it starts; False where the kernel does not permit it."""
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    for ipc in (_NEWIPC, 0):  # the agent's unit has one of its own, and may make no other (RestrictNamespaces=)
        if libc.unshare(_NEWNET | ipc) == 0:
            return True
        if libc.unshare(_NEWUSER | _NEWNET | ipc) == 0:
            _map_ids(uid, gid)
            return True
    return False


def can_sandbox() -> bool:
    """Whether an unprivileged process may make user namespaces: Chromium's own sandbox is made of them."""
    pid = os.fork()
    if pid == 0:
        code = _FAILED
        try:
            _drop_rights(os.getuid())
            code = ctypes.CDLL(None).unshare(_NEWUSER | _NEWPID | _NEWNET)
        finally:
            os._exit(0 if code == 0 else 1)
    return os.waitpid(pid, 0)[1] == 0


def launch(command: Sequence[str], home: Path, max_cpu_seconds: int, log: int) -> Launched:
    """Start ``command`` with the debugging pipe. The caller must have one thread only: this forks.

    ``home`` becomes its working directory and ``HOME``, and belongs to it; ``log``: descriptor of its stderr.
    Raises ``OSError`` when the system has no process or pipe to give.
    """
    if os.getuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    browser_reads, to_browser = os.pipe()
    from_browser, browser_writes = os.pipe()
    environment = {"HOME": str(home), "TMPDIR": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}
    environment |= {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    start = _Start(command, home, environment, max_cpu_seconds, (log, browser_reads, browser_writes))
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _never_return(lambda: _guard(parent, start))
    os.close(browser_reads)
    os.close(browser_writes)
    return Launched(pid, to_browser, from_browser)


def end(pid: int) -> None:
    """Kill the guardian's whole group and wait for it: with the guardian, the browser's namespace ends."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    os.waitpid(pid, 0)


def _guard(parent: int, start: _Start) -> None:
    """Between us and the browser: dies with us, and takes the browser's process namespace along."""
    os.setsid()
    _die_with(parent)
    libc = ctypes.CDLL(None, use_errno=True)
    # Refused where we are nobody special: then the group is killed by its number.
    _ = libc.unshare(_NEWPID | _NEWIPC) == 0 or libc.unshare(_NEWPID)
    guardian = os.getpid()
    child = os.fork()
    if child == 0:
        _never_return(lambda: _become(guardian, start))
    os.closerange(0, 1024)
    os.waitpid(child, 0)


def _become(guardian: int, start: _Start) -> None:
    _drop_rights(os.getuid())
    # After the drop: a change of user clears it. Before a new namespace the parent's number reads 0.
    _die_with(guardian)
    ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    give_way()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE_BYTES, _LARGEST_FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (start.max_cpu_seconds, start.max_cpu_seconds))
    os.chdir(start.home)
    nothing = os.open(os.devnull, os.O_RDWR)
    high = [os.dup(fd) for fd in (nothing, nothing, *start.descriptors)]
    for target, fd in enumerate(_above(high)):
        os.dup2(fd, target)
    os.closerange(_BROWSER_WRITES + 1, 1024)
    os.execve(start.command[0], list(start.command), dict(start.environment))  # noqa: S606 - no shell is what is wanted


def _above(descriptors: Sequence[int]) -> list[int]:
    """The same descriptors, moved out of the way of the first five numbers."""
    moved = []
    for fd in descriptors:
        while fd <= _BROWSER_WRITES:
            fd = os.dup(fd)  # noqa: PLW2901 - until it is out of the way
        moved.append(fd)
    return moved


def _drop_rights(uid: int) -> None:
    """From root to nobody. Nothing for other users; in a container without the right to change users, neither."""
    if uid != 0:
        return
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except PermissionError:
        return
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)  # else /proc/self belongs to root, and maps cannot be set


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() not in (parent, 0):
        os._exit(_FAILED)


def _map_ids(uid: int, gid: int) -> None:
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")


def _never_return(work: Callable[[], None]) -> NoReturn:
    try:
        work()
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - a forked child must not run its parent's code
        os.write(2, f"the browser cannot be started: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(_FAILED)
