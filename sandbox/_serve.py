"""Serving: an application on loopback, a thread per request, ended cleanly by SIGTERM."""

from __future__ import annotations

import logging
import signal
import sys
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from types import FrameType
    from wsgiref.types import WSGIApplication

HOST = "127.0.0.1"
"""Never another: the sandbox has no authentication and answers with bad input on purpose."""

log = logging.getLogger("ooh.sandbox")


class _Handler(WSGIRequestHandler):
    """Small answers sent at once, and no line per request."""

    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """To our log, and only at debug level."""
        log.debug("http.%s", type, extra={"facts": {"line": message % args if args else message}})


def bind(app: WSGIApplication, port: int) -> BaseWSGIServer:
    """A server bound to ``port`` (0: any free one). SO_REUSEADDR: a restart takes the same port at once."""
    return make_server(HOST, port, app, threaded=True, request_handler=_Handler)


def serve(app: WSGIApplication, port: int, name: str) -> None:
    """Serve until SIGTERM or SIGINT; says on standard output when and where it listens."""
    server = bind(app, port)

    def end(_signum: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    sys.stdout.write(f"sandbox {name} listening on http://{HOST}:{server.server_port}\n")
    sys.stdout.flush()
    log.info("sandbox.listening", extra={"facts": {"name": name, "port": server.server_port}})
    server.serve_forever()
