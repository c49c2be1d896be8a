"""The lookout: sees what is new, keeps what it saw when journal or cache fail, and holds nobody up."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from cache import Cache, FeedSnapshot, Journal
from config import Code, OohError, Size
from renderer.show import Lookout
from tests.renderer.show.warm import WarmCache, looked, lookout_at

SIZE = Size(64, 32)


@pytest.fixture
def lookout(warm: WarmCache) -> Iterator[Lookout]:
    made = lookout_at(warm.folders, warm.clock)
    yield made
    made.close()


@dataclass
class Refusing:
    """Opens nothing until it is told to."""

    warm: WarmCache
    refuses: bool = True
    asked: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def journal(self) -> Journal:
        self.asked += 1
        if self.refuses:
            raise OohError(Code.JOURNAL_UNAVAILABLE, "locked")
        return self.warm.journal

    def cache(self) -> Cache:
        if self.refuses:
            raise OohError(Code.CACHE_UNAVAILABLE, "gone")
        return self.warm.cache


def snapshot(number: int) -> FeedSnapshot:
    return FeedSnapshot("headlines", datetime(2026, 11, 22, tzinfo=UTC), 1000, "", {"number": number})


def test_it_sees_ads_house_ads_and_feeds(warm: WarmCache, lookout: Lookout) -> None:
    plate = warm.plate("a", (1, 2, 3))
    before = looked(lookout)
    assert (before.ads, before.house, before.snapshots) == ((), (), {})
    warm.ad("lease-1", plate, 1000)
    warm.house(("own.png", plate))
    warm.cache.save_snapshot(snapshot(1))
    seen = looked(lookout)
    assert [ad.lease.lease_id for ad in seen.ads] == ["lease-1"]
    assert [ad.name for ad in seen.house] == ["own.png"]
    assert seen.snapshots == {"headlines": snapshot(1)}
    assert seen.differs(before)
    assert not looked(lookout).differs(seen)


def test_every_look_that_is_asked_for_begins_after_it_was_asked(warm: WarmCache, lookout: Lookout) -> None:
    for number in range(20):
        warm.cache.save_snapshot(snapshot(number))
        assert looked(lookout).snapshots["headlines"].data == {"number": number}


def test_what_cannot_be_read_stays_as_it_was_seen(warm: WarmCache, lookout: Lookout) -> None:
    warm.ad("lease-1", warm.plate("a", (1, 2, 3)), 1000)
    assert len(looked(lookout).ads) == 1
    warm.journal.close()
    for path in warm.folders.state.glob("journal.db*"):
        path.unlink()
    (warm.folders.state / "journal.db").mkdir()  # nothing can be opened there
    seen = looked(lookout)
    assert len(seen.ads) == 1
    assert lookout.errors == 1


def test_a_locked_database_holds_nobody_up(warm: WarmCache, lookout: Lookout) -> None:
    plate = warm.plate("a", (1, 2, 3))
    looked(lookout)
    for path in warm.folders.state.glob("cache.db*"):
        path.unlink()
    with (warm.folders.state / "cache.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who opens the new file waits for it, 5 s at most
        began = time.monotonic()
        warm.ad("lease-1", plate, 1000)
        ticket = lookout.look()
        assert not lookout.wait(ticket, 0.5)
        assert not lookout.has_looked(ticket)
        assert time.monotonic() - began < 3
        assert len(lookout.seen.ads) == 1  # the journal is not held up by the cache


def test_rooms_that_do_not_open_are_tried_at_every_look(warm: WarmCache) -> None:
    rooms = Refusing(warm)
    lookout = Lookout(rooms.journal, rooms.cache, warm.clock, rooms.done.set)
    assert looked(lookout).ads == ()
    assert looked(lookout).house == ()
    assert rooms.asked == 2
    warm.ad("lease-1", warm.plate("a", (1, 2, 3)), 1000)
    rooms.refuses = False
    assert len(looked(lookout).ads) == 1
    assert rooms.done.is_set()
    lookout.close()


def test_a_look_that_hangs_does_not_hang_the_end(warm: WarmCache) -> None:
    release = threading.Event()

    def hang() -> Journal:
        release.wait(10)
        return warm.journal

    lookout = Lookout(hang, lambda: warm.cache, warm.clock, lambda: None)
    lookout.look()
    began = time.monotonic()
    lookout.close(patience_s=0.1)
    assert time.monotonic() - began < 2
    release.set()
