"""Settling: between the end of a lease and its calls nothing is lost, and nothing is queued twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from cache import Beacon, Journal, LeaseState
from tests.cache.shapes import SINK, make_end, make_lease, make_start, opened, settle
from tests.fakes import FakeClock

CALL = Beacon("impression", "https://x.test/i")


def kinds(journal: Journal, clock: FakeClock) -> list[str]:
    return [one.kind for one in journal.due_beacons(clock.now(), 100)]


def test_a_play_waits_with_its_record(journal: Journal, clock: FakeClock) -> None:
    lease = make_lease(clock, dialect="other", memo='{"a":1}')
    start = make_start(clock, lease)
    journal.open_play(start)
    clock.advance(10)
    play = journal.close_play(start.id, make_end(clock), (SINK,))
    assert kinds(journal, clock) == []
    (found,) = journal.unsettled(10)
    assert (found.lease, found.state, found.reason, found.play) == (lease, LeaseState.PLAYED, "complete", play)


@pytest.mark.parametrize(("way", "state"), [("fail", LeaseState.FAILED), ("release", LeaseState.RELEASED)])
def test_what_was_never_shown_waits_with_its_reason(
    journal: Journal, clock: FakeClock, way: str, state: LeaseState
) -> None:
    journal.offer(make_lease(clock))
    getattr(journal, way)("lease-1", "creative.corrupt")
    (found,) = journal.unsettled(10)
    assert (found.lease.lease_id, found.state, found.reason, found.play) == ("lease-1", state, "creative.corrupt", None)


def test_settled_once(journal: Journal, clock: FakeClock) -> None:
    journal.offer(make_lease(clock))
    journal.release("lease-1", "lease.expired")
    assert journal.settle("lease-1", [CALL])
    assert not journal.settle("lease-1", [CALL, CALL])
    assert not journal.settle("unknown", [CALL])
    assert kinds(journal, clock) == ["impression"]
    assert journal.unsettled(10) == ()


def test_living_leases_are_not_settled(journal: Journal, clock: FakeClock) -> None:
    journal.offer(make_lease(clock))
    assert journal.unsettled(10) == ()
    assert not journal.settle("lease-1", [CALL])


def test_it_survives_the_process(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        journal.offer(make_lease(clock))
        journal.release("lease-1", "lease.expired")
    with opened(tmp_path, clock) as journal:
        assert settle(journal) == 1
        assert kinds(journal, clock) == ["expiration"]


def test_wins_are_queued_with_the_offer_and_once(journal: Journal, clock: FakeClock) -> None:
    lease = make_lease(clock, on_won=(Beacon("win", "https://x.test/w"),))
    journal.offer(lease)
    journal.offer(lease)
    assert kinds(journal, clock) == ["win"]


def test_how_to_call_is_kept_and_a_window_of_its_own(journal: Journal, clock: FakeClock) -> None:
    journal.offer(make_lease(clock))
    journal.release("lease-1", "x")
    journal.settle(
        "lease-1", [Beacon("proof", "https://x.test/p", "POST", '{"a":1}', "application/json", window_s=900)]
    )
    (found,) = journal.due_beacons(clock.now(), 10)
    assert (found.method, found.body, found.content_type) == ("POST", '{"a":1}', "application/json")
    assert (found.not_after - clock.now()).total_seconds() == 900


def test_pruning_waits_for_it(journal: Journal, clock: FakeClock) -> None:
    start = make_start(clock, make_lease(clock))
    journal.open_play(start)
    journal.close_play(start.id, make_end(clock), ())
    journal.offer(make_lease(clock, "lease-2"))
    journal.release("lease-2", "x")
    clock.advance(40 * 86_400)
    assert (journal.prune(30, 1_000).plays, journal.prune(30, 1_000).leases) == (0, 0)
    for one in journal.unsettled(10):
        journal.settle(one.lease.lease_id, ())
    report = journal.prune(30, 1_000)
    assert (report.plays, report.leases) == (1, 1)
