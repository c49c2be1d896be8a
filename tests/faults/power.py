"""Cuts the power of the journal at every kind of moment: is every play that was acknowledged still there?

``python -m tests.faults.power --states 600``. The journal's real code works through a real file system; a layer inside
its SQLite (``vfs.py``) sees each write and sync and builds what a disk may hold when the power goes just then
(``crash_disk.py``). Each such state is opened by the journal's real code and asked for all that was acknowledged.
With ``--synchronous NORMAL`` it must fail: that shows that it would find a loss. Prints its figures last.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from cache import ClockState, Journal, KeyFile, Receipt, verify_export
from cache.journal import _journal
from tests.cache.shapes import IDENTITY, SINK, make_end, make_lease, make_plate, make_start, settle
from tests.fakes import FakeClock
from tests.faults.crash_disk import STYLES, CrashDisk, Style
from tests.faults.vfs import SQLITE, Layer

_WORST_NAMED = 5


@dataclass
class Promised:
    """What the journal has acknowledged so far: each had returned when the power went."""

    opened: list[str] = field(default_factory=list)
    closed: dict[str, bytes] = field(default_factory=dict)
    """By play id: the record, or nothing while it was held for the clock."""
    delivered: set[str] = field(default_factory=set)
    pruned: set[str] = field(default_factory=set)
    offered: list[str] = field(default_factory=list)

    def copy(self) -> Promised:
        return Promised(list(self.opened), dict(self.closed), set(self.delivered), set(self.pruned), list(self.offered))


@dataclass(frozen=True)
class State:
    """One crash."""

    at: int
    style: Style
    folder: Path
    promised: Promised
    boot: str


class Recorder:
    """Runs the journal's work; at the chosen moments it keeps what the disk would hold."""

    def __init__(self, work: Path, states: Path, chosen: dict[int, list[Style]], dice: random.Random) -> None:
        self.disk = CrashDisk(work, self._happens)
        self.promised = Promised()
        self.moments = 0
        self.states: list[State] = []
        self._states, self._chosen, self._dice = states, chosen, dice

    def _happens(self) -> None:
        for style in self._chosen.get(self.moments, ()):
            folder = self._states / f"{len(self.states):05}"
            folder.mkdir()
            self.disk.cut(folder, style, self._dice)
            self.states.append(State(self.moments, style, folder, self.promised.copy(), f"boot-{len(self.states)}"))
        self.moments += 1


