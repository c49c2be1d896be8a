"""Attributes lie: a file that is refused gives way to the next of its ad; the ad fails with the last one's code."""

from __future__ import annotations

import pytest

from cache import LeaseState
from config import Code, OohError
from tests.fakes import FakeClock
from tests.player.agent.rig import FakeStream, Rig
from tests.player.agent.test_ready import Bench, all_of

FIRST, SECOND, THIRD = (f"https://cdn.example/{name}.mp4" for name in "abc")


def test_a_refused_file_gives_way_to_the_next(rig: Rig, clock: FakeClock) -> None:
    bodies: dict[str, bytes | OohError] = {FIRST: b"bad", SECOND: OohError(Code.FETCH_STATUS, "404"), THIRD: b"film"}
    bench = Bench(rig, FakeStream(bodies))
    lease = rig.offer(FIRST, alternatives=(SECOND, THIRD))
    all_of(bench.readier())
    (ready,) = rig.journal.ready(clock.now())
    assert ready.lease.lease_id == lease.lease_id
    assert (ready.lease.creative_url, ready.lease.alternatives) == (THIRD, ())
    assert bench.http.asked == [FIRST, SECOND, THIRD]
    assert bench.failed == []


def test_when_none_is_left_the_last_ones_code_counts(rig: Rig) -> None:
    bench = Bench(rig, FakeStream({FIRST: OohError(Code.FETCH_TIMEOUT, "slow"), SECOND: b"bad"}))
    rig.offer(FIRST, alternatives=(SECOND,))
    readier = bench.readier()
    all_of(readier)
    assert rig.journal.lease_counts()[LeaseState.FAILED] == 1
    assert readier.counts.failed == {Code.CREATIVE_CORRUPT.code: 1}
    assert len(bench.failed) == 1


def test_a_failure_of_this_machine_gives_nothing_away(rig: Rig) -> None:
    bench = Bench(rig, FakeStream({FIRST: OohError(Code.CACHE_UNAVAILABLE, "disk full")}))
    rig.offer(FIRST, alternatives=(SECOND,))
    with pytest.raises(OohError, match=r"cache\.unavailable"):
        bench.readier().step()
    assert rig.journal.held()[0].lease.creative_url == FIRST
