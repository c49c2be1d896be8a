"""The page's process: serves until it is told to end; a configuration that changed is taken in its place."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from enum import Enum

from cache import Board, Notify, rfc3339
from config import Code, Config, OohError
from player._signals import SignalBell
from player.web._app import make_app
from player.web._picture import sweep
from player.web._server import PageServer, listen
from player.web._site import Site

log = logging.getLogger("ooh.web")

_WORDS: Mapping[int, str] = {signal.SIGTERM: "stop", signal.SIGINT: "stop", signal.SIGHUP: "config"}


class Ended(Enum):
    """Why the page is served no more."""

    STOPPED = "stopped"
    CHANGED = "changed"
    """The configuration is another one now: begin anew."""


def serve_page(site: Site, on_config: Callable[[], Config | None]) -> Ended:
    """Serve until SIGTERM or SIGINT, or until a SIGHUP brings another configuration.

    ``on_config``: reads it again; None when it has a mistake, and the old one stays. Call it in the main thread.
    Raises ``OohError``: WEB_NO_PIN, WEB_PORT_TAKEN.
    """
    if site.web.host == "lan" and site.pin() is None:
        raise OohError(Code.WEB_NO_PIN, 'web.host = "lan" is not served without one')
    sweep(site.folders.run)
    with closing(listen(site.web)) as listening, closing(SignalBell(_WORDS)) as signals:
        server = begin_serving(site, listening)
        _tell(site)
        notify = Notify.of(os.environ)
        notify.ready()
        log.info("web.serving", extra={"facts": {"host": site.web.host, "port": site.web.port}})
        try:
            return _until_ended(site, signals, notify, on_config)
        finally:
            notify.stopping()
            server.stop()


def _until_ended(site: Site, signals: SignalBell, notify: Notify, on_config: Callable[[], Config | None]) -> Ended:
    while True:
        select.select([signals], [], [], notify.watchdog_s)
        notify.watchdog()
        heard = signals.drain()
        if "stop" in heard:
            return Ended.STOPPED
        new = on_config() if "config" in heard else None
        if new is not None and not site.take(new):
            return Ended.CHANGED


def begin_serving(site: Site, listening: socket.socket) -> PageServer:
    """Serve on a socket that listens, until ``stop`` of what is returned."""
    server = PageServer(make_app(site), listening)
    server.start()
    return server


def _tell(site: Site) -> None:
    board = {"pid": os.getpid(), "version": site.version, "since": rfc3339(site.clock.now()), "port": site.web.port}
    try:
        Board(site.folders.run, "web").write(board)
    except OohError as error:
        log.warning("board.not_written", exc_info=error)
