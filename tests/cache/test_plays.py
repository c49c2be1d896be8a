"""Plays: gapless, chained, recorded once, and recovered after a crash."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cache import (
    Identity,
    Journal,
    LeaseState,
    Play,
    PlayCounts,
    PlayheadState,
    canonical_json,
    play_hash,
    record_json,
    verify_export,
)
from config import Code, OohError
from tests.cache.shapes import SINK, make_end, make_lease, make_start, opened, play_once, settle
from tests.fakes import FakeClock


def kinds(journal: Journal, clock: FakeClock) -> list[str]:
    settle(journal)
    return [beacon.kind for beacon in journal.due_beacons(clock.now(), 100)]


def test_seq_and_chain(journal: Journal, clock: FakeClock) -> None:
    plays = [play_once(journal, clock) for _ in range(5)]
    assert [play.seq for play in plays] == [1, 2, 3, 4, 5]
    assert [play.prev_hash for play in plays] == [None, *(play.hash for play in plays[:-1])]
    assert all(play.hash == play_hash(play) for play in plays)


def test_seq_and_chain_go_on_after_reopening_and_pruning(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        last = [play_once(journal, clock, sinks=()) for _ in range(3)][-1]
        clock.advance(40 * 86_400)
        assert journal.prune(keep_days=30, keep_plays=1000).plays == 3
    with opened(tmp_path, clock) as journal:
        after = play_once(journal, clock)
        assert (after.seq, after.prev_hash) == (4, last.hash)
        assert journal.counts().last_seq == 4


def test_a_fade_opens_the_next_before_the_last_is_closed(journal: Journal, clock: FakeClock) -> None:
    first, second = make_start(clock), make_start(clock)
    assert (journal.open_play(first), journal.open_play(second)) == (1, 2)
    one = journal.close_play(first.id, make_end(clock), [])
    two = journal.close_play(second.id, make_end(clock), [])
    assert (one.prev_hash, two.prev_hash) == (None, one.hash)


def test_calling_again_changes_nothing(journal: Journal, clock: FakeClock) -> None:
    lease = make_lease(clock)
    start = make_start(clock, lease)
    assert journal.open_play(start) == journal.open_play(start) == 1
    play = journal.close_play(start.id, make_end(clock), [SINK])
    again = journal.close_play(start.id, make_end(clock, end_reason="error"), [SINK, "another"])
    assert again == play
    assert journal.open_play(start) == 1
    assert (journal.queue(SINK).pending, journal.queue("another").pending) == (1, 0)
    assert kinds(journal, clock) == ["impression", "billing"]
    assert journal.counts() == PlayCounts(1, 1, {"ad": 1}, {"complete": 1}, 1)


def test_closing_what_was_never_opened_is_refused(journal: Journal, clock: FakeClock) -> None:
    with pytest.raises(OohError) as raised:
        journal.close_play("never", make_end(clock), [SINK])
    assert raised.value.code is Code.JOURNAL_UNAVAILABLE


def test_an_ad_bills_and_a_house_ad_does_not(journal: Journal, clock: FakeClock) -> None:
    ad = play_once(journal, clock, make_lease(clock))
    house = play_once(journal, clock)
    assert (ad.billable, ad.lease_id, ad.exchange, ad.multiplier) == (True, "lease-1", "exchange", 7.5)
    assert (house.billable, house.lease_id, house.exchange, house.price) == (False, None, None, None)


def test_an_ad_cut_short_is_told_as_not_shown(journal: Journal, clock: FakeClock) -> None:
    lease = make_lease(clock)
    start = make_start(clock, lease)
    journal.open_play(start)
    play = journal.close_play(start.id, make_end(clock, 3_000, end_reason="cut"), [SINK])
    assert not play.billable
    assert kinds(journal, clock) == ["expiration"]
    assert journal.lease_counts()[LeaseState.PLAYED] == 1


def test_an_error_fails_the_lease(journal: Journal, clock: FakeClock) -> None:
    lease = make_lease(clock)
    start = make_start(clock, lease)
    journal.open_play(start)
    assert not journal.close_play(start.id, make_end(clock, end_reason="error"), [SINK]).billable
    assert journal.lease_counts()[LeaseState.FAILED] == 1
    assert kinds(journal, clock) == ["expiration"]


def test_a_lease_released_as_it_came_on_is_recorded_but_not_billed(journal: Journal, clock: FakeClock) -> None:
    lease = make_lease(clock)
    journal.offer(lease)
    journal.release("lease-1", "expired")
    play = play_once(journal, clock, lease)
    assert (play.lease_id, play.billable) == ("lease-1", False)
    assert kinds(journal, clock) == ["expiration"]
    assert journal.lease_counts()[LeaseState.RELEASED] == 1


def test_an_ad_shown_twice_is_billed_once(journal: Journal, clock: FakeClock) -> None:
    lease = make_lease(clock)
    assert [play_once(journal, clock, lease).billable for _ in range(2)] == [True, False]
    assert kinds(journal, clock) == ["impression", "billing"]


def test_the_record_names_who_showed_it_not_who_closed_it(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        journal.open_play(make_start(clock))
    newer = Journal.open(tmp_path, clock, Identity("renamed", "", "9.9"))
    try:
        (play,) = newer.recover(None, [])
        assert (play.screen_id, play.venue_id, play.player_version) == ("screen-1", "venue-1", "0.1.0")
        assert play_once(newer, clock).venue_id is None
    finally:
        newer.close()


class TestRecover:
    def test_nothing_open_nothing_done(self, journal: Journal, clock: FakeClock) -> None:
        play_once(journal, clock)
        assert journal.recover(None, [SINK]) == ()

    def recovered(self, journal: Journal, clock: FakeClock, **changes: object) -> Play:
        lease = make_lease(clock)
        start = make_start(clock, lease)
        journal.open_play(start)
        clock.advance(60)
        head = PlayheadState(start.id, start.boot_id, start.started_ns, start.started_ns + 9_800_000_000, 98, 2)
        (play,) = journal.recover(replace(head, **changes), [SINK])  # type: ignore[arg-type]
        assert play.end_reason == "crash"
        assert journal.queue(SINK).pending == 1
        assert journal.lease_counts()[LeaseState.PLAYED] == 1
        assert verify_export([record_json(play)]).fault is None
        return play

    def test_from_the_playhead(self, journal: Journal, clock: FakeClock) -> None:
        play = self.recovered(journal, clock)
        assert (play.shown_ms, play.frames_presented, play.frames_late, play.billable) == (9_800, 98, 2, True)
        assert play.ended_at == "2026-11-22T12:00:09.800Z"
        assert kinds(journal, clock) == ["impression", "billing"]

    @pytest.mark.parametrize("changes", [{"play_id": "another"}, {"boot_id": "another boot"}])
    def test_a_playhead_of_another_play_or_boot_says_nothing(
        self, journal: Journal, clock: FakeClock, changes: dict[str, str]
    ) -> None:
        play = self.recovered(journal, clock, **changes)
        assert (play.shown_ms, play.ended_at, play.frames_presented, play.billable) == (None, None, None, False)
        assert kinds(journal, clock) == ["expiration"]

    def test_without_a_boot_id_times_do_not_compare(self, journal: Journal, clock: FakeClock) -> None:
        clock.boot = ""
        assert self.recovered(journal, clock).shown_ms is None


def test_plays_since_and_limit(journal: Journal, clock: FakeClock) -> None:
    begun = clock.now()
    for _ in range(450):  # more than two pages
        play_once(journal, clock)
    journal.open_play(make_start(clock))
    assert [row.play.seq for row in journal.plays()] == list(range(1, 451))
    assert [row.play.seq for row in journal.plays(limit=3)] == [448, 449, 450]
    assert [row.play.seq for row in journal.plays(limit=1000)] == list(range(1, 451))
    assert list(journal.plays(limit=0)) == []
    half = begun + timedelta(seconds=10 * 440)
    assert [row.play.seq for row in journal.plays(since=half)] == list(range(441, 451))
    assert [row.play.seq for row in journal.plays(since=half, limit=2)] == [449, 450]


def test_the_exported_bytes_are_the_recorded_ones(journal: Journal, clock: FakeClock) -> None:
    for number in range(3):
        play_once(journal, clock, make_lease(clock, f"lease-{number}"))
    rows = list(journal.plays())
    assert [row.record for row in rows] == [record_json(row.play) for row in rows]
    assert verify_export(row.record for row in rows).fault is None
    assert rows[0].deliveries[SINK].state == "PENDING"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=30), st.floats(allow_nan=True, allow_infinity=True), st.integers(-(2**40), 2**40))
def test_no_lease_stops_a_record(
    tmp_path_factory: pytest.TempPathFactory, text: str, number: float, shown_ms: int
) -> None:
    clock = FakeClock()
    lease = make_lease(clock, creative_id=text, advertiser_domain=text, multiplier=number)
    with opened(tmp_path_factory.mktemp("journal"), clock) as journal:
        start = make_start(clock, lease)
        journal.open_play(start)
        play = journal.close_play(start.id, make_end(clock, shown_ms), [SINK])
        assert canonical_json(play) == journal.pending(SINK, 1)[0].record
