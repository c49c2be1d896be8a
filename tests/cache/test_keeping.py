"""Pruning removes what is delivered and old, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from cache import Journal, LeaseState, Play, PruneReport, Receipt, new_id
from tests.cache.shapes import make_lease, make_plate, make_start, play_once, settle
from tests.fakes import FakeClock

DAY = 86_400


def deliver(journal: Journal, *plays: Play) -> None:
    journal.delivered("kinesis", [Receipt(play.id, "s", str(play.seq)) for play in plays])


def left(journal: Journal) -> list[int]:
    return [row.play.seq for row in journal.plays()]


def rows(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "journal.db")) as db:
        return int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608


def test_by_age_only_what_is_delivered(journal: Journal, clock: FakeClock) -> None:
    plays = [play_once(journal, clock) for _ in range(4)]
    deliver(journal, plays[0], plays[2])
    clock.advance(31 * DAY)
    deliver(journal, play_once(journal, clock))
    assert journal.prune(30, 1000).plays == 2
    assert left(journal) == [2, 4, 5]


def test_by_number_only_what_is_delivered(journal: Journal, clock: FakeClock) -> None:
    plays = [play_once(journal, clock) for _ in range(10)]
    deliver(journal, *plays[3:])
    assert journal.prune(30, 5).plays == 5
    assert left(journal) == [1, 2, 3, 9, 10]
    assert journal.prune(30, 5).plays == 0


def test_many_go_in_batches(journal: Journal, clock: FakeClock) -> None:
    plays = [play_once(journal, clock) for _ in range(700)]
    deliver(journal, *plays)
    assert journal.prune(30, 100).plays == 600


def test_an_open_play_stays(journal: Journal, clock: FakeClock) -> None:
    journal.open_play(make_start(clock))
    clock.advance(400 * DAY)
    journal.prune(1, 0)
    assert journal.counts().opened == 1


def test_looking_for_what_is_old_holds_no_lock_and_ends_early(
    journal: Journal, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing to remove nobody waits: a search through a whole journal takes seconds on a card."""
    deliver(journal, *[play_once(journal, clock) for _ in range(1_200)])
    looked: list[bool] = []
    reading = journal._database.reading

    def watched() -> AbstractContextManager[sqlite3.Connection]:
        looked.append(True)
        return reading()

    monkeypatch.setattr(journal._database, "reading", watched)
    monkeypatch.setattr(journal, "_forget_plays", None)
    assert journal.prune(30, 10_000) == PruneReport(0, 0)
    assert len(looked) == 2


def test_counts_outlive_what_is_pruned(journal: Journal, clock: FakeClock) -> None:
    deliver(journal, *[play_once(journal, clock, make_lease(clock, f"lease-{number}")) for number in range(3)])
    for beacon in journal.due_beacons(clock.now(), 10):
        journal.beacon_done(beacon.beacon_id)
    assert journal.prune(30, 1).plays == 2
    assert (journal.counts().opened, journal.counts().by_reason) == (3, {"complete": 3})
    assert journal.lease_counts()[LeaseState.PLAYED] == 3
    assert journal.beacon_counts()["DELIVERED"] == 6


def test_a_wrong_clock_removes_nothing_by_age(journal: Journal, clock: FakeClock) -> None:
    deliver(journal, play_once(journal, clock))
    clock.jump(10_000 * DAY)
    clock.clock_state = replace(clock.clock_state, synced=False)
    assert journal.prune(30, 1000).plays == 0


