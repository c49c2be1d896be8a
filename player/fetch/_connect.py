"""requests' adapter whose connections go only to addresses that the guard has checked."""

from __future__ import annotations

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from config import Code, OohError
from player.fetch._alarm import Alarm
from player.fetch._guard import Guard


class Opener:
    """Opens the sockets of one request: resolve, check, connect to that very address, watch the time."""

    def __init__(self, guard: Guard, alarm: Alarm) -> None:
        self._guard = guard
        self._alarm = alarm

    def open(self, host: str, port: int, *, plain: bool) -> socket.socket:
        """A connected socket. Raises ``OohError``: FETCH_REFUSED, FETCH_NETWORK, FETCH_TIMEOUT."""
        addresses = self._guard.addresses(host, port, plain=plain, timeout_s=self._alarm.left_s)
        failure: OSError | None = None
        for nth, address in enumerate(addresses):
            # A dead first address (IPv6 without a route, often) must leave time for the next.
            share_s = self._alarm.left_s / (len(addresses) - nth)
            try:
                sock = socket.create_connection((address, port), timeout=share_s)
            except OSError as error:
                failure = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(self._alarm.left_s)
            self._alarm.watch(sock)
            return sock
        code = Code.FETCH_TIMEOUT if self._alarm.rang or isinstance(failure, TimeoutError) else Code.FETCH_NETWORK
        raise OohError(code, f"{host} port {port}: {failure}") from failure


class _GuardedConnection(HTTPConnection):
    def __init__(self, *, opener: Opener, **kwargs: Any) -> None:  # noqa: ANN401 - what urllib3 passes
        super().__init__(**kwargs)
        self._opener = opener

    def _new_conn(self) -> socket.socket:
        return self._opener.open(self.host, self.port, plain=True)


class _GuardedTlsConnection(HTTPSConnection):
    def __init__(self, *, opener: Opener, **kwargs: Any) -> None:  # noqa: ANN401 - what urllib3 passes
        super().__init__(**kwargs)
        self._opener = opener

    def _new_conn(self) -> socket.socket:
        return self._opener.open(self.host, self.port, plain=False)


class _GuardedPool(HTTPConnectionPool):
    ConnectionCls = _GuardedConnection


class _GuardedTlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTlsConnection


class GuardedAdapter(HTTPAdapter):
    """One request's adapter: a pool of its own, no proxies, no retries, no keep-alive.

    A kept connection saves a handshake every minute or so and costs clarity: a POST on one that the server
    has just closed may or may not have arrived.
    """

    def __init__(self, opener: Opener, trust: ssl.SSLContext) -> None:
        super().__init__(max_retries=0)
        self._opener = opener
        self._trust = trust

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: object, proxies: object = None, cert: object = None
    ) -> HTTPConnectionPool:
        """A pool for this request alone; ``verify``, ``proxies`` and ``cert`` have no say."""
        del verify, proxies, cert
        parts = urlsplit(request.url or "")
        host = parts.hostname or ""
        if parts.scheme == "https":
            return _GuardedTlsPool(host, parts.port, ssl_context=self._trust, opener=self._opener)
        return _GuardedPool(host, parts.port, opener=self._opener)

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Nothing: the trust is loaded once, not per connection (40 ms each time on a slow board)."""
