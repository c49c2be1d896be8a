"""Leases, plates and plays as tests need them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cache import Beacon, Identity, Journal, Lease, Plate, Play, PlayEnd, PlayLayout, PlayStart, new_id
from config import Rect, Size
from tests.fakes import FakeClock

IDENTITY = Identity(screen_id="screen-1", venue_id="venue-1", player_version="0.1.0")
SINK = "kinesis"


def make_lease(clock: FakeClock, lease_id: str = "lease-1", **changes: Any) -> Lease:
    lease = Lease(
        lease_id=lease_id,
        exchange="exchange",
        request_id="request-1",
        imp_id="1",
        creative_url="https://example.com/a.png",
        not_before=clock.now(),
        expires_at=clock.now() + timedelta(minutes=5),
        duration_ms=10_000,
        bid_id="bid-1",
        creative_id="creative-1",
        price="12.34",
        currency="USD",
        multiplier=7.5,
        on_shown=(Beacon("impression", "https://example.com/i"), Beacon("billing", "https://example.com/b")),
        on_released=(Beacon("expiration", "https://example.com/e"),),
    )
    return replace(lease, **changes)


def make_plate(key: str = "k" * 64, plate_sha256: str = "f" * 64, creative_sha256: str = "c" * 64) -> Plate:
    return Plate(
        key=key,
        plate_sha256=plate_sha256,
        creative_sha256=creative_sha256,
        kind="still",
        source_size=Size(300, 250),
        screen_size=Size(1920, 1080),
        creative_rect=Rect(0, 0, 1296, 1080),
        panel_rects=(("weather", Rect(1296, 0, 624, 540)),),
        panel_area=Rect(1296, 0, 624, 1080),
        scale=4.32,
        frames=1,
        duration_ms=0,
        size_bytes=100,
        warnings=("enlarged",),
    )


def make_start(clock: FakeClock, lease: Lease | None = None, **changes: Any) -> PlayStart:
    start = PlayStart(
        id=new_id(clock),
        kind="ad" if lease else "house",
        planned_ms=10_000,
        started_at=clock.now(),
        started_ns=clock.monotonic_ns(),
        boot_id=clock.boot_id(),
        layout=PlayLayout(creative=(0, 0, 1296, 1080), panels=("weather", "clock"), scale=4.32),
        clock=clock.state(),
        display="on",
        display_evidence="x11",
        lease=lease,
    )
    return replace(start, **changes)


def make_end(clock: FakeClock, shown_ms: int | None = 10_000, **changes: Any) -> PlayEnd:
    end = PlayEnd(clock.now(), shown_ms, frames_presented=1, frames_late=0, end_reason="complete")
    return replace(end, **changes)


def play_once(journal: Journal, clock: FakeClock, lease: Lease | None = None, sinks: tuple[str, ...] = (SINK,)) -> Play:
    """One whole play of 10 s, its lease settled."""
    start = make_start(clock, lease)
    journal.open_play(start)
    clock.advance(10)
    play = journal.close_play(start.id, make_end(clock), sinks)
    settle(journal)
    return play


def settle(journal: Journal) -> int:
    """What the agent does with leases that ended, by their own plain lists; returns how many there were."""
    ended = journal.unsettled(1_000)
    for one in ended:
        was_shown = one.play is not None and one.play.billable
        assert journal.settle(one.lease.lease_id, one.lease.on_shown if was_shown else one.lease.on_released)
    return len(ended)


@contextmanager
def opened(folder: Path, clock: FakeClock) -> Iterator[Journal]:
    journal = Journal.open(folder, clock, IDENTITY)
    try:
        yield journal
    finally:
        journal.close()
