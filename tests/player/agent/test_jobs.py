"""The smaller jobs: feeds, expiry, keeping, size, heartbeats, proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cache import Board, FeedSnapshot, PlayEnd
from config import Code, Config, FetchConfig, OohError, PanelKind, ProofConfig, ScreenConfig, Size
from player._screen_size import told_size
from player.agent._feeds import FeedJob
from player.agent._keep import Keeper
from player.agent._proof import ProofJob, gateway_job
from player.agent._settle import Settler
from player.agent._size import ScreenSize
from player.backoff import ThrottledError
from player.delivery import Accepted, Aggregates, Entry, Packing, Sent
from player.exchange import find_dialect
from player.fetch import open_http
from sandbox.gateway import Book, make_app
from tests.fakes import FakeClock
from tests.player.agent.rig import Rig, play
from tests.sandbox.servers import running


@dataclass
class FakeFeed:
    clock: FakeClock
    kind: PanelKind = "weather"
    refresh_s: float = 100.0
    script: list[OohError] = field(default_factory=list)

    def fetch(self) -> FeedSnapshot:
        if self.script:
            raise self.script.pop(0)
        return FeedSnapshot(self.kind, self.clock.now(), 1_000, "", {})


def test_a_feed_is_kept_and_the_screen_told(rig: Rig, clock: FakeClock) -> None:
    rings: list[None] = []
    job = FeedJob(FakeFeed(clock), rig.cache, clock, lambda: rings.append(None), lambda: 0.5)
    assert job.step() == 100
    assert rig.cache.snapshots()["weather"].fetched_at == clock.now()
    assert len(rings) == 1


def test_a_failing_feed_keeps_its_last_answer(rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="ooh")
    feed = FakeFeed(clock)
    job = FeedJob(feed, rig.cache, clock, lambda: None, lambda: 0.0)
    job.step()
    feed.script = [OohError(Code.FEED_INVALID, "odd")] * 3 + [ThrottledError(Code.FETCH_STATUS, "429", 90)]
    steps = [(job.step(), job.last_code) for _ in range(5)]
    invalid, status = "feed.invalid", "fetch.status"
    assert steps == [(2, invalid), (4, invalid), (8, invalid), (106, status), (90, None)]
    assert "weather" in rig.cache.snapshots()
    assert caplog.messages.count("feed.failed") == 2
    assert caplog.messages.count("feed.recovered") == 1


def keeper(rig: Rig) -> Keeper:
    return Keeper(rig.journal, rig.cache, rig.clock, ProofConfig())


def test_leases_that_ran_out_are_given_back(rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    soon = rig.offer(expires_at=clock.now() + timedelta(seconds=30))
    later = rig.offer(expires_at=clock.now() + timedelta(seconds=90))
    keeper(rig).expire()
    assert len(rig.states()) == 2
    clock.advance(31)
    keeper(rig).expire()
    assert list(rig.states()) == [later.lease_id]
    Settler(rig.journal, find_dialect).step()
    assert [beacon.lease_id for beacon in rig.journal.due_beacons(clock.now(), 9)] == [soon.lease_id]
    assert caplog.messages == ["lease.released"]


@pytest.mark.parametrize("years", [-1, 1])
def test_a_clock_that_jumps_a_year_does_not_hold_leases(rig: Rig, clock: FakeClock, years: int) -> None:
    """Set back, they could be neither shown nor expire, and no others would be asked for."""
    lease = rig.offer()
    clock.jump(years * 365 * 86_400)
    keeper(rig).expire()
    assert not rig.states()
    Settler(rig.journal, find_dialect).step()
    assert [beacon.lease_id for beacon in rig.journal.due_beacons(clock.now(), 9)] == [lease.lease_id]


def test_a_clock_that_is_put_right_by_seconds_changes_nothing(rig: Rig, clock: FakeClock) -> None:
    rig.offer()
    clock.jump(-30)
    keeper(rig).expire()
    assert len(rig.states()) == 1


def test_release_all_leaves_what_is_playing(rig: Rig, clock: FakeClock) -> None:
    playing, *_ = [rig.offer() for _ in range(3)]
    play(rig, clock)
    assert keeper(rig).release_all("shutdown") == 2
    assert list(rig.states()) == [playing.lease_id]


def test_eviction_spares_what_leases_need(tmp_path: Path, clock: FakeClock) -> None:
    from tests.player.agent.rig import rig_in

    with rig_in(tmp_path / "small", clock, max_bytes=50_000_000) as rig:
        needed = rig.cache.store.put_bytes(b"n" * 10_000_000, "creative")
        for number in range(4):
            clock.advance(1)
            rig.cache.store.put_bytes(bytes([number]) * 9_900_000, "creative")
        lease = rig.offer()
        rig.journal.cached(lease.lease_id, needed)
        keeper(rig).tidy()
        assert rig.cache.store.path(needed) is not None
        assert rig.cache.store.total_bytes() <= 45_000_000


@pytest.mark.parametrize("size", ["1080x1920", [1080, 1920], {"w": 1080, "h": 1920}])
def test_the_screen_says_its_size(tmp_path: Path, size: Any) -> None:
    Board(tmp_path, "screen").write({"size": size})
    assert told_size(tmp_path) == Size(1080, 1920)


@pytest.mark.parametrize("size", [None, "big", [0, 0], [1], True])
def test_odd_sizes_are_no_sizes(tmp_path: Path, size: Any) -> None:
    Board(tmp_path, "screen").write({"size": size})
    assert told_size(tmp_path) is None


def test_until_then_the_configured_size_holds(tmp_path: Path) -> None:
    changes: list[None] = []
    it = ScreenSize(ScreenConfig(size="1280x720", rotation=90), tmp_path, lambda: changes.append(None))
    assert it.now() == Size(720, 1280)
    soon = it.step()
    Board(tmp_path, "screen").write({"size": "1366x768"})
    assert it.step() > soon
    it.step()
    assert it.now() == Size(1366, 768)
    assert len(changes) == 1
    assert ScreenSize(ScreenConfig(), tmp_path / "none", lambda: None).now() == Size(1920, 1080)


@dataclass
class TakingSink:
    name: str = "kinesis"
    packing: Packing = field(default_factory=lambda: Aggregates("screen-1"))
    max_entry_bytes: int = 1_000_000
    max_entries: int = 500
    entries: list[Entry] = field(default_factory=list)

    def send(self, entries: Sequence[Entry]) -> Sent:
        self.entries.extend(entries)
        return Sent(tuple(Accepted(entry, "shard-0", "1") for entry in entries), ())


def test_plays_leave_the_real_journal_by_receipt_only(rig: Rig, clock: FakeClock) -> None:
    sink = TakingSink()
    config = replace(Config(), proof=ProofConfig(stream="plays", flush_seconds=60))
    job = ProofJob(rig.journal, clock, config, lambda _config: sink)
    for _ in range(3):
        rig.offer()
        end = PlayEnd(clock.now(), 10_000, 1, 0, "complete")
        rig.journal.close_play(play(rig, clock), end, ["kinesis"])
    assert job.step() == 60
    assert not sink.entries
    assert job.drain(5)
    queue = rig.journal.queue("kinesis")
    assert (queue.pending, queue.delivered) == (0, 3)
    assert len(sink.entries) == 1
    assert len(sink.entries[0].play_ids) == 3


def test_without_a_stream_there_is_nothing_to_drain(rig: Rig, clock: FakeClock) -> None:
    job = ProofJob(rig.journal, clock, Config())
    assert job.sink is None
    assert job.error is None
    assert job.drain(0)


def test_both_sinks_have_queues_of_their_own_in_the_real_journal(rig: Rig, clock: FakeClock) -> None:
    """The stream is gone; the gateway takes the same plays all the same."""
    book = Book()
    with running(make_app(book=book)) as url:
        proof = ProofConfig(stream="plays", endpoint="http://127.0.0.1:9", gateway_url=f"{url}/plays")
        config = replace(Config(), proof=proof)
        assert proof.sinks() == ("kinesis", "gateway")
        job = gateway_job(rig.journal, clock, config, open_http(FetchConfig(allow_hosts=("127.0.0.1",)), "0"))
        for _ in range(3):
            rig.offer()
            end = PlayEnd(clock.now(), 10_000, 1, 0, "complete")
            rig.journal.close_play(play(rig, clock), end, proof.sinks())
        assert job.sink == "gateway"
        assert job.drain(5)
    assert list(book.plays.values()) == [row.record for row in rig.journal.plays()]
    assert len(book.plays) == 3
    assert (rig.journal.queue("gateway").pending, rig.journal.queue("kinesis").pending) == (0, 3)
