"""Delivers thousands of plays to a stream that throttles, refuses entries and loses replies: none lost, none doubled.

Two streams take the same 50,000 plays (``--plays``) of one journal, each as a sink of its own: a hostile one that
refuses a fifth of the entries and loses a fifth of the replies, besides the limits of its shard, and one that has the
limits alone. What arrived is read back by the sandbox's reader. Run by ``make faults``, or
``python -m tests.faults.deliver --plays 3000 --seed 1``. Prints its figures last.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cache import Identity, Journal, PlayEnd, PlayLayout, PlayStart, SystemClock, new_id
from config import OohError, ProofConfig
from player.backoff import Backoff
from player.delivery import Delivery, Entry, KinesisSink, Sent, open_client
from sandbox.reader import read_back, tally
from tests.sandbox.servers import Process

STREAM, SCREEN, SINK = "plays", "screen-1", KinesisSink.name
HOT = "hot shard"
_LONGEST_S = 900.0
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
_BAD = ("lost", "strangers", "conflicting", "sent_again_without_need", "still_queued")


@dataclass
class Watched:
    """The real sink, and who was sent again although there was a receipt."""

    sink: KinesisSink
    name: str = SINK
    acknowledged: set[str] = field(default_factory=set)
    needless: int = 0
    requests: int = 0
    refused: int = 0
    unanswered: int = 0

    def __post_init__(self) -> None:
        self.packing = self.sink.packing
        self.max_entry_bytes = self.sink.max_entry_bytes
        self.max_entries = self.sink.max_entries

    def send(self, entries: Sequence[Entry]) -> Sent:
        self.requests += 1
        self.needless += sum(not self.acknowledged.isdisjoint(entry.play_ids) for entry in entries)
        try:
            sent = self.sink.send(entries)
        except OohError:
            self.unanswered += 1
            raise
        self.refused += len(sent.refused)
        self.acknowledged.update(play_id for each in sent.accepted for play_id in each.entry.play_ids)
        return sent


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder in memory where there is one: what these programs ask has nothing to do with a disk's speed."""
    return tempfile.TemporaryDirectory(prefix="ooh-faults-", dir=_MEMORY if _MEMORY.is_dir() else None)


def record_plays(journal: Journal, clock: SystemClock, count: int, sinks: Sequence[str] = (SINK,)) -> set[str]:
    """Content plays of one frame each; returns their ids."""
    ids = set()
    for _ in range(count):
        start = PlayStart(
            id=new_id(clock),
            kind="content",
            planned_ms=1,
            started_at=datetime.now(UTC),
            started_ns=clock.monotonic_ns(),
            boot_id=clock.boot_id(),
            layout=PlayLayout(None, ("weather", "scores", "clock"), None),
            clock=clock.state(),
            display="unknown",
            display_evidence=None,
        )
        journal.open_play(start)
        journal.close_play(start.id, PlayEnd(datetime.now(UTC), 1, 1, 0, "complete"), sinks)
        ids.add(start.id)
    return ids


def deliver(journal: Journal, name: str, ids: set[str], folder: Path, faults: Sequence[str]) -> dict[str, int | float]:
    """One sink of the journal, one stream: the figures of its delivery."""
    with Process("stream", "--port", "0", "--dir", str(folder), "--stream", f"{STREAM}:2", *faults) as server:
        client = open_client(ProofConfig(stream=STREAM, region="us-east-1", endpoint=server.address))
        sink = Watched(KinesisSink(client, STREAM, SCREEN), name)
        backoff = Backoff(first_s=0.2, cap_s=5)
        worker = Delivery(journal, sink, flush_bytes=25_000, flush_seconds=1, clock=SystemClock(), backoff=backoff)
        began, cpu = time.monotonic(), time.process_time()
        worker.drain(_LONGEST_S)
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
        got = tally(read_back(server.address, STREAM))
    queue = journal.queue(name)
    return {
        "plays": len(ids),
        "in_the_stream": len(got.plays),
        "lost": len(ids - set(got.plays)),
        "strangers": len(set(got.plays) - ids),
        "conflicting": len(got.conflicting) + got.malformed,
        "sent_again_without_need": sink.needless,
        "still_queued": queue.pending + queue.set_aside,
        "repeats_removed_by_id": got.repeats,
        "requests": sink.requests,
        "entries_refused": sink.refused,
        "replies_lost": sink.unanswered,
        "seconds": round(seconds, 1),
        "plays_per_second": round(len(ids) / seconds),
        "cpu_ms_per_play": round(cpu * 1000 / len(ids), 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger("ooh").addHandler(logging.NullHandler())  # every failure is one that was ordered
    os.environ.update(AWS_ACCESS_KEY_ID="sandbox", AWS_SECRET_ACCESS_KEY="sandbox", AWS_CONFIG_FILE=os.devnull)
    hostile = ("--seed", str(options.seed), "--fail-share", "0.2", "--lose-share", "0.2")
    clock, good = SystemClock(), True
    with scratch() as root:
        journal = Journal.open(Path(root), clock, Identity(SCREEN, None, "0"))
        ids = record_plays(journal, clock, options.plays, (SINK, HOT))
        for name, faults in ((SINK, hostile), (HOT, ())):
            figures = deliver(journal, name, ids, Path(root) / name, faults)
            good = good and bool(figures["entries_refused"]) and not any(figures[bad] for bad in _BAD)
            print(json.dumps({"stream": "hostile" if faults else name, **figures}), flush=True)
        journal.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