def test_a_lease_goes_with_its_play_when_its_beacons_are_settled(
    journal: Journal, clock: FakeClock, tmp_path: Path
) -> None:
    play = play_once(journal, clock, make_lease(clock, "played"))
    journal.offer(make_lease(clock, "failed", on_released=()))
    journal.fail("failed", "creative.empty")
    journal.offer(make_lease(clock, "waits to be told"))
    journal.release("waits to be told", "expired")
    settle(journal)
    journal.offer(make_lease(clock, "held"))
    clock.advance(31 * DAY)
    assert journal.prune(30, 1000) == PruneReport(plays=0, leases=1)  # "failed"
    deliver(journal, play)
    assert journal.prune(30, 1000) == PruneReport(plays=0, leases=0)  # its beacons wait
    for beacon in journal.due_beacons(clock.now(), 10):
        journal.beacon_done(beacon.beacon_id)
    assert journal.prune(30, 1000) == PruneReport(plays=1, leases=1)
    assert [held.lease.lease_id for held in journal.held()] == ["held"]
    left_rows = {table: rows(tmp_path, table) for table in ("leases", "beacons", "deliveries")}
    assert left_rows == {"leases": 1, "beacons": 0, "deliveries": 0}
    assert journal.queue("kinesis").delivered == 1


def test_a_play_costs_the_card_few_pages(journal: Journal, clock: FakeClock, tmp_path: Path) -> None:
    """Pages written to the WAL for one ad, from the offer to the second beacon, delivered alone; about 32 measured."""
    for _ in range(40):
        deliver(journal, play_whole(journal, clock))
    with closing(sqlite3.connect(tmp_path / "journal.db")) as side:
        side.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ads = 10
    for _ in range(ads):
        deliver(journal, play_whole(journal, clock))
    frame_bytes = 4096 + 24
    pages = (tmp_path / "journal.db-wal").stat().st_size / frame_bytes / ads
    assert pages <= 36


def play_whole(journal: Journal, clock: FakeClock) -> Play:
    lease = make_lease(clock, new_id(clock))
    journal.offer(lease)
    journal.prepared(lease.lease_id, make_plate())
    play = play_once(journal, clock, lease)
    for beacon in journal.due_beacons(clock.now(), 10):
        journal.beacon_done(beacon.beacon_id)
    return play


class TestBytes:
    """The one limit that undelivered plays do not outlive: a full disk would take the next ones instead."""

    def size(self, journal: Journal) -> int:
        return journal.health().size_bytes

    def test_delivered_ones_go_first(self, journal: Journal, clock: FakeClock) -> None:
        plays = [play_once(journal, clock) for _ in range(600)]
        deliver(journal, *plays[100:])
        report = journal.prune(30, 10_000, self.size(journal) * 2 // 3)
        assert (report.plays, report.dropped) == (500, 0)
        assert left(journal) == list(range(1, 101))
        assert journal.health().dropped == 0

    def test_then_the_oldest_that_wait_with_a_line_and_a_count(
        self, journal: Journal, clock: FakeClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        for _ in range(1_200):
            play_once(journal, clock)
        limit = self.size(journal) * 3 // 4
        assert journal.prune(30, 10_000, limit).dropped == 500
        assert self.size(journal) <= limit
        assert left(journal)[0] == 501
        assert journal.health().dropped == 500
        facts = [record.facts for record in caplog.records if record.message == "plays.dropped"]  # type: ignore[attr-defined]
        assert facts == [{"plays": 500, "first_seq": 1, "last_seq": 500}]
        assert journal.queue("kinesis").pending == 700

    def test_never_one_whose_exchange_waits(self, journal: Journal, clock: FakeClock) -> None:
        lease = make_lease(clock)
        start = make_start(clock, lease)
        journal.open_play(start)
        play_once_id = start.id
        journal.recover(None, ["kinesis"])
        assert journal.prune(30, 10_000, 0).dropped == 0
        settle(journal)
        assert journal.prune(30, 10_000, 0).dropped == 0
        for beacon in journal.due_beacons(clock.now(), 10):
            journal.beacon_done(beacon.beacon_id)
        assert journal.prune(30, 10_000, 0).dropped == 1
        assert play_once_id not in {row.play.id for row in journal.plays()}


def test_what_is_written_is_counted(journal: Journal, clock: FakeClock) -> None:
    assert journal.health().written_bytes_per_play is None
    for number in range(30):
        deliver(journal, play_once(journal, clock, make_lease(clock, f"lease-{number}")))
    health = journal.health()
    assert health.written_bytes_per_play is not None
    assert health.commits_per_play is not None
    assert 20_000 < health.written_bytes_per_play < 200_000
    assert 3 < health.commits_per_play < 5
