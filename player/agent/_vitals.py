"""What a heartbeat tells: gathered from the agent's parts, the other processes' boards and the machine."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from cache import (
    Board,
    BoardName,
    Cache,
    Clock,
    CodeCounter,
    Folders,
    KeyFile,
    LeaseState,
    PlayCounts,
    QueueState,
    new_id,
    read_escalations,
)
from config import Config, OohError, config_hash
from player.agent._parts import Parts
from player.agent._tallies import exchange_facts
from player.heartbeat import CacheUse, Facts, Queue, document, take_thumbnail
from player.machine import AlarmWatch, MachineWatch, process_figures
from player.schedule import JobState
from renderer.prepare import RECIPE

log = logging.getLogger("ooh.agent")

T = TypeVar("T")

_OTHERS: tuple[BoardName, ...] = ("screen", "supervisor", "web")
_KEEP_EVERY_S = 60.0


@dataclass(slots=True)
class Vitals:
    """Keeps what spans time: of the machine, and since the heartbeat before."""

    config: Config
    folders: Folders
    clock: Clock
    version: str
    parts: Parts
    codes: CodeCounter
    """Of this process's log."""
    wake: Callable[[], object]
    """Have ``keep`` called soon."""
    machine: MachineWatch = field(init=False)
    _alarm: AlarmWatch = field(init=False)
    _began_ns: int = field(init=False)
    _config_hash: str = field(init=False)
    _plays_before: PlayCounts | None = None
    _errors_before: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._began_ns = self.clock.monotonic_ns()
        self._config_hash = config_hash(self.config)
        tbw = self.config.heartbeat.card_tbw
        self.machine = MachineWatch(
            self.folders, self.clock, tbw, rescue_asked_ms=lambda: _rescue_asked_ms(self.folders)
        )
        self._alarm = AlarmWatch.open(self.machine.roots, self.wake)

    def document(self, seq: int, jobs: Mapping[str, JobState]) -> dict[str, Any]:
        """Heartbeat number ``seq``."""
        facts = self._facts(seq, jobs)
        self._plays_before, self._errors_before = facts.plays or self._plays_before, facts.errors
        return document(facts)

    def keep(self) -> float:
        """Bring up to date what is kept of the machine; seconds until that is due again."""
        self.machine.keep()
        return _KEEP_EVERY_S

    def close(self) -> None:
        """The agent ends in good order."""
        self._alarm.close()
        self.machine.close()

    def _facts(self, seq: int, jobs: Mapping[str, JobState]) -> Facts:
        parts, config, journal = self.parts, self.config, self.parts.journal
        boards = {name: Board.read_living(self.folders.run, name) for name in _OTHERS}
        pids: dict[str, int | None] = {"agent": os.getpid()}
        pids |= {name: board["pid"] if board is not None else None for name, board in boards.items()}
        queue, gateway = self._queue(parts.proof.sink), self._queue(parts.gateway.sink)
        beacons = _known(journal.beacon_counts)
        snapshots = _known(parts.cache.snapshots) or {}
        every = config.heartbeat.thumbnail_every
        return Facts(
            id=new_id(self.clock),
            seq=seq,
            sent_at=self.clock.now(),
            uptime_s=(self.clock.monotonic_ns() - self._began_ns) / 1e9,
            screen_id=config.screen.id,
            venue_id=config.screen.venue or None,
            player_version=self.version,
            recipe=RECIPE,
            config_hash=self._config_hash,
            machine=self.machine.look(),
            processes=process_figures(pids),
            screen=boards["screen"],
            last_frame_age_s=_age_s(boards["screen"], self.clock),
            escalations=read_escalations(self.folders.state, self.folders.run).as_json(),
            leases=_known(journal.lease_counts),
            ahead_ms=_known(self._ahead_ms),
            exchanges=exchange_facts(parts.asker),
            plays=_known(journal.counts),
            plays_before=self._plays_before,
            errors=_added(self.codes.counts(), (boards["screen"] or {}).get("errors")),
            errors_before=self._errors_before,
            journal=_known(journal.health),
            key_id=_known(lambda: _key_id(self.folders)),
            cache=_known(lambda: _cache_use(parts.cache)),
            sink=parts.proof.sink,
            queue=queue,
            delivery_error=parts.proof.error,
            gateway=gateway,
            gateway_error=parts.gateway.error,
            beacons=beacons,
            queues=self._queues({parts.proof.sink: queue, parts.gateway.sink: gateway}, beacons),
            feeds={kind: snapshot.fetched_at for kind, snapshot in snapshots.items()},
            jobs={name: asdict(state) for name, state in jobs.items()},
            kept=len(parts.pulse.backlog) if parts.pulse is not None else 0,
            thumbnail=take_thumbnail(self.folders.run, self.clock) if every and seq % every == 0 else None,
        )

    def _ahead_ms(self) -> int:
        """How long the leases that are ready would fill the ad slots."""
        held = self.parts.journal.held()
        return sum(one.lease.duration_ms for one in held if one.state is LeaseState.PREPARED)

    def _queue(self, sink: str | None) -> QueueState | None:
        return None if sink is None else _known(lambda: self.parts.journal.queue(sink))

    def _queues(
        self, sinks: Mapping[str | None, QueueState | None], beacons: Mapping[str, int] | None
    ) -> dict[str, Queue]:
        """Of every receiver, the exchanges' beacons too."""
        queues = {}
        for sink, state in sinks.items():
            if sink is not None and state is not None:
                oldest = state.oldest_pending_at
                queues[sink] = Queue(state.pending, datetime.fromisoformat(oldest) if oldest else None)
        if beacons is not None:
            queues["beacons"] = Queue(beacons["PENDING"], _known(self.parts.journal.oldest_beacon_at))
        return queues


def _known(read: Callable[[], T]) -> T | None:
    """None when the disk does not give it: of a card that dies a heartbeat must tell more than of any other."""
    try:
        return read()
    except (OohError, OSError):
        log.debug("heartbeat.fact_unknown", exc_info=True)
        return None


def _age_s(screen: Mapping[str, Any] | None, clock: Clock) -> float | None:
    """Since the screen last presented a frame, by its board."""
    last_ns = (screen or {}).get("last_frame_ns")
    return (clock.monotonic_ns() - last_ns) / 1e9 if isinstance(last_ns, int) else None


def _added(mine: Mapping[str, int], others: object) -> dict[str, int]:
    """What two processes counted."""
    both = Counter(mine)
    if isinstance(others, Mapping):
        both.update({str(code): count for code, count in others.items() if isinstance(count, int)})
    return dict(both)


def _cache_use(cache: Cache) -> CacheUse:
    files = list(cache.store.files())
    plates = sum(file.kind == "plate" for file in files)
    whole = sum(file.size_bytes for file in files)
    return CacheUse(whole, cache.store.max_bytes, len(files) - plates, plates)


def _key_id(folders: Folders) -> str | None:
    """The key that signs now; None before the first play."""
    known = KeyFile(folders.state).known()
    return known[-1].key_id if known else None


def _rescue_asked_ms(folders: Folders) -> int | None:
    """When the watchdog last asked for a reboot, ms since 1970."""
    last = read_escalations(folders.state, folders.run).last
    if last is None or last.step != "reboot":
        return None
    try:
        return round(datetime.fromisoformat(last.at).timestamp() * 1000)
    except ValueError:
        return None
