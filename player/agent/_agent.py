"""The agent: the process that has the network. Jobs of its own time, woken by the screen's doorbell."""

from __future__ import annotations

import logging
import select
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from cache import Board, Clock, CodeCounter, Doorbell, Folders, LeaseState, Notify, ring
from config import Config, OohError
from player.agent._checkup import Checkup
from player.agent._parts import READY_LANES, Bells, Edges, build
from player.agent._status import Status
from player.agent._vitals import Vitals
from player.schedule import Schedule

log = logging.getLogger("ooh.agent")

_ADS = (*READY_LANES, "house")
_SPREAD_S = 10.0
_FIRST_BEAT_S = 60.0
_STILL_S = 20.0
_DRAIN_S = 10.0
_STOP_S = 3.0


class Bell(Protocol):
    """What wakes the agent: its doorbell, and the signals of its process."""

    def fileno(self) -> int:
        """Readable when there are words."""

    def drain(self) -> tuple[str, ...]:
        """The words that came; never blocks."""


class Agent:
    """One configuration's agent. ``run`` it in the main thread; ``stop`` it from a signal handler or another thread."""

    def __init__(
        self, config: Config, folders: Folders, clock: Clock, version: str, *, edges: Edges | None = None
    ) -> None:
        """Opens everything; touches no network yet. Raises ``OohError``: JOURNAL_*, CACHE_*; ``ConfigError``."""
        self._config = config
        self._run = folders.run
        self._edges = edges or Edges()
        self._schedule = Schedule(clock, on_done=lambda _name: self._tell(), draw=self._edges.draw)
        self._parts = build(config, folders, clock, version, Bells(self._schedule.wake, folders.run), self._edges)
        self._bell = Doorbell.listen(folders.run, "agent")
        self._codes = CodeCounter()
        self._codes.watch()
        self._status = Status(config, clock, version, self._parts, self._codes)
        wake = partial(self._schedule.wake, "machine")
        self._vitals = Vitals(config, folders, clock, version, self._parts, self._codes, wake)
        self._board = Board(folders.run, "agent")
        self._checkup = Checkup(config, folders, clock, version)
        self._telling = threading.Lock()
        self._draining = threading.Event()
        self._drained = False
        self._released = False
        self._notify = Notify()
        self._told = ""

    def run(self, on_config: Callable[[], bool] = lambda: False, *others: Bell, notify: Notify | None = None) -> None:
        """Work until it is stopped. ``on_config``: the word "config" came; True ends the run, to begin anew.

        ``others``: what brings words besides the agent's own doorbell: signals. ``notify`` hears at every turn of this
        loop, and of no other thread, that it turns.
        """
        self._notify = notify or self._notify
        bells: list[Bell] = [self._bell, *others]
        self._add_jobs()
        self._schedule.start()
        self._notify.ready()
        self._tell()
        try:
            while True:
                heard = {word for bell in bells for word in bell.drain()}
                if "stop" in heard or ("config" in heard and on_config()):
                    return
                for word in sorted(heard - {"config"}):
                    self._hear(word)
                self._notify.watchdog()
                select.select(bells, [], [], self._notify.watchdog_s)
        finally:
            self.close()

    def stop(self) -> None:
        """End ``run`` soon."""
        ring(self._run, "agent", "stop")

    def close(self) -> None:
        """Stop the jobs and close everything; one that hangs is left to the end of the process."""
        still = self._schedule.stop(_STOP_S)
        self._bell.close()
        self._codes.unwatch()
        self._vitals.close()
        if still:
            self._parts.close()
        else:
            log.warning("agent.jobs_left", extra={"facts": {"after_s": _STOP_S}})

    def _hear(self, word: str) -> None:
        match word:
            case "played":
                self._schedule.wake("size", *self._parts.asker.lanes, "delivery", "gateway", "beacons", "drain")
            case "drain" if not self._draining.is_set():
                log.info("agent.draining")
                self._draining.set()
                self._schedule.add("drain", self._drain)
            case _ if word.startswith("doctor:"):
                self._checkup.begin(Path(word.partition(":")[2]))
            case _:
                log.debug("doorbell.word", extra={"facts": {"word": word}})

    def _add_jobs(self) -> None:
        """Spread by chance, so that a fleet that starts together does not ask together; but never a dark start."""
        parts, add, draw = self._parts, self._schedule.add, self._edges.draw
        nothing_to_show = not parts.journal.held() and not parts.cache.house()
        spread_s = 0.0 if nothing_to_show else draw() * _SPREAD_S
        add("size", parts.size.step)
        for place, lane in enumerate(parts.asker.lanes):
            add(lane, partial(parts.asker.step, place), first_in_s=spread_s)
        for ready in READY_LANES:
            add(ready, parts.readier.step)
        for number, prefetcher in enumerate(parts.prefetchers, 1):
            add(f"prefetch-{number}", prefetcher.step, first_in_s=_SPREAD_S + draw() * _SPREAD_S)
        add("house", parts.house.step)
        known = parts.cache.snapshots()
        for feed in parts.feeds:
            first_in_s = draw() * _SPREAD_S if feed.feed.kind in known else 0.0
            add(f"feed-{feed.feed.kind}", feed.step, first_in_s=first_in_s)
        if parts.proof.sink is not None:
            add("delivery", lambda: parts.proof.step(flush=self._draining.is_set()))
        if parts.gateway.sink is not None:
            add("gateway", lambda: parts.gateway.step(flush=self._draining.is_set()))
        add("beacons", self._call_beacons)
        add("expire", parts.keeper.expire)
        add("tidy", parts.keeper.tidy, first_in_s=60 + draw() * 60)
        pulse = parts.pulse
        if pulse is not None:
            told = lambda seq: self._vitals.document(seq, self._schedule.states())  # noqa: E731
            add("heartbeat", lambda: pulse.step(told), first_in_s=draw() * min(pulse.seconds, _FIRST_BEAT_S))
        add("machine", self._vitals.keep, first_in_s=_FIRST_BEAT_S)

    def _call_beacons(self) -> float | None:
        """What ended since is settled first: it is what there is to call."""
        self._parts.settler.step()
        return self._parts.beacons.step()

    def _drain(self) -> float | None:
        """Ask for no more ads, give back what is held, send all that waits; again and again until that is done."""
        if not self._released:
            ahead = [f"prefetch-{number}" for number, _ in enumerate(self._parts.prefetchers, 1)]
            ads = (*self._parts.asker.lanes, *_ADS, *ahead)
            self._schedule.remove(*ads)
            self._schedule.wait_still(_STILL_S, *ads)
            self._parts.keeper.release_all("shutdown")
            self._released = True
        self._parts.journal.finish_held(now=True)
        to_stream = self._parts.proof.drain(_DRAIN_S)
        delivered = self._parts.gateway.drain(_DRAIN_S) and to_stream
        self._parts.settler.step()
        called = self._parts.beacons.drain(_DRAIN_S / 2)
        if delivered and not self._drained:
            log.info("agent.drained", extra={"facts": {"beacons": "all called" if called else "some wait"}})
        self._drained = delivered
        return None if delivered else 1.0

    def _tell(self) -> None:
        with self._telling:
            try:
                document = self._status.board(
                    self._schedule.states(), draining=self._draining.is_set(), drained=self._drained
                )
                self._say(document)
                self._board.write(document)
            except OohError as error:
                log.warning("board.not_written", exc_info=error)

    def _say(self, document: Mapping[str, Any]) -> None:
        """In one line, for ``systemctl status``."""
        waiting = sum((document[sink] or {}).get("pending", 0) for sink in ("delivery", "gateway"))
        text = f"{document['leases'].get(LeaseState.PREPARED.value, 0)} ads ready, {waiting} plays to deliver"
        if text != self._told:
            self._told = text
            self._notify.status(text)
