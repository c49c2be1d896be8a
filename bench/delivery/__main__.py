"""What delivery costs: Kinesis' payload units, plays a second and CPU, beside botocore alone and aws-kinesis-agg.

``python -m bench.delivery [--plays 5000] [--plot docs/delivery-cost.png]`` writes real plays to a real journal and
sends them to a server of its own that takes everything, in the same run by: this player (queue, aggregates, receipts
in the journal), one ``PutRecord`` a play, ``PutRecords`` of 500 plays, and the package aws-kinesis-agg. The peers have
no journal and keep nothing: they are measured at their best. The curve of cost against the flush interval comes from
the same ``Delivery``, a play every 10 s, on a clock moved by hand. Prints its figures last.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aws_kinesis_agg.aggregator import RecordAggregator

from bench.delivery._stream import UNIT_BYTES, Received, serve
from cache import (
    ClockState,
    Identity,
    Journal,
    Lease,
    PlayEnd,
    PlayLayout,
    PlayStart,
    QueuedPlay,
    Receipt,
    SystemClock,
    new_id,
)
from config import ProofConfig
from player.delivery import Accepted, Aggregates, Delivery, Entry, KinesisSink, Sent, open_client
from tests.faults.deliver import scratch

SCREEN, SINK = "berlin-alexanderplatz-3", KinesisSink.name
FULL = (25_000, 50_000)
INTERVALS_S = (1, 5, 10, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1_800, 3_600)
PLAY_S = 10
SMALL_BYTES = 310
"""A record of the size for which 12.7 units were once measured: ours is larger, for it is signed and chained."""


@dataclass(frozen=True)
class Figures:
    """One way of sending."""

    name: str
    plays: int
    arrived: int
    requests: int
    units_per_1000_plays: float
    plays_per_s: float
    cpu_ms_per_play: float


def record(journal: Journal, clock: SystemClock, count: int) -> None:
    """Ad plays with every field that an exchange fills, signed and queued."""
    now = datetime.now(UTC)
    for number in range(count):
        lease = Lease(
            lease_id=new_id(clock),
            exchange="openrtb",
            request_id=new_id(clock),
            imp_id="1",
            creative_url="https://cdn.exchange.example/c/1.jpg",
            not_before=now - timedelta(hours=1),
            expires_at=now + timedelta(days=1),
            duration_ms=PLAY_S * 1000,
            bid_id=f"bid-{number:08d}",
            deal_id="deal-spring-2026",
            creative_id="creative-4711",
            campaign_id="campaign-88-brand",
            advertiser_domain="brand.example",
            price="4.2500",
            currency="EUR",
            multiplier=12.5,
            width=1920,
            height=1080,
        )
        start = PlayStart(
            id=new_id(clock),
            kind="ad",
            planned_ms=PLAY_S * 1000,
            started_at=datetime.now(UTC),
            started_ns=clock.monotonic_ns(),
            boot_id=clock.boot_id(),
            layout=PlayLayout((0, 0, 1_296, 1_080), ("weather", "scores", "clock"), 1.35),
            clock=ClockState(synced=True, source="timesyncd", offset_ms=1.25),
            display="on",
            display_evidence="HDMI-A-1 connected, EDID 6f1d0c22",
            lease=lease,
            creative_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            plate_sha256="60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        )
        journal.offer(lease)
        journal.open_play(start)
        journal.close_play(start.id, PlayEnd(datetime.now(UTC), PLAY_S * 1000, 1, 0, "complete"), (SINK,))


@contextmanager
def stream() -> Iterator[tuple[str, Callable[[], Received]]]:
    """A server process that takes everything: its address, and what it has received since it was last asked."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=serve, args=(there,), daemon=True)
    child.start()
    address = here.recv()

    def received() -> Received:
        here.send("tell")
        told: Received = here.recv()
        return told

    try:
        yield address, received
    finally:
        child.terminate()
        child.join()


def measure(name: str, plays: int, work: Callable[[], object], received: Callable[[], Received]) -> Figures:
    """One way's figures."""
    received()
    began, cpu = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    got = received()
    units = round(got.units * 1000 / plays, 1)
    return Figures(name, plays, got.plays, got.requests, units, round(plays / seconds), round(cpu * 1000 / plays, 3))


