"""What the journal sustains and costs: plays a second, processor time and bytes a play. ``python -m bench.journal``.

Run it on the disk in question: ``--dir /var/lib/ooh-player``. Two commits a play, each synced; signed; prints last.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from cache import (
    Beacon,
    Identity,
    Journal,
    Lease,
    Plate,
    PlayEnd,
    PlayLayout,
    PlayStart,
    Receipt,
    SystemClock,
    new_id,
)
from config import Rect, Size

SINK = "kinesis"
_PLATE = Plate(
    key="0" * 64,
    plate_sha256="0" * 64,
    creative_sha256="0" * 64,
    kind="still",
    source_size=Size(300, 250),
    screen_size=Size(1920, 1080),
    creative_rect=Rect(0, 0, 1296, 1080),
    panel_rects=(("weather", Rect(1296, 0, 624, 540)), ("clock", Rect(1296, 540, 624, 540))),
    panel_area=Rect(1296, 0, 624, 1080),
    scale=4.32,
    frames=1,
    duration_ms=0,
    size_bytes=8_294_400,
)


class Bench:
    """One journal, and the times of its calls."""

    def __init__(self, folder: Path) -> None:
        self.clock = SystemClock()
        self.journal = Journal.open(folder, self.clock, Identity("bench", None, "0"))
        self.open_ms: list[float] = []
        self.close_ms: list[float] = []

    def play(self, lease: Lease | None = None) -> None:
        """One play: the two commits that the screen waits for."""
        now = self.clock.now()
        start = PlayStart(
            id=new_id(self.clock),
            kind="content" if lease is None else "ad",
            planned_ms=10_000,
            started_at=now,
            started_ns=self.clock.monotonic_ns(),
            boot_id=self.clock.boot_id(),
            layout=PlayLayout((0, 0, 1296, 1080), ("weather", "clock"), 4.32),
            clock=self.clock.state(),
            display="on",
            display_evidence="HDMI-A-1 connected",
            lease=lease,
            creative_sha256=None if lease is None else "0" * 64,
            plate_sha256=None if lease is None else "0" * 64,
        )
        began = time.perf_counter()
        self.journal.open_play(start)
        opened = time.perf_counter()
        end = PlayEnd(now + timedelta(seconds=10), 10_000, 1, 0, "complete")
        closing = time.perf_counter()
        self.journal.close_play(start.id, end, (SINK,))
        self.open_ms.append((opened - began) * 1000)
        self.close_ms.append((time.perf_counter() - closing) * 1000)

    def ad(self, number: int) -> None:
        """All steps of an ad's life, as agent and screen take them."""
        lease = self._lease()
        self.journal.offer(lease)
        self.journal.cached(lease.lease_id, "0" * 64)
        self.journal.prepared(lease.lease_id, _PLATE)
        self.play(lease)
        self.journal.settle(lease.lease_id, lease.on_shown)
        for beacon in self.journal.due_beacons(self.clock.now(), 10):
            self.journal.beacon_done(beacon.beacon_id)
        if number % 12 == 11:
            waiting = self.journal.pending(SINK, 100)
            self.journal.delivered(SINK, [Receipt(one.play_id, "shard", str(one.seq)) for one in waiting])

    def _lease(self) -> Lease:
        now = self.clock.now()
        return Lease(
            lease_id=new_id(self.clock),
            exchange="exchange",
            request_id=new_id(self.clock),
            imp_id="1",
            creative_url="https://cdn.example.com/creatives/" + "c" * 64 + ".jpg",
            not_before=now,
            expires_at=now + timedelta(hours=1),
            duration_ms=10_000,
            bid_id="b" * 36,
            deal_id="deal-1",
            creative_id="c" * 24,
            campaign_id="campaign-1",
            advertiser_domain="advertiser.example",
            price="12.34",
            currency="USD",
            multiplier=7.5,
            on_shown=tuple(Beacon(kind, f"https://e.example/{kind}?{'q' * 180}") for kind in ("impression", "billing")),
        )


def measure(folder: Path, plays: int, make: Callable[[Bench, int], None]) -> dict[str, float | None]:
    """One kind of work on a new journal."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="bench-journal-") as root:
        bench = Bench(Path(root))
        make(bench, 0)  # the key is made, cryptography loaded
        began, cpu = time.perf_counter(), time.process_time()
        for number in range(plays):
            make(bench, number)
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
        health = bench.journal.health()
        bench.journal.close()
    written, commits = health.written_bytes_per_play, health.commits_per_play
    return {
        "plays": plays,
        "plays_per_s": round(plays / seconds, 1),
        "cpu_ms_per_play": round(cpu_s * 1000 / plays, 2),
        "written_kb_per_play": None if written is None else round(written / 1000, 1),
        "commits_per_play": None if commits is None else round(commits, 2),
        "open_ms_median": round(statistics.median(bench.open_ms), 2),
        "close_ms_median": round(statistics.median(bench.close_ms), 2),
        "close_ms_worst": round(max(bench.close_ms), 1),
        "kept_bytes_per_play": round(health.size_bytes / plays),
    }


def main() -> None:
    """Both kinds of work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=1_000)
    parser.add_argument("--dir", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    figures = {
        "two_commits": measure(options.dir, options.plays, lambda bench, _: bench.play()),
        "an_ads_life": measure(options.dir, options.plays, lambda bench, number: bench.ad(number)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
