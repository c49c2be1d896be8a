"""Beacons: called in order, retried, expired, and not fooled by a wall clock that jumps."""

from __future__ import annotations

from datetime import timedelta

from cache import Beacon, Journal
from tests.cache.shapes import make_lease, play_once
from tests.fakes import FakeClock

DAY = 86_400.0


def queued(journal: Journal, clock: FakeClock) -> list[int]:
    return [beacon.beacon_id for beacon in journal.due_beacons(clock.now(), 100)]


def test_in_order_and_limited(journal: Journal, clock: FakeClock) -> None:
    play_once(journal, clock, make_lease(clock))
    found = journal.due_beacons(clock.now(), 10)
    assert [(one.lease_id, one.kind, one.url, one.attempts) for one in found] == [
        ("lease-1", "impression", "https://example.com/i", 0),
        ("lease-1", "billing", "https://example.com/b", 0),
    ]
    assert len(journal.due_beacons(clock.now(), 1)) == 1


def test_done_retry_expired(journal: Journal, clock: FakeClock) -> None:
    three = tuple(Beacon("impression", f"https://example.com/{n}") for n in range(3))
    play_once(journal, clock, make_lease(clock, on_shown=three))
    first, second, third = queued(journal, clock)
    journal.beacon_done(first)
    journal.beacon_retry(second, clock.now() + timedelta(seconds=30), "503")
    journal.beacon_expired(third, "404")
    assert queued(journal, clock) == []
    assert journal.beacon_counts() == {"PENDING": 1, "DELIVERED": 1, "EXPIRED": 1}
    clock.advance(29)
    assert queued(journal, clock) == []
    clock.advance(1)
    assert [(one.beacon_id, one.attempts) for one in journal.due_beacons(clock.now(), 9)] == [(second, 1)]


def test_what_is_settled_stays_settled(journal: Journal, clock: FakeClock) -> None:
    play_once(journal, clock, make_lease(clock, on_shown=(Beacon("billing", "u"),)))
    (beacon,) = queued(journal, clock)
    journal.beacon_done(beacon)
    journal.beacon_retry(beacon, clock.now(), "late")
    journal.beacon_expired(beacon, "late")
    assert journal.beacon_counts() == {"PENDING": 0, "DELIVERED": 1, "EXPIRED": 0}


def test_the_window_is_a_day(journal: Journal, clock: FakeClock) -> None:
    play_once(journal, clock, make_lease(clock))
    assert journal.due_beacons(clock.now(), 1)[0].not_after == clock.now() + timedelta(days=1)
    clock.advance(DAY / 2)
    assert journal.due_beacons(clock.now(), 1)[0].not_after == clock.now() + timedelta(days=0.5)


def test_the_wall_set_forward_expires_nothing(journal: Journal, clock: FakeClock) -> None:
    play_once(journal, clock, make_lease(clock))
    clock.jump(180 * DAY)
    assert journal.due_beacons(clock.now(), 1)[0].not_after == clock.now() + timedelta(days=1)


def test_the_wall_set_back_delays_no_retry(journal: Journal, clock: FakeClock) -> None:
    play_once(journal, clock, make_lease(clock))
    for beacon in queued(journal, clock):
        journal.beacon_retry(beacon, clock.now() + timedelta(seconds=30), "503")
    clock.jump(-DAY)
    clock.advance(30)
    assert len(queued(journal, clock)) == 2


def test_another_boot_goes_by_the_wall(journal: Journal, clock: FakeClock) -> None:
    play_once(journal, clock, make_lease(clock))
    for beacon in queued(journal, clock):
        journal.beacon_retry(beacon, clock.now() + timedelta(hours=1), "503")
    clock.boot, clock.mono_ns = "another boot", 0
    clock.jump(3600)
    found = journal.due_beacons(clock.now(), 10)
    assert [one.not_after - clock.now() for one in found] == [timedelta(hours=23)] * 2
    # Once tried in this boot, its monotonic clock counts: what is left of the window is kept.
    journal.beacon_retry(found[0].beacon_id, clock.now(), "503")
    clock.jump(500 * DAY)
    assert journal.due_beacons(clock.now(), 1)[0].not_after - clock.now() == timedelta(hours=23)