def ours(journal: Journal, client: Any, flush_bytes: int) -> None:  # noqa: ANN401 - botocore's
    """The player's own way, journal and all; no pace, no failures."""
    sink = KinesisSink(client, "plays", SCREEN)
    worker = Delivery(journal, sink, flush_bytes=flush_bytes, flush_seconds=60, clock=SystemClock())
    if not worker.drain(600):
        message = "not drained"
        raise RuntimeError(message)


def one_by_one(records: Sequence[bytes], client: Any) -> None:  # noqa: ANN401 - botocore's
    """A ``PutRecord`` a play."""
    for each in records:
        client.put_record(StreamName="plays", Data=each + b"\n", PartitionKey=SCREEN)


def by_500(records: Sequence[bytes], client: Any) -> None:  # noqa: ANN401 - botocore's
    """``PutRecords``, as many plays as it takes, each a record of its own."""
    for at in range(0, len(records), 500):
        some = [{"Data": each + b"\n", "PartitionKey": SCREEN} for each in records[at : at + 500]]
        client.put_records(StreamName="plays", Records=some)


def by_package(records: Sequence[bytes], client: Any, max_bytes: int) -> None:  # noqa: ANN401 - botocore's
    """aws-kinesis-agg, sequentially."""
    aggregator = RecordAggregator(max_size=max_bytes)
    for each in records:
        full = aggregator.add_user_record(SCREEN, each + b"\n")
        if full is not None:
            _put(client, full)
    rest = aggregator.clear_and_get()
    if rest is not None:
        _put(client, rest)


def _put(client: Any, aggregate: Any) -> None:  # noqa: ANN401 - botocore's, the package's
    _, _, data = aggregate.get_contents()
    client.put_record(StreamName="plays", Data=data, PartitionKey=SCREEN)


@dataclass
class HandClock:
    """A clock that moves when it is moved."""

    ns: int = 0

    def monotonic_ns(self) -> int:
        """See ``Clock``."""
        return self.ns

    def now(self) -> datetime:
        """See ``Clock``."""
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.ns / 1e9)

    def boot_id(self) -> str:
        """See ``Clock``."""
        return ""

    def state(self) -> ClockState:
        """See ``Clock``."""
        return ClockState(synced=True, source=None, offset_ms=None)