@contextmanager
def python_watched(disk: CrashDisk) -> Iterator[None]:
    """Python's own writes in the folder: the signing key, the mark of seq, a damaged file put away."""
    fsync, rename, link, unlink = os.fsync, os.rename, os.link, os.unlink

    def watched_fsync(handle: int) -> None:
        fsync(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.is_dir():
            disk.sync_names()
        else:
            disk.written_whole(str(path))

    def watched_rename(old: Any, new: Any, **how: Any) -> None:
        rename(old, new, **how)
        disk.renamed(os.fspath(old), os.fspath(new))

    def watched_link(old: Any, new: Any, **how: Any) -> None:
        link(old, new, **how)
        disk.renamed(os.fspath(old), os.fspath(new), keep=True)

    def watched_unlink(path: Any, **how: Any) -> None:
        unlink(path, **how)
        disk.removed(os.fspath(path))

    watched: dict[str, Any] = {
        "fsync": watched_fsync,
        "rename": watched_rename,
        "link": watched_link,
        "unlink": watched_unlink,
    }
    with mock.patch.multiple(os, **watched):
        yield


def work(folder: Path, plays: int, promised: Promised) -> None:
    """A screen's and an agent's writes, both connections open: leases, plays, receipts, held plays, pruning."""
    clock = FakeClock()
    dice = random.Random(11)
    screen = Journal.open(folder, clock, IDENTITY)
    agent = Journal.open(folder, clock, IDENTITY, check=False)
    for number in range(plays):
        clock.clock_state = ClockState(synced=not 20 <= number < 24, source="timesyncd", offset_ms=None)
        lease = make_lease(clock, f"lease-{number}") if dice.random() < 0.7 else None
        if lease is not None:
            agent.offer(lease)
            promised.offered.append(lease.lease_id)
            agent.prepared(lease.lease_id, make_plate())
        start = make_start(clock, lease)
        screen.open_play(start)
        promised.opened.append(start.id)
        clock.advance(10)
        play = screen.close_play(start.id, make_end(clock), (SINK,))
        promised.closed[start.id] = b"" if play.hash is None else _record(agent, play.seq)
        settle(agent)
        for beacon in agent.due_beacons(clock.now(), 10):
            agent.beacon_done(beacon.beacon_id)
        if number % 8 == 7:
            waiting = agent.pending(SINK, 100)
            agent.delivered(SINK, [Receipt(one.play_id, "shard", str(one.seq)) for one in waiting])
            promised.delivered.update(one.play_id for one in waiting)
        if number % 40 == 39:
            promised.pruned.update(list(promised.closed)[: len(promised.closed) - 30])
            agent.prune(30, 30)
        if number % 50 == 49:  # a restart of both: the last to close empties the WAL and removes it
            screen.close()
            agent.close()
            screen, agent = Journal.open(folder, clock, IDENTITY), Journal.open(folder, clock, IDENTITY, check=False)
    screen.close()
    agent.close()


def _record(journal: Journal, seq: int) -> bytes:
    with journal._database.reading() as view:
        return bytes(view.execute("SELECT record FROM plays WHERE seq = ?", (seq,)).fetchone()[0])


def judge(state: State) -> list[str]:
    """What was promised and is not there; every sentence is a fault."""
    clock = FakeClock(boot=state.boot)
    promised = state.promised
    found: list[str] = []
    with mock.patch("os.fsync"):  # these folders need not outlive anything
        journal = Journal.open(state.folder, clock, IDENTITY)
        try:
            journal.recover(None, (SINK,))
            journal.finish_held(now=True)
            found += _lost(journal, promised)
            found += _chain(journal, state.folder)
            lease = make_lease(clock, "afterwards")
            journal.offer(lease)
            start = make_start(clock, lease)
            seq = journal.open_play(start)
            if seq <= len(promised.opened):
                found.append(f"lost: seq {seq} is given for a second time")
            if journal.close_play(start.id, make_end(clock), (SINK,)).seq != seq:
                found.append(f"corrupt: play {seq} was closed as another")
            with journal._database.reading() as view:
                checked = view.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if checked != "ok":
                found.append(f"corrupt: {checked}")
        finally:
            journal.close()
    found += [f"corrupt: set aside {path.name}" for path in state.folder.glob("journal.db.corrupt-*")]
    return found


def _lost(journal: Journal, promised: Promised) -> Iterator[str]:
    rows = {row.play.id: row for row in journal.plays()}
    for number, play_id in enumerate(promised.opened, start=1):
        row = rows.get(play_id)
        if row is None:
            if play_id not in promised.pruned:
                yield f"lost: play {number}"
        elif play_id in promised.closed and row.play.end_reason != "complete":
            yield f"lost: the end of play {number}"
        elif promised.closed.get(play_id) and row.record != promised.closed[play_id]:
            yield f"corrupt: another record of play {number}"
        elif play_id in promised.delivered and row.deliveries[SINK].state != "DELIVERED":
            yield f"lost: the receipt of play {number}"
    with journal._database.reading() as view:
        leases = {lease_id for (lease_id,) in view.execute("SELECT lease_id FROM leases")}
    gone = {row.play.lease_id for row in rows.values()} | leases
    if not promised.pruned:
        yield from (f"lost: {lease_id}" for lease_id in promised.offered if lease_id not in gone)


def _chain(journal: Journal, folder: Path) -> Iterator[str]:
    records = [row.record for row in journal.plays()]
    if records:
        verdict = verify_export(records, KeyFile(folder, {}).known())
        if verdict.fault is not None:
            yield f"corrupt: {verdict.fault}"


def choose(moments: int, states: int, dice: random.Random) -> dict[int, list[Style]]:
    """Moments spread over all of the work, each with one way to lose what was not synced."""
    chosen: dict[int, list[Style]] = {}
    for number in range(states):
        at = min(moments - 1, int((number + dice.random()) * moments / states))
        chosen.setdefault(at, []).append(STYLES[number % len(STYLES)])
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=600)
    parser.add_argument("--plays", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synchronous", choices=("FULL", "NORMAL"), default="FULL")
    options = parser.parse_args()
    logging.getLogger("ooh").addHandler(logging.NullHandler())  # every crash recovered is one that was ordered
    began = time.monotonic()
    plan = replace(_journal.JOURNAL_PLAN, durable=options.synchronous == "FULL")
    layer = Layer()
    with tempfile.TemporaryDirectory(prefix="ooh-power-") as root, mock.patch.object(_journal, "JOURNAL_PLAN", plan):
        dice = random.Random(options.seed)
        moments, writes = _run(layer, Path(root), "count", options.plays, {}, dice)[:2]
        chosen = choose(moments, options.states, dice)
        recorded = _run(layer, Path(root), "cut", options.plays, chosen, dice)
        faults: Counter[str] = Counter()
        by_style: Counter[str] = Counter()
        bad_states = 0
        for state in recorded[2]:
            found = judge(state)
            faults.update(fault.partition(":")[0] for fault in found)
            by_style.update([state.style])
            bad_states += bool(found)
            if found and bad_states <= _WORST_NAMED:
                print(f"moment {state.at}, {state.style}: {'; '.join(found[:3])} ({len(found)} faults)", flush=True)
            shutil.rmtree(state.folder)
    good = not faults and len(recorded[2]) >= options.states
    print(
        json.dumps(
            {
                "synchronous": options.synchronous,
                "sqlite": SQLITE,
                "states": len(recorded[2]),
                "by_style": dict(by_style),
                "moments": moments,
                "writes": writes,
                "plays": options.plays,
                "states_with_a_fault": bad_states,
                "acknowledged_lost": faults["lost"],
                "corrupt": faults["corrupt"],
                "seconds": round(time.monotonic() - began, 1),
                "good": good,
            }
        )
    )
    return 0 if good else 1


def _run(
    layer: Layer, root: Path, name: str, plays: int, chosen: dict[int, list[Style]], dice: random.Random
) -> tuple[int, int, list[State]]:
    """One pass of the work; returns its moments, its writes and the states that were kept."""
    folder, states = root / name, root / f"{name}-states"
    folder.mkdir()
    states.mkdir()
    recorder = Recorder(folder, states, chosen, dice)
    with layer.watched(recorder.disk), python_watched(recorder.disk):
        work(folder, plays, recorder.promised)
    for file, content in recorder.disk.whole().items():
        if (folder / file).read_bytes() != content:
            message = f"the model of {file} is not what is on the disk: a write was missed"
            raise RuntimeError(message)
    with sqlite3.connect(folder / "journal.db") as db:
        db.execute("PRAGMA quick_check").fetchone()
    return recorder.moments, recorder.disk.writes, recorder.states


if __name__ == "__main__":
    sys.exit(main())
