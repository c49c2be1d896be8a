"""A lease whose creative comes from several addresses goes from one to the next, and remembers where it is."""

from __future__ import annotations

from dataclasses import replace

from cache import Journal, LeaseState
from tests.cache.shapes import make_lease, make_plate, play_once
from tests.fakes import FakeClock


def test_the_next_address_takes_the_place_of_the_first(journal: Journal, clock: FakeClock) -> None:
    lease = replace(make_lease(clock), alternatives=("https://cdn.test/b.mp4", "https://cdn.test/c.mp4"))
    journal.offer(lease)
    assert journal.cached("lease-1", "c" * 64)
    assert journal.fall_back(lease, "creative.corrupt")
    (held,) = journal.held()
    assert (held.state, held.creative_sha256) == (LeaseState.OFFERED, None)
    assert held.lease.creative_url == "https://cdn.test/b.mp4"
    assert held.lease.alternatives == ("https://cdn.test/c.mp4",)
    assert journal.fall_back(held.lease, "fetch.status")
    assert not journal.fall_back(journal.held()[0].lease, "fetch.status"), "there is none left"


def test_a_plate_that_no_longer_fits_is_given_up(journal: Journal, clock: FakeClock) -> None:
    lease = replace(make_lease(clock), alternatives=("https://cdn.test/b.mp4",))
    journal.offer(lease)
    assert journal.prepared("lease-1", make_plate())
    assert journal.fall_back(lease, "creative.corrupt")
    assert journal.ready(clock.now()) == ()
    assert journal.held()[0].plate_key is None


def test_what_was_played_stays_played(journal: Journal, clock: FakeClock) -> None:
    lease = replace(make_lease(clock), alternatives=("https://cdn.test/b.mp4",))
    journal.offer(lease)
    journal.prepared("lease-1", make_plate())
    play_once(journal, clock, lease)
    assert not journal.fall_back(lease, "creative.corrupt")
    assert journal.lease_counts()[LeaseState.PLAYED] == 1
