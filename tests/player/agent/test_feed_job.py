"""A feed's job: what is stale is told and not kept, and a clock that is set makes nothing old look new."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from cache import FeedSnapshot
from config import Code, OohError, PanelKind
from player.agent._feeds import FeedJob
from player.backoff import ThrottledError
from tests.fakes import FakeClock
from tests.player.agent.rig import Rig


@dataclass
class AgedFeed:
    clock: FakeClock
    age_s: float = 0.0
    errors: list[OohError] = field(default_factory=list)
    kind: PanelKind = "scores"
    refresh_s: float = 600.0

    def fetch(self) -> FeedSnapshot:
        if self.errors:
            raise self.errors.pop()
        return FeedSnapshot(self.kind, self.clock.now() - timedelta(seconds=self.age_s), 600_000, "", {})


def job(rig: Rig, feed: AgedFeed) -> FeedJob:
    return FeedJob(feed, rig.cache, feed.clock, lambda: None, lambda: 0.5)


def test_data_that_comes_stale_is_told_and_not_kept(
    rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    feed = AgedFeed(clock, age_s=601)
    found = job(rig, feed)
    assert found.step() == 600  # to hurry would bring the same
    assert (found.last_code, rig.cache.snapshots()) == ("feed.stale", {})
    found.step()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    feed.age_s = 599
    found.step()
    assert found.last_code is None
    assert rig.cache.snapshots()["scores"].fetched_at == clock.now() - timedelta(seconds=599)


def test_stale_data_does_not_take_the_place_of_fresh(rig: Rig, clock: FakeClock) -> None:
    feed = AgedFeed(clock, age_s=60)
    found = job(rig, feed)
    found.step()
    kept = rig.cache.snapshots()
    feed.age_s = 3_000
    found.step()
    assert rig.cache.snapshots() == kept


@pytest.mark.parametrize("jump_s", [-86_400, -500, 500, 86_400])
def test_a_clock_that_is_set_does_not_change_how_old_data_is(rig: Rig, clock: FakeClock, jump_s: float) -> None:
    feed = AgedFeed(clock, age_s=100)
    found = job(rig, feed)
    found.step()
    clock.advance(200)
    clock.jump(jump_s)
    feed.errors = [OohError(Code.FETCH_NETWORK, "down")]
    found.step()
    kept = rig.cache.snapshots()["scores"]
    assert clock.now() - kept.fetched_at == timedelta(seconds=300)
    clock.advance(301)
    assert not kept.fresh(clock.now())


def test_without_a_jump_nothing_is_written_again(rig: Rig, clock: FakeClock) -> None:
    feed = AgedFeed(clock)
    found = job(rig, feed)
    found.step()
    version = rig.cache.snapshots_version()
    clock.advance(100)
    feed.errors = [OohError(Code.FETCH_NETWORK, "down")]
    found.step()
    assert rig.cache.snapshots_version() == version


def test_being_throttled_is_normal_weather(rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="ooh")
    feed = AgedFeed(clock, errors=[ThrottledError(Code.FETCH_STATUS, "status 429", 90.0)])
    assert job(rig, feed).step() >= 90
    assert [record.levelname for record in caplog.records] == ["INFO"]
