"""The heartbeat as a job: made in time, sent when it can be, kept while it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from cache import Clock, Folders
from config import HeartbeatConfig, OohError
from player.backoff import ThrottledError
from player.fetch import Http
from player.heartbeat import Backlog, Beat, Heartbeat, RefusedError, backfilled, beat_of, emf_line, write_textfile
from player.machine import read_uptime_s

log = logging.getLogger("ooh.agent")

_SPREAD_BEATS = 5.0
"""After an outage a screen sends its backlog at a moment drawn from the time of so many heartbeats."""
_LONGEST_SPREAD_S = 300.0
_BETWEEN_BATCHES_S = 10.0

Outcome = Literal["sent", "failed", "refused"]
"""``failed``: it can be tried later. ``refused``: this body will not be taken, now or later."""


class Outlet(Protocol):
    """Where else a heartbeat goes: the log, a file."""

    def __call__(self, document: Mapping[str, Any]) -> None:
        """Take it. What it raises is logged and harms nothing."""


@dataclass(slots=True)
class Pulse:
    """One run makes a heartbeat when it is time and sends what waits; a failure is logged at its edge.

    Whatever the network does, heartbeats are made at their own times: while a receiver is away, or asks to be left
    alone, they go into the backlog. When one has arrived again, the backlog follows at a moment drawn by chance, in
    order, so that a fleet that comes back does not come all at once.
    """

    heartbeat: Heartbeat | None
    """None: nothing is posted."""
    backlog: Backlog
    clock: Clock
    seconds: float
    draw: Callable[[], float]
    outlets: tuple[Outlet, ...] = ()
    uptime_s: Callable[[], float | None] = read_uptime_s
    """Of the machine."""
    made: int = 0
    sent: int = 0
    """Heartbeats that arrived, late ones included."""
    _beat_ns: int = 0
    """When the next is made."""
    _backlog_ns: int | None = None
    """When the backlog is sent; None while nothing has arrived since the last failure."""
    _quiet_ns: int = 0
    """The receiver asked to be left alone until then."""
    _alone: bool = False
    """The receiver takes one heartbeat a request only."""
    _told: set[str] = field(default_factory=set)
    """Codes of this outage that are in the log."""

    def step(self, document: Callable[[int], dict[str, Any]]) -> float:
        """``document`` makes the heartbeat of a number. Returns the seconds until the next run."""
        now_ns = self.clock.monotonic_ns()
        if now_ns >= self._beat_ns:
            self._beat_ns = now_ns + round(self.seconds * (0.9 + 0.2 * self.draw()) * 1e9)
            self._beat(document)
        if self._backlog_ns is not None and self.clock.monotonic_ns() >= max(self._backlog_ns, self._quiet_ns):
            self._send_backlog()
        due_ns = [self._beat_ns]
        if self._backlog_ns is not None:
            due_ns.append(max(self._backlog_ns, self._quiet_ns))
        return max(0.0, (min(due_ns) - self.clock.monotonic_ns()) / 1e9)

    def close(self) -> None:
        """The agent ends: what waits is on the card."""
        if len(self.backlog):
            self.backlog.save()

    def _beat(self, document: Callable[[int], dict[str, Any]]) -> None:
        self.made += 1
        told = document(self.made)
        for outlet in self.outlets:
            try:
                outlet(told)
            except Exception:
                # A bulkhead: the heartbeat itself must go out.
                log.exception("heartbeat.outlet_failed")
        if self.heartbeat is None:
            return
        beat = beat_of(told)
        waiting = len(self.backlog) > 0
        outcome = "failed" if self.clock.monotonic_ns() < self._quiet_ns else self._send((beat,))
        if outcome == "failed":
            self.backlog.add(beat)
        elif outcome == "sent" and waiting and self._backlog_ns is None:
            self._plan_backlog(min(_LONGEST_SPREAD_S, _SPREAD_BEATS * self.seconds))

    def _send_backlog(self) -> None:
        batch = self.backlog.batch(1 if self._alone else self.backlog.most)
        self._backlog_ns = None
        # Those that were made before the clock was set have learned their time meanwhile.
        uptime_s = self.uptime_s()
        outcome = self._send(tuple(backfilled(beat, self.clock, uptime_s) for beat in batch)) if batch else "sent"
        if outcome == "failed":
            return  # the next heartbeat that arrives plans it anew
        if outcome == "refused" and len(batch) > 1:
            self._alone = True
        else:
            self.backlog.sent(batch)
        if len(self.backlog):
            self._plan_backlog(min(_BETWEEN_BATCHES_S, self.seconds))

    def _plan_backlog(self, within_s: float) -> None:
        """At a moment drawn by chance."""
        self._backlog_ns = self.clock.monotonic_ns() + round(within_s * self.draw() * 1e9)

    def _send(self, beats: tuple[Beat, ...]) -> Outcome:
        if self.heartbeat is None:
            return "failed"
        try:
            self.heartbeat.send(beats)
        except OohError as error:
            self._log(error)
            if isinstance(error, RefusedError):
                return "refused"
            self._failed(error)
            return "failed"
        self.sent += len(beats)
        if self._told:
            log.info("heartbeat.recovered", extra={"facts": {"waiting": len(self.backlog)}})
            self._told.clear()
        return "sent"

    def _failed(self, error: OohError) -> None:
        self._backlog_ns = None
        if isinstance(error, ThrottledError) and error.retry_after_s is not None:
            # Everybody was told the same: a part of a heartbeat's time, drawn by chance, keeps them apart.
            wait_s = error.retry_after_s + self.seconds * self.draw()
            self._quiet_ns = self.clock.monotonic_ns() + round(wait_s * 1e9)

    def _log(self, error: OohError) -> None:
        edge = error.code.code not in self._told
        log.log(logging.WARNING if edge else logging.DEBUG, "heartbeat.failed", exc_info=error)
        self._told.add(error.code.code)


def open_pulse(
    config: HeartbeatConfig, http: Http, folders: Folders, clock: Clock, draw: Callable[[], float]
) -> Pulse | None:
    """As it is configured; None when nobody wants to hear it.

    Raises ``ConfigError`` when the token's file cannot be read.
    """
    outlets: list[Outlet] = []
    if config.emf:
        outlets.append(_EmfLog(config.emf, config.emf_dimensions))
    if config.textfile:
        outlets.append(_TextFile(Path(config.textfile)))
    if not config.url and not outlets:
        return None
    heartbeat = Heartbeat(config, http, clock) if config.url else None
    backlog = Backlog(folders.state, clock, config.backlog if config.url else 0)
    return Pulse(heartbeat, backlog, clock, config.seconds, draw, tuple(outlets))


class _EmfLog:
    """Lines of metrics on the log, whatever its level, with nothing before or after them."""

    def __init__(self, namespace: str, dimensions: Sequence[str]) -> None:
        self._namespace = namespace
        self._dimensions = dimensions
        self._lines = logging.getLogger("ooh.emf")
        self._lines.setLevel(logging.INFO)

    def __call__(self, document: Mapping[str, Any]) -> None:
        self._lines.info("%s", emf_line(document, self._namespace, self._dimensions), extra={"bare": True})


class _TextFile:
    """A file for Prometheus; told once when it cannot be written, and when it can again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._refused = False

    def __call__(self, document: Mapping[str, Any]) -> None:
        try:
            write_textfile(self._path, document)
        except OSError as error:
            level = logging.DEBUG if self._refused else logging.WARNING
            self._refused = True
            facts = {"file": str(self._path), "why": error.strerror or str(error)}
            log.log(level, "heartbeat.textfile_failed", extra={"facts": facts})
        else:
            self._refused = False
