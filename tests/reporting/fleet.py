"""Three screens over three days: real journals, the real delivery, the sandbox's stream, and a clock moved by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cache import Identity, Journal, Play
from config import ProofConfig
from player.cli._export_to import export_plays
from player.delivery import Delivery, Entry, KinesisSink, Sent, open_client
from sandbox.reader import read_back
from sandbox.stream import Faults, make_app
from sandbox.stream._store import Store, sequence_number
from tests.cache.shapes import SINK, make_end, make_lease, make_start
from tests.fakes import FakeClock
from tests.reporting.firehose import Arrival
from tests.sandbox.servers import running

STREAM = "plays"
SCREENS = ("screen-1", "screen-2", "screen-3")
BEGIN = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
HOURS = 66
_EVERY = timedelta(minutes=20)
_CAMPAIGNS: tuple[dict[str, Any], ...] = (
    {"exchange": "alpha", "campaign_id": "coffee", "advertiser_domain": "brioche.example", "currency": "USD"},
    {"exchange": "alpha", "campaign_id": "shoes", "advertiser_domain": "tern.example", "currency": "USD"},
    {"exchange": "beta", "campaign_id": "coffee", "advertiser_domain": "brioche.example", "currency": "EUR"},
    {"exchange": "beta", "campaign_id": None, "advertiser_domain": None, "currency": "EUR"},
)
_PRICES = ("12.34", "0.0001", "7", "19.999999")
_MULTIPLIERS = (7.5, 1.0, 0.3333, 12.25, None)


@dataclass
class Stamped:
    """The Kinesis sink, and when each record that it brought came into the stream."""

    sink: KinesisSink
    store: Store
    clock: FakeClock
    arrived: dict[str, datetime]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sink, name)

    def send(self, entries: Sequence[Entry]) -> Sent:
        before = self.store.count()
        try:
            return self.sink.send(entries)
        finally:
            for number in range(before + 1, self.store.count() + 1):
                self.arrived[sequence_number(number)] = self.clock.now()


@dataclass
class Fleet:
    """What was shown, by the journals, and what came into the stream."""

    plays: list[Play] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    exports: list[Path] = field(default_factory=list)
    """Each screen's ``plays export --format parquet``, the first one's twice."""


def run(folder: Path) -> Fleet:
    """Play, deliver through lost replies and failed records, and read the stream back."""
    clock, dice, fleet = FakeClock(wall=BEGIN), random.Random(6), Fleet()
    app = make_app(folder / "stream", Faults(seed=6, fail_share=0.1, lose_share=0.34), [STREAM])
    arrived: dict[str, datetime] = {}
    with running(app) as endpoint, ExitStack() as stack:
        screens = []
        for name in SCREENS:
            journal = stack.enter_context(_journal(folder / name, clock, name))
            sink = KinesisSink(open_client(ProofConfig(stream=STREAM, endpoint=endpoint)), STREAM, name)
            stamped = Stamped(sink, app.config["STORE"], clock, arrived)
            screens.append((journal, _delivery(journal, stamped, clock)))
        for turn in range(HOURS * 3):
            for journal, delivery in screens:
                if dice.random() < 0.4:
                    fleet.plays.append(_play(journal, clock, dice))
                if turn % 2:
                    delivery.step(flush=True)
            clock.advance((BEGIN + (turn + 1) * _EVERY - clock.now()).total_seconds())
        for _, delivery in screens:
            assert delivery.drain(7_200)
        for number, (journal, _) in enumerate([*screens, screens[0]]):
            fleet.exports.append(folder / f"export-{number}.parquet")
            export_plays(journal, None, None, "parquet", fleet.exports[-1])
        records = read_back(endpoint, STREAM)
    fleet.arrivals = [Arrival(arrived[record.sequence_number], record.data) for record in records]
    return fleet


@contextmanager
def _journal(folder: Path, clock: FakeClock, name: str) -> Iterator[Journal]:
    folder.mkdir(parents=True)
    journal = Journal.open(folder, clock, Identity(name, f"venue of {name}", "0.1.0"))
    try:
        yield journal
    finally:
        journal.close()


def _delivery(journal: Journal, sink: Any, clock: FakeClock) -> Delivery:
    assert sink.name == SINK
    return Delivery(
        journal, sink, flush_bytes=25_000, flush_seconds=60, clock=clock, draw=lambda: 0.5, pause=clock.advance
    )


def _play(journal: Journal, clock: FakeClock, dice: random.Random) -> Play:
    """One play of any kind and fate."""
    lease = None
    if dice.random() < 0.75:
        changes = {**dice.choice(_CAMPAIGNS), "price": dice.choice(_PRICES), "multiplier": dice.choice(_MULTIPLIERS)}
        late = timedelta(minutes=10) if dice.random() < 0.06 else timedelta(0)
        lease = make_lease(clock, f"lease-{dice.getrandbits(64):x}", **changes)
        lease = make_lease(
            clock, lease.lease_id, **changes, not_before=clock.now() - late, expires_at=lease.expires_at - late
        )
    display = dice.choices(("on", "unknown", "off"), (8, 1, 1))[0]
    kind = "ad" if lease else dice.choice(("house", "content"))
    start = make_start(clock, lease, kind=kind, display=display)
    journal.open_play(start)
    fate = dice.random()
    if fate < 0.05:
        end = make_end(clock, None, ended_at=None, frames_presented=None, frames_late=None, end_reason="crash")
    elif fate < 0.15:
        clock.advance(4.2)
        end = make_end(clock, 4_200, end_reason=dice.choice(("cut", "crash", "error", "screen_off")))
    else:
        clock.advance(10)
        end = make_end(clock, 9_996 + dice.randrange(8))
    return journal.close_play(start.id, end, (SINK,))
