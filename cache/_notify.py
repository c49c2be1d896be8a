"""systemd's notification socket (sd_notify(3)): ready, alive, what is being done. Nothing without NOTIFY_SOCKET."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

SYSTEMD_FOLDER = "/run/systemd/"
_MOST_STATUS_BYTES = 500


@dataclass(frozen=True, slots=True)
class Notify:
    """Each method sends one datagram and says whether it was taken; none ever waits or raises."""

    address: str = ""
    """A path, or ``@`` and an abstract name; empty: nobody listens."""
    watchdog_s: float | None = None
    """How often ``watchdog`` is to be called: half of WATCHDOG_USEC. None: no watchdog is set."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """By ``NOTIFY_SOCKET``, ``WATCHDOG_USEC`` and ``WATCHDOG_PID`` (sd_watchdog_enabled(3))."""
        address = environ.get("NOTIFY_SOCKET", "")
        if address[:1] not in ("/", "@"):
            return cls()
        usec, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
        is_watched = usec.isdecimal() and int(usec) > 0 and pid in ("", str(os.getpid()))
        return cls(address, int(usec) / 2e6 if is_watched else None)

    @property
    def by_systemd(self) -> bool:
        """True when systemd itself listens, not this player's supervisor."""
        return self.address.startswith(SYSTEMD_FOLDER)

    def ready(self) -> bool:
        """It does its work now; after ``reloading``: again."""
        return self._send("READY=1")

    def watchdog(self) -> bool:
        """It was alive now."""
        return self._send("WATCHDOG=1")

    def status(self, text: str) -> bool:
        """One line for people: ``systemctl status`` shows it."""
        line = " ".join(text.split()).encode("utf-8", "replace")[:_MOST_STATUS_BYTES].decode("utf-8", "ignore")
        return self._send(f"STATUS={line}")

    def stopping(self) -> bool:
        """It ends."""
        return self._send("STOPPING=1")

    def reloading(self, monotonic_usec: int) -> bool:
        """It reads its configuration anew, since ``monotonic_usec``; ``ready`` is to follow."""
        return self._send(f"RELOADING=1\nMONOTONIC_USEC={monotonic_usec}")

    def _send(self, message: str) -> bool:
        if not self.address:
            return False
        # A leading @ stands for the zero byte of an abstract address (unix(7)).
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC) as sender:
            try:
                sender.sendto(message.encode("utf-8", "replace"), address)
            except (OSError, ValueError):  # full, gone, or an address that is none
                return False
        return True
