"""The kernel's news of plugs: a socket that can be read when a display was plugged or pulled. Nobody polls."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Protocol

_KOBJECT_UEVENT = 15
"""``NETLINK_KOBJECT_UEVENT`` (linux/netlink.h); group 1 is the kernel's own broadcast, open to every user."""
_MOST_BYTES = 8192


class News(Protocol):
    """Something that can be waited for."""

    def fileno(self) -> int:
        """For ``select``."""

    def drain(self) -> bool:
        """Take what waits; True when any of it was about a display."""

    def close(self) -> None:
        """Give it back."""


class Hotplug:
    """uevents of the subsystem ``drm``."""

    def __init__(self) -> None:
        """Raises ``OSError`` where the kernel or a sandbox has none."""
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _KOBJECT_UEVENT)
        try:
            self._socket.bind((0, 1))
        except OSError:
            self._socket.close()
            raise
        self._socket.settimeout(0)

    def fileno(self) -> int:
        """For ``select``."""
        return self._socket.fileno()

    def drain(self) -> bool:
        """Take what waits; True when any of it was about a display, or some of it was lost."""
        about_displays = False
        with suppress(BlockingIOError):
            while True:
                try:
                    message = self._socket.recv(_MOST_BYTES)
                except BlockingIOError:
                    raise
                except OSError:  # ENOBUFS: more came than there was room for
                    about_displays = True
                    break
                about_displays = about_displays or b"SUBSYSTEM=drm" in message.split(b"\0")
        return about_displays

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def hotplug() -> Hotplug | None:
    """The kernel's news; None where there are none to be had: then plugs are seen at the next play."""
    try:
        return Hotplug()
    except OSError:
        return None
