"""Plays before the first sync of a boot are held, and back-filled within it; nothing is ever guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cache import HOLD_NS, ClockState, Journal, Play, play_hash, verify_export
from tests.cache.shapes import SINK, make_end, make_lease, make_start, opened, play_once
from tests.fakes import FakeClock

UNSYNCED = ClockState(synced=False, source="timesyncd", offset_ms=None)
SYNCED = ClockState(synced=True, source="timesyncd", offset_ms=None)
UNKNOWN = ClockState(synced=None, source=None, offset_ms=None)
YEARS_2_S = 2 * 365 * 86_400


@pytest.fixture
def early(clock: FakeClock) -> FakeClock:
    """A clock that has not been set in this boot, and is two years behind."""
    clock.clock_state = UNSYNCED
    clock.jump(-YEARS_2_S)
    return clock


def set_right(clock: FakeClock) -> None:
    clock.jump(YEARS_2_S)
    clock.clock_state = SYNCED


def records(journal: Journal) -> list[Play]:
    return [row.play for row in journal.plays()]


def test_held_plays_are_counted_and_not_delivered(journal: Journal, early: FakeClock) -> None:
    play = play_once(journal, early)
    assert (play.hash, play.signature, play.clock.synced) == (None, None, False)
    assert journal.pending(SINK, 10) == ()
    assert (journal.held_plays(), journal.queue(SINK).pending, journal.counts().closed) == (1, 1, 1)
    assert journal.health().held == 1
    assert records(journal) == []
    assert journal.recover(None, [SINK]) == ()


def test_the_same_boot_gives_them_their_times(journal: Journal, early: FakeClock) -> None:
    begun = [early.now() + timedelta(seconds=YEARS_2_S + 10 * number) for number in range(3)]
    for _ in range(3):
        play_once(journal, early)
    early.advance(1_000)
    set_right(early)
    assert journal.finish_held() == 3
    plays = records(journal)
    assert [play.started_at for play in plays] == [f"{at:%Y-%m-%dT%H:%M:%S}.000Z" for at in begun]
    assert [play.ended_at for play in plays] == [f"{at + timedelta(seconds=10):%Y-%m-%dT%H:%M:%S}.000Z" for at in begun]
    assert {play.shown_ms for play in plays} == {10_000}
    assert {play.clock for play in plays} == {
        ClockState(synced=True, source="timesyncd", offset_ms=YEARS_2_S * 1000.0, backfilled=True)
    }
    assert all(play.hash == play_hash(play) and play.signature for play in plays)
    assert [queued.seq for queued in journal.pending(SINK, 10)] == [1, 2, 3]
    assert verify_export(row.record for row in journal.plays()).fault is None


def test_the_next_play_finishes_them_first(journal: Journal, early: FakeClock) -> None:
    play_once(journal, early)
    set_right(early)
    after = play_once(journal, early)
    first, second = records(journal)
    assert (first.clock.backfilled, second.clock.backfilled) == (True, False)
    assert (second.seq, second.prev_hash, second.hash) == (2, first.hash, after.hash)


def test_a_clock_set_in_the_middle_of_a_play(journal: Journal, early: FakeClock) -> None:
    start = make_start(early)
    journal.open_play(start)
    early.advance(4)
    set_right(early)
    early.advance(6)
    play = journal.close_play(start.id, make_end(early), [SINK])
    assert (play.started_at, play.ended_at) == ("2026-11-22T12:00:00.000Z", "2026-11-22T12:00:10.000Z")
    assert (play.shown_ms, play.clock.backfilled) == (10_000, True)


def test_after_a_reboot_they_go_as_unsynced(tmp_path: Path, early: FakeClock) -> None:
    with opened(tmp_path, early) as journal:
        held = play_once(journal, early)
    early.boot, early.mono_ns = "another boot", 5_000_000_000
    set_right(early)
    with opened(tmp_path, early) as journal:
        assert journal.finish_held() == 1
        (play,) = records(journal)
    assert (play.started_at, play.clock) == (held.started_at, UNSYNCED)
    assert play.hash == play_hash(play)


def test_they_do_not_wait_for_ever(journal: Journal, early: FakeClock) -> None:
    play_once(journal, early)
    assert journal.finish_held() == 0
    early.mono_ns = HOLD_NS
    assert journal.finish_held() == 1
    assert records(journal)[0].clock == UNSYNCED
    assert play_once(journal, early).hash is not None


def test_they_can_be_let_go(journal: Journal, early: FakeClock) -> None:
    for _ in range(3):
        play_once(journal, early)
    assert journal.finish_held(now=True) == 3
    assert [play.clock.synced for play in records(journal)] == [False, False, False]
    assert journal.finish_held(now=True) == 0


def test_more_than_one_transaction_of_them(journal: Journal, early: FakeClock) -> None:
    for _ in range(501):
        play_once(journal, early, sinks=())
    set_right(early)
    assert journal.finish_held() == 501
    assert verify_export(row.record for row in journal.plays()).plays == 501


def test_what_is_closed_behind_a_held_play_waits_too(journal: Journal, early: FakeClock) -> None:
    """The chain follows seq: else nobody could tell a late record from one that was put in."""
    first = make_start(early)
    journal.open_play(first)
    second = replace(make_start(early), clock=UNKNOWN)
    journal.close_play(first.id, make_end(early), [SINK])
    journal.open_play(second)
    assert journal.close_play(second.id, make_end(early), [SINK]).hash is None
    set_right(early)
    journal.finish_held()
    assert [(play.seq, play.clock.backfilled) for play in records(journal)] == [(1, True), (2, False)]


def test_an_unknown_clock_holds_nothing(journal: Journal, clock: FakeClock) -> None:
    clock.clock_state = UNKNOWN
    assert play_once(journal, clock).clock == UNKNOWN
    assert len(journal.pending(SINK, 10)) == 1


def test_a_boot_without_an_id_is_never_the_same(journal: Journal, early: FakeClock) -> None:
    early.boot = ""
    assert play_once(journal, early).hash is not None


def test_the_exchange_is_told_at_once(journal: Journal, early: FakeClock) -> None:
    lease = make_lease(early)
    start = make_start(early, lease)
    journal.open_play(start)
    early.advance(10)
    journal.close_play(start.id, make_end(early), [SINK])
    (ended,) = journal.unsettled(10)
    assert ended.play is not None
    assert (ended.play.billable, ended.play.seq) == (True, 1)
    assert [play.lease_id for play in journal.paid_lately(5)] == ["lease-1"]


def test_calling_again_changes_nothing(journal: Journal, early: FakeClock) -> None:
    start = make_start(early)
    journal.open_play(start)
    play = journal.close_play(start.id, make_end(early), [SINK])
    assert journal.close_play(start.id, make_end(early, end_reason="error"), [SINK]) == play
    assert journal.open_play(start) == 1


@pytest.mark.parametrize("jump_s", [-YEARS_2_S, -3_600, 3_600, YEARS_2_S])
def test_a_wall_that_is_set_during_a_play_changes_no_length(journal: Journal, clock: FakeClock, jump_s: int) -> None:
    start = make_start(clock)
    journal.open_play(start)
    clock.advance(5)
    clock.jump(jump_s)
    clock.advance(5)
    play = journal.close_play(start.id, make_end(clock), [SINK])
    assert (play.shown_ms, play.started_at, play.ended_at) == (
        10_000,
        "2026-11-22T12:00:00.000Z",
        "2026-11-22T12:00:10.000Z",
    )


def test_a_damaged_journal_keeps_what_was_held(tmp_path: Path, early: FakeClock) -> None:
    with opened(tmp_path, early) as journal:
        play_once(journal, early)
        with journal._database.reading() as view:
            (page,) = view.execute("SELECT rootpage FROM sqlite_master WHERE name = 'leases_live'").fetchone()
    with (tmp_path / "journal.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    early.boot = "the next boot"
    with opened(tmp_path, early) as journal:
        assert journal.health().set_aside != ()
        journal.finish_held()
        assert [json.loads(queued.record)["seq"] for queued in journal.pending(SINK, 10)] == [1]