@dataclass
class Counter:
    """A queue and a sink in one that only counts units."""

    name: str = SINK
    packing: Aggregates = field(default_factory=lambda: Aggregates(SCREEN))
    max_entry_bytes: int = 1_048_576
    max_entries: int = 500
    waiting: list[QueuedPlay] = field(default_factory=list)
    units: int = 0

    def pending(self, _sink: str, limit: int) -> tuple[QueuedPlay, ...]:
        """The oldest first."""
        return tuple(self.waiting[:limit])

    def delivered(self, _sink: str, receipts: Sequence[Receipt]) -> None:
        """Off the queue."""
        gone = {receipt.play_id for receipt in receipts}
        self.waiting = [play for play in self.waiting if play.play_id not in gone]

    def attempted(self, _sink: str, _play_ids: Sequence[str], _error: str) -> None:
        """Never."""

    def set_aside(self, _sink: str, _play_id: str, _error: str) -> None:
        """Never."""

    def send(self, entries: Sequence[Entry]) -> Sent:
        """Count, and take all."""
        self.units += sum(-(-entry.size_bytes // UNIT_BYTES) for entry in entries)
        return Sent(tuple(Accepted(entry, None, "1") for entry in entries), ())


def units_at(records: Sequence[bytes], flush_bytes: int, flush_s: float, plays: int = 1_500) -> float:
    """Payload units per 1,000 plays, a play every 10 s."""
    clock, counter = HandClock(), Counter()
    worker = Delivery(counter, counter, flush_bytes=flush_bytes, flush_seconds=flush_s, clock=clock)
    for number in range(plays):
        next_play_ns = number * PLAY_S * 1_000_000_000
        _sleep(worker, clock, next_play_ns)
        clock.ns = next_play_ns
        counter.waiting.append(QueuedPlay(str(number), number, records[number % len(records)], 0))
    worker.drain(0)
    return counter.units * 1000 / plays


def _sleep(worker: Delivery, clock: HandClock, until_ns: int) -> None:
    """As the agent does: a step when a play came, and when the last step asked for the next."""
    while (wait_s := worker.step().wait_s) is not None:
        due_ns = clock.ns + round(wait_s * 1e9)
        if due_ns >= until_ns:
            return
        clock.ns = due_ns


def curves(records: Sequence[bytes]) -> dict[str, list[float]]:
    """Units per 1,000 plays at each interval, by size of a full aggregate, and for small records."""
    small = [each[:SMALL_BYTES] for each in records]
    return {
        "25,000 B": [units_at(records, FULL[0], each) for each in INTERVALS_S],
        "50,000 B": [units_at(records, FULL[1], each) for each in INTERVALS_S],
        f"{SMALL_BYTES} B records": [units_at(small, FULL[0], each) for each in INTERVALS_S],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=5_000)
    parser.add_argument("--plot", type=Path, help="where the curve is drawn, PNG")
    options = parser.parse_args()
    logging.getLogger("ooh").addHandler(logging.NullHandler())
    os.environ["AWS_CONFIG_FILE"] = os.devnull
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench")  # noqa: S106 - nobody checks it
    plays, clock = options.plays, SystemClock()
    figures = []
    with scratch() as root, stream() as (address, received):
        client: Any = open_client(ProofConfig(stream="plays", endpoint=address))
        journal = Journal.open(Path(root), clock, Identity(SCREEN, "venue-17", "1.0.0"))
        record(journal, clock, plays)
        records = [play.record for play in journal.pending(SINK, plays)]
        one_by_one(records[:20], client)  # botocore loads its model with the first call
        figures.append(measure("ooh-player", plays, lambda: ours(journal, client, FULL[0]), received))
        journal.close()
        ways: dict[str, Callable[[], object]] = {
            "PutRecord, a play each": lambda: one_by_one(records, client),
            "PutRecords, 500 plays": lambda: by_500(records, client),
            "aws-kinesis-agg": lambda: by_package(records, client, FULL[0]),
        }
        figures += [measure(name, plays, work, received) for name, work in ways.items()]
    drawn = curves(records[:500])
    if options.plot:
        from bench.delivery._plot import draw  # noqa: PLC0415 - matplotlib takes a second

        draw(options.plot, INTERVALS_S, drawn, floor=sum(map(len, records)) / len(records) * 1000 / UNIT_BYTES)
    tell(figures, records, drawn)
    return 0 if all(each.arrived == each.plays for each in figures[:1]) else 1


def tell(figures: Sequence[Figures], records: Sequence[bytes], drawn: dict[str, list[float]]) -> None:
    """The figures, as a table and as JSON lines."""
    mean = sum(map(len, records)) / len(records)
    print(
        f"\none play's record: {mean:.0f} B; 1,000 of them are {mean * 1000 / UNIT_BYTES:.1f} units of {UNIT_BYTES:,} B"
    )
    print(f"{'interval, s':>12}" + "".join(f"{name:>16}" for name in drawn))
    for number, interval in enumerate(INTERVALS_S):
        print(f"{interval:>12,}" + "".join(f"{curve[number]:>16.1f}" for curve in drawn.values()))
    print(f"\n{'':24}{'arrived':>9}{'requests':>10}{'units/1,000':>13}{'plays/s':>10}{'CPU ms/play':>13}")
    for each in figures:
        print(
            f"{each.name:24}{each.arrived:>9,}{each.requests:>10,}{each.units_per_1000_plays:>13,}"
            f"{each.plays_per_s:>10,.0f}{each.cpu_ms_per_play:>13.3f}"
        )
    full = {name: round(curve[-1], 1) for name, curve in drawn.items()}
    print(json.dumps({"record_bytes": round(mean), "units_per_1000_plays_when_full": full}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
