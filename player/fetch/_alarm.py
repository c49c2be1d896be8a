"""A time limit on a whole request, whatever it waits in: connect, handshake, headers or body."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from types import TracebackType
from typing import Self


class Alarm:
    """Cuts the sockets it watches when the time is up.

    Socket timeouts bound one wait, not the sum: a server that sends a byte a second holds a client for ever.
    Shutting the socket down ends every wait at once, in the TLS layer too. Use it as a context manager.
    """

    def __init__(self, timeout_s: float) -> None:
        self._ends = time.monotonic() + timeout_s
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._rang = False
        self._timer = threading.Timer(timeout_s, self._ring)
        self._timer.daemon = True

    @property
    def left_s(self) -> float:
        """Seconds until it rings, never under a millisecond (0 would mean non-blocking to a socket)."""
        return max(self._ends - time.monotonic(), 0.001)

    @property
    def rang(self) -> bool:
        """True once the time was up: whatever failed since then failed for that."""
        return self._rang or time.monotonic() >= self._ends

    def watch(self, sock: socket.socket) -> None:
        """Cut this connection too. A duplicate is kept, because TLS takes the original's descriptor away."""
        twin = socket.socket(sock.family, sock.type, sock.proto, fileno=os.dup(sock.fileno()))
        with self._lock:
            self._watched.append(twin)
            rang = self._rang
        if rang:
            self._cut(twin)

    def _ring(self) -> None:
        with self._lock:
            self._rang = True
            watched = tuple(self._watched)
            for sock in watched:
                self._cut(sock)

    @staticmethod
    def _cut(sock: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the other side may have closed it already: then there is nothing to cut
            sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for sock in self._watched:
                sock.close()
            self._watched.clear()
