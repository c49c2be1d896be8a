"""A day without the stream: 8,640 plays wait, then it returns. Do they leave in order, and never above the cap?

The stream is the sandbox's, in a process of its own; what arrived when is read from its records. The cap is the
default of ``[proof]``. Run by ``python -m tests.faults.outage`` (about four minutes; ``--plays 500`` for less).
Prints its figures last.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import socket
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from cache import Identity, Journal, SystemClock
from config import ProofConfig
from player.backoff import Backoff
from player.delivery import Delivery, KinesisSink, Pace, open_client
from sandbox.reader import deaggregate
from tests.faults.deliver import SCREEN, SINK, STREAM, Watched, record_plays, scratch
from tests.sandbox.servers import Process

A_DAY = 8_640
"""Plays of 10 s in 24 h."""
_DARK_S = 3.0
_LONGEST_S = 3_600.0


def free_port() -> int:
    """A port nobody listens on yet."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def arrivals(folder: Path) -> list[tuple[float, int, bytes]]:
    """When each Kinesis record was stored, what it weighs (data and key), and its data; in the order of arrival."""
    with closing(sqlite3.connect(folder / "stream.db")) as database:
        rows = database.execute("SELECT arrived_at, partition_key, data FROM record ORDER BY number").fetchall()
    return [(at, len(data) + len(key.encode()), data) for at, key, data in rows]


def busiest_second(arrived: list[tuple[float, int, bytes]]) -> tuple[int, int]:
    """The most bytes and the most records that came in any second, wherever it begins."""
    most_bytes = most_records = size_bytes = first = 0
    for number, (at, weight, _) in enumerate(arrived):
        size_bytes += weight
        while arrived[first][0] <= at - 1.0:
            size_bytes -= arrived[first][1]
            first += 1
        most_bytes, most_records = max(most_bytes, size_bytes), max(most_records, number - first + 1)
    return most_bytes, most_records


def outage(root: Path, plays: int) -> dict[str, object]:
    """The figures of one outage and its end."""
    clock, proof = SystemClock(), ProofConfig()
    journal = Journal.open(root, clock, Identity(SCREEN, None, "0"))
    record_plays(journal, clock, plays)
    port = free_port()
    client = open_client(ProofConfig(stream=STREAM, region="us-east-1", endpoint=f"http://127.0.0.1:{port}"))
    sink = Watched(KinesisSink(client, STREAM, SCREEN))
    worker = Delivery(
        journal,
        sink,
        flush_bytes=proof.flush_bytes,
        flush_seconds=proof.flush_seconds,
        clock=clock,
        pace=Pace(clock, proof.most_bytes_per_second, proof.most_records_per_second),
        backoff=Backoff(first_s=0.5, cap_s=2.0),
    )
    worker.drain(_DARK_S)
    dark = sink.unanswered
    with Process("stream", "--port", str(port), "--dir", str(root / "stream"), "--stream", f"{STREAM}:1"):
        began, cpu = time.monotonic(), time.process_time()
        drained = worker.drain(_LONGEST_S)
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    arrived = arrivals(root / "stream")
    seqs = [json.loads(line)["seq"] for _, _, data in arrived for _, line in deaggregate(data)]
    most_bytes, most_records = busiest_second(arrived)
    pending = journal.queue(SINK).pending
    journal.close()
    return {
        "plays": plays,
        "requests_while_dark": dark,
        "drained": drained and pending == 0,
        "in_order": seqs == list(range(1, plays + 1)),
        "sent_again": len(seqs) - len(set(seqs)),
        "seconds": round(seconds, 1),
        "bytes": sum(weight for _, weight, _ in arrived),
        "cap_bytes_per_second": proof.most_bytes_per_second,
        "busiest_second_bytes": most_bytes,
        "cap_records_per_second": proof.most_records_per_second,
        "busiest_second_records": most_records,
        "units_of_25_kb_per_1000_plays": round(sum(-(-weight // 25_000) for _, weight, _ in arrived) * 1000 / plays, 1),
        "cpu_ms_per_play": round(cpu * 1000 / plays, 3),
    }


def good(figures: dict[str, object]) -> bool:
    """Drained in order, once, and under both caps."""
    under = all(
        int(str(figures[f"busiest_second_{what}"])) <= int(str(figures[f"cap_{what}_per_second"]))
        for what in ("bytes", "records")
    )
    return under and bool(figures["drained"]) and bool(figures["in_order"]) and not figures["sent_again"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=A_DAY)
    options = parser.parse_args()
    logging.getLogger("ooh").addHandler(logging.NullHandler())  # the failures are those of the outage
    os.environ.update(AWS_ACCESS_KEY_ID="sandbox", AWS_SECRET_ACCESS_KEY="sandbox", AWS_CONFIG_FILE=os.devnull)
    with scratch() as root:
        figures = outage(Path(root), options.plays)
    print(json.dumps(figures), flush=True)
    return 0 if good(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
