"""The loopback ports of one sandbox."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass

from config import Code, OohError

LOOPBACK = "127.0.0.1"
_STEP_S = 0.05


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the sandbox's two servers listen; fixed for a demo's life, so that a killed one comes back there."""

    exchange: int
    stream: int

    @property
    def exchange_url(self) -> str:
        """Root of the exchange, feeds and heartbeat receiver."""
        return f"http://{LOOPBACK}:{self.exchange}"

    @property
    def stream_url(self) -> str:
        """The Kinesis-compatible endpoint."""
        return f"http://{LOOPBACK}:{self.stream}"


def free_ports() -> Ports:
    """Two ports that nobody listens on now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(2)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        exchange, stream = (each.getsockname()[1] for each in sockets)
    return Ports(exchange, stream)


def wait_until_listening(port: int, timeout_s: float) -> None:
    """Return when a server accepts connections; ``OohError(PROCESS_CRASHED)`` when it never does."""
    for _ in range(max(1, round(timeout_s / _STEP_S))):
        with socket.socket() as probe:
            probe.settimeout(_STEP_S)
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(_STEP_S)
    raise OohError(Code.PROCESS_CRASHED, f"nothing listens on port {port} after {timeout_s:.0f} s")
