"""What comes next may have gone by the time it is staged, or be impossible to draw: something is shown all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cache import PlayEnd
from config import Rect, Size, SlotConfig
from renderer.show import Choice, Clerk, Next, Proof, ShowSettings, Staged, Stager, Worker
from tests.cache.shapes import make_start
from tests.fakes import FakeClock
from tests.renderer.show.shapes import SET_UP, lease
from tests.renderer.show.warm import WarmCache, looked, lookout_at

SIZE = Size(64, 32)
RED, BLUE = (200, 30, 30), (30, 30, 200)
SETTINGS = ShowSettings.of(replace(SET_UP, loop=(SlotConfig(kind="ad"),)), SIZE)


class Unable(Stager):
    """A stager whose drawing fails."""

    def stage(self, *_: Any) -> Staged:
        message = "no fonts"
        raise RuntimeError(message)


@pytest.fixture
def warm(tmp_path: Path) -> Iterator[WarmCache]:
    made = WarmCache.at(tmp_path, SIZE)
    yield made
    made.cache.close()


@pytest.fixture
def coming(warm: WarmCache) -> Iterator[Next]:
    lookout = lookout_at(warm.folders, warm.clock)
    proof = Proof(lambda: warm.journal, None, Clerk(), lookout)
    worker = Worker(lambda: None)
    yield Next(warm.clock, Stager(warm.cache.store), lookout, proof, worker)
    worker.close()
    proof.end()


def chosen(coming: Next) -> Choice:
    """By what is there now."""
    looked(coming.lookout)
    return coming.choose(SETTINGS, coming.clock.monotonic_ns())


def taken(coming: Next, choice: Choice) -> Staged | None:
    coming.begin(SETTINGS, choice)
    coming.worker.close()  # it is staged
    looked(coming.lookout)
    return coming.take(SETTINGS)


def test_an_ad_is_taken_once_it_is_staged(coming: Next, warm: WarmCache) -> None:
    warm.ad("lease-1", warm.plate("a", RED), 1000)
    choice = chosen(coming)
    staged = taken(coming, choice)
    assert staged is not None
    with closing(staged):
        assert staged.creative_id == "creative-lease-1"
        assert coming.state == choice.after


def test_an_ad_released_while_it_was_staged_is_not_shown(coming: Next, warm: WarmCache) -> None:
    warm.ad("lease-1", warm.plate("a", RED), 1000)
    choice = chosen(coming)
    assert choice.kind == "ad"
    assert warm.journal.release("lease-1", "the exchange took it back")
    assert taken(coming, choice) is None
    assert chosen(coming).kind == "slate"


def test_house_ads_made_for_another_screen_are_left_out(coming: Next, warm: WarmCache) -> None:
    other = WarmCache(warm.folders, warm.cache, warm.journal, warm.clock, Size(32, 64))
    warm.house(("other.png", other.plate("other", BLUE)))
    assert chosen(coming).kind == "slate"
    warm.house(("other.png", other.plate("other", BLUE)), ("own.png", warm.plate("own", RED)))
    house = chosen(coming).house
    assert house is not None
    assert house.name == "own.png"


def test_a_slate_that_cannot_be_drawn_is_the_brand_colour(coming: Next, warm: WarmCache) -> None:
    coming.stager = Unable(warm.cache.store)
    staged = taken(coming, chosen(coming))
    assert staged is not None
    assert staged.choice.kind == "slate"
    blue, green, red = staged.frame.read(Rect(5, 5, 1, 1))[:3]
    assert f"#{red:02x}{green:02x}{blue:02x}" == SETTINGS.brand_colour.lower()


def test_what_cannot_be_staged_is_left_out_for_a_while(coming: Next, warm: WarmCache) -> None:
    warm.house(("own.png", warm.plate("own", RED)))
    coming.stager = Unable(warm.cache.store)
    assert taken(coming, chosen(coming)) is None
    assert chosen(coming).kind == "slate"


def test_what_a_screen_before_showed_keeps_its_distance(coming: Next, warm: WarmCache) -> None:
    """A crash must not bring the same creative twice in a row."""
    plate = warm.plate("a", RED)
    shown = lease("lease-1", now=warm.clock.now())
    start = make_start(FakeClock(), shown, started_at=warm.clock.now())
    warm.journal.open_play(start)
    warm.journal.close_play(start.id, PlayEnd(warm.clock.now(), 1000, 1, 0, "complete"), ())
    same = replace(lease("lease-2", now=warm.clock.now()), creative_id=shown.creative_id)
    for one in (same, lease("lease-3", now=warm.clock.now())):
        warm.journal.offer(one)
        warm.journal.prepared(one.lease_id, plate)
    choice = chosen(coming)
    assert choice.ad is not None
    assert choice.ad.lease.lease_id == "lease-3"
    assert [one.creative for one in choice.after.shown_ads][-1] == "creative-lease-3"
