"""The server: waitress, with a patience for slow clients and room for the tech beside any number of them."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from collections import Counter
from typing import Any, ClassVar

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

from config import Code, OohError, WebConfig
from player.web._app import MOST_BODY_BYTES
from player.web._attempts import network_of
from player.web._guard import HEADERS

log = logging.getLogger("ooh.web")

THREADS = 6
MOST_CONNECTIONS = 48
MOST_HEAD_BYTES = 8192
PATIENCE_S = 15
"""How long a request may take to arrive, and a connection to be idle."""
_BACKLOG = 64
_LOOK_S = 5
_READ_BYTES = 65_536
"""Read at once: a request that is refused for its size has mostly come whole, and its client reads why."""
_STOP_S = 5.0


def listen(web: WebConfig) -> socket.socket:
    """The one listening socket. Raises ``OohError`` (WEB_PORT_TAKEN)."""
    try:
        if web.host == "loopback":
            return socket.create_server(("127.0.0.1", web.port), backlog=_BACKLOG)
        return _listen_everywhere(web.port)
    except OSError as error:
        raise OohError(Code.WEB_PORT_TAKEN, f"{web.port}: {error.strerror or error}") from error


def _listen_everywhere(port: int) -> socket.socket:
    """IPv6 and IPv4 by one socket; IPv4 alone where the kernel has no IPv6."""
    try:
        return socket.create_server(("::", port), family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=True)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise
    return socket.create_server(("0.0.0.0", port), backlog=_BACKLOG)  # noqa: S104 - asked for by host = "lan"


class PageServer(TcpWSGIServer):  # type: ignore[misc]
    """waitress on a socket that is listening, served by a thread of its own from ``start`` to ``stop``."""

    def __init__(self, application: Any, listening: socket.socket) -> None:  # noqa: ANN401 - WSGI
        settings = Adjustments(
            sockets=[listening],
            threads=THREADS,
            ident=None,
            backlog=_BACKLOG,
            recv_bytes=_READ_BYTES,
            connection_limit=4 * MOST_CONNECTIONS,
            max_request_header_size=MOST_HEAD_BYTES,
            max_request_body_size=MOST_BODY_BYTES,
            channel_timeout=PATIENCE_S,
            cleanup_interval=_LOOK_S,
            asyncore_loop_timeout=_LOOK_S,
            asyncore_use_poll=True,
            expose_tracebacks=False,
            log_socket_errors=False,
            clear_untrusted_proxy_headers=True,
        )
        workers = ThreadedTaskDispatcher()
        workers.set_thread_count(THREADS)
        info = (listening.family, listening.type, listening.proto, listening.getsockname())
        super().__init__(
            application, _sock=listening, dispatcher=workers, adj=settings, sockinfo=info, bind_socket=False
        )

        self._stopping = False
        self._serving = True
        self._ending = threading.Lock()
        self._thread = threading.Thread(target=self.run, name="page", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End every connection and close the socket."""
        with self._ending:
            self._stopping = True
            if self._serving:
                self.pull_trigger()  # under the lock: the thread closes what is written to here
        self._thread.join(_STOP_S)

    def run(self) -> None:
        """Serve in this thread until ``stop``."""
        while not self._stopping:
            wasyncore.loop(timeout=_LOOK_S, use_poll=True, map=self._map, count=1)
        with self._ending:
            self._serving = False
        wasyncore.close_all(self._map, ignore_all=True)
        self.task_dispatcher.shutdown(cancel_pending=True, timeout=1)

    def handle_accept(self) -> None:
        """One more; when there are too many, whoever holds most of them loses the one that waits longest."""
        super().handle_accept()
        if len(self.active_channels) > MOST_CONNECTIONS:
            self._make_room()

    def maintenance(self, now: float) -> None:
        """Besides idle ones, end those whose request drips in: each byte would count as activity."""
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            if not channel.requests and not channel.total_outbufs_len and channel.waiting_since < now - PATIENCE_S:
                channel.will_close = True

    def _make_room(self) -> None:
        idle = [channel for channel in self.active_channels.values() if not channel.requests]
        held = Counter(network_of(str(channel.addr[0])) for channel in self.active_channels.values())
        if idle:
            idle.sort(key=lambda one: (-held[network_of(str(one.addr[0]))], one.waiting_since))
            idle[0].handle_close()


class _PlainErrors(ErrorTask):  # type: ignore[misc]
    """What waitress refuses by itself (400, 413, 431) looks like what the pages refuse."""

    def execute(self) -> None:
        error = self.request.error
        body = f"{error.code}  {error.reason}.\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend([("Content-Type", "text/plain; charset=utf-8"), *HEADERS.items()])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when its next request is waited for."""

    error_task_class: ClassVar[type] = _PlainErrors

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - waitress's own
        super().__init__(*args, **kwargs)
        self.waiting_since = self.creation_time

    def service(self) -> None:
        """Answer; the wait for the next begins."""
        super().service()
        self.waiting_since = self.last_activity


PageServer.channel_class = _Channel
