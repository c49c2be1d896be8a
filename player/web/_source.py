"""Where the page's facts come from: boards, journal, cache, machine and ring, each read when it is asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cache import (
    Board,
    BoardName,
    Cache,
    Clock,
    Escalations,
    FeedSnapshot,
    Folders,
    Identity,
    Journal,
    LeaseState,
    PlayRow,
    QueueState,
    ServiceMode,
    read_escalations,
    read_service,
)
from config import Config, OohError, PanelKind
from player._ring import Ring
from player.machine import Machine, Meter, read_machine

T = TypeVar("T")
_STORE_KEPT_NS = 30_000_000_000
_LAST_PLAYS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """All that one page tells, as it was found. What could not be read is None or empty."""

    boards: Mapping[BoardName, dict[str, Any] | None]
    plays: tuple[PlayRow, ...]
    """Finished ones, newest first."""
    queues: Mapping[str, QueueState]
    beacons: Mapping[str, int]
    leases: Mapping[LeaseState, int]
    ready: int | None
    """Paid ads that could be shown now."""
    journal_bytes: int | None
    snapshots: Mapping[PanelKind, FeedSnapshot]
    store: tuple[int, int] | None
    """Bytes and files of the cache."""
    machine: Machine | None
    service: ServiceMode
    escalations: Escalations
    unread: tuple[str, ...]
    """Codes of what could not be read."""


@dataclass(slots=True)
class Source:
    """One player's. Safe to use from threads."""

    config: Config
    folders: Folders
    clock: Clock
    version: str
    ring: Ring = field(init=False)
    _meter: Meter = field(default_factory=Meter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _journal: Journal | None = None
    _cache: Cache | None = None
    _store: tuple[int, tuple[int, int]] | None = None

    def __post_init__(self) -> None:
        self.ring = Ring(self.folders.state)

    def find(self) -> Found:
        """Read everything. Raises nothing that a page could not tell."""
        unread: list[str] = []

        def of(read: Callable[[], T], without: T) -> T:
            try:
                return read()
            except OohError as error:
                unread.append(error.code.code)
                return without

        return Found(
            boards={name: Board.read_living(self.folders.run, name) for name in ("screen", "agent", "supervisor")},
            plays=of(lambda: tuple(self.journal().plays(limit=_LAST_PLAYS))[::-1], ()),
            queues=of(lambda: {sink: self.journal().queue(sink) for sink in self.config.proof.sinks()}, {}),
            beacons=of(lambda: self.journal().beacon_counts(), {}),
            leases=of(lambda: self.journal().lease_counts(), {}),
            ready=of(lambda: len(self.journal().ready(self.clock.now())), None),
            journal_bytes=of(lambda: self.journal().health().size_bytes, None),
            snapshots=of(lambda: self.cache().snapshots(), {}),
            store=of(self._store_use, None),
            machine=self._machine(),
            service=read_service(self.folders.run, self.clock),
            escalations=read_escalations(self.folders.state, self.folders.run),
            unread=tuple(dict.fromkeys(unread)),
        )

    def journal(self) -> Journal:
        """Opened when it is first needed. Raises ``OohError``."""
        with self._lock:
            if self._journal is None:
                screen = self.config.screen
                who = Identity(screen.id, screen.venue or None, self.version)
                self._journal = Journal.open(self.folders.state, self.clock, who, check=False)
            return self._journal

    def cache(self) -> Cache:
        """The same of the cache."""
        with self._lock:
            if self._cache is None:
                self._cache = Cache.open(self.folders, self.clock, self.config.cache.max_bytes)
            return self._cache

    def _store_use(self) -> tuple[int, int]:
        """A look at every file costs a weak card something: kept for half a minute."""
        now_ns = time.monotonic_ns()
        if self._store is None or now_ns - self._store[0] > _STORE_KEPT_NS:
            sizes = [file.size_bytes for file in self.cache().store.files()]
            self._store = (now_ns, (sum(sizes), len(sizes)))
        return self._store[1]

    def _machine(self) -> Machine | None:
        with self._lock:
            return read_machine(self.folders, self.clock, meter=self._meter, card_tbw=self.config.heartbeat.card_tbw)
