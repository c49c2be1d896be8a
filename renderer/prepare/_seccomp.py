"""A filter of system calls (seccomp): what a decoder never needs ends the process that tries it.

A list of what is refused, not of what is allowed: libraries find new harmless calls with every release, and a screen
that goes dark over one is no safer. Refused is what reaches other processes, the network or the kernel's insides.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from pathlib import Path

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_* (linux/audit.h)."""
_CLONE = {"x86_64": 56, "aarch64": 220}
_TGKILL = {"x86_64": 234, "aarch64": 131}
_CLONE3 = 435
_REFUSED: dict[str, tuple[int, int | None]] = {
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "kill": (62, 129), "tkill": (200, 130), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "chroot": (161, 51),
    "pivot_root": (155, 41), "open_by_handle_at": (304, 265), "bpf": (321, 280), "perf_event_open": (298, 241),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
}  # fmt: skip
"""Number on x86_64 and on aarch64 (asm/unistd.h)."""
_X32_BIT = 0x40000000
_CLONE_THREAD = 0x00010000
_ENOSYS = 38
_KILL_PROCESS, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _JUMP_EQUAL, _JUMP_ABOVE, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
"""In ``struct seccomp_data`` (seccomp(2)); the low half of an argument comes first on both machines."""
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_ACTIONS = Path("/proc/sys/kernel/seccomp/actions_avail")


def can_filter_calls() -> bool:
    """Whether this machine and kernel offer the filter."""
    try:
        return platform.machine() in _SECCOMP and "kill_process" in _ACTIONS.read_text(encoding="ascii").split()
    except OSError:
        return False


def filter_calls() -> bool:
    """Put this process and all its threads under the filter, for good; False where the system offers none.

    ``PR_SET_NO_NEW_PRIVS`` must be set.
    """
    if not can_filter_calls():
        return False
    machine = platform.machine()
    code = ctypes.create_string_buffer(b"".join(_program(machine, os.getpid())))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(code))
    call = ctypes.CDLL(None, use_errno=True).syscall
    return bool(call(_SECCOMP[machine], _SET_MODE_FILTER, _ALL_THREADS, program) == 0)


def _program(machine: str, pid: int) -> list[bytes]:
    """Classic BPF. Jumps are counted in steps from the next one."""
    numbers = [pair[machine == "aarch64"] for pair in _REFUSED.values()]
    steps = [
        _step(_LOAD, _ARCH_AT),
        _step(_JUMP_EQUAL, _ARCH[machine], 1, 0),
        _step(_RETURN, _KILL_PROCESS),
        _step(_LOAD, _NUMBER_AT),
        _step(_JUMP_ABOVE, _X32_BIT, 0, 1),
        _step(_RETURN, _KILL_PROCESS),
        _step(_JUMP_EQUAL, _CLONE3, 0, 1),
        _step(_RETURN, _ERRNO | _ENOSYS),  # its flags lie in memory that a filter cannot read; libc then takes clone
    ]
    for number in numbers:
        if number is not None:
            steps += [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, _KILL_PROCESS)]
    return [
        *steps,
        *_only_if(_CLONE[machine], _JUMP_SET, _CLONE_THREAD),  # threads, no processes
        *_only_if(_TGKILL[machine], _JUMP_EQUAL, pid),  # abort() signals its own process
        _step(_RETURN, _ALLOW),
    ]


def _only_if(number: int, test: int, value: int) -> list[bytes]:
    """One call, allowed when its first argument passes ``test``."""
    return [
        _step(_JUMP_EQUAL, number, 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT_AT),
        _step(test, value, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _KILL_PROCESS),
    ]


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    """``struct sock_filter``."""
    return struct.pack("HBBI", code, then, otherwise, value)
