"""The supervisor's ear: systemd's notification protocol (sd_notify(3)), served for the processes it has started."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress

_CREDENTIALS = struct.Struct("3i")
"""``struct ucred``: pid, uid, gid (unix(7)); the kernel fills it in."""
_MOST_BYTES = 4096
_MOST_MESSAGES = 256
"""In one go: a child that shouts must not keep its supervisor from its work."""


class Ear:
    """One socket for all children. An abstract name: no path that is too long, no file that stays behind."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._socket.bind("")  # the kernel gives a name (unix(7), autobind)
        self.address = "@" + os.fsdecode(self._socket.getsockname()[1:])

    def fileno(self) -> int:
        """For ``poll()``: readable when something was said."""
        return self._socket.fileno()

    def drain(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Who said what, in order; never blocks. Who it was is the kernel's word."""
        with suppress(BlockingIOError):
            for _ in range(_MOST_MESSAGES):
                # Room for the credentials alone: descriptors that are sent along find none, and are closed.
                message, extra, _, _ = self._socket.recvmsg(_MOST_BYTES, socket.CMSG_SPACE(_CREDENTIALS.size))
                pid = _sender(extra)
                if pid:
                    yield pid, _fields(message)

    def close(self) -> None:
        """Nobody listens any more."""
        self._socket.close()


def _sender(extra: list[tuple[int, int, bytes]]) -> int:
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS) and len(data) >= _CREDENTIALS.size:
            pid: int = _CREDENTIALS.unpack_from(data)[0]
            return pid
    return 0


def _fields(message: bytes) -> dict[str, str]:
    lines = message.decode("utf-8", "replace").split("\n")
    return {name: value for name, found, value in (line.partition("=") for line in lines) if found}
