"""The dimmer: at its minute, over seconds, in steps that nobody sees; quiet in between."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from config import ScreenConfig
from renderer.show import Dimmer
from tests.fakes import FakeClock


def dimmer_at(hour: int, minute: int, second: int = 0, **screen: object) -> tuple[Dimmer, FakeClock, list[int]]:
    clock = FakeClock(wall=datetime(2026, 11, 23, hour, minute, second, tzinfo=UTC))
    set_to: list[int] = []
    config = ScreenConfig(timezone="UTC", dim=("22:00-06:00 40",), **screen)  # type: ignore[arg-type]
    return Dimmer(config, clock, set_to.append), clock, set_to


def run(dimmer: Dimmer, clock: FakeClock, most: int = 200) -> int:
    """Do what is due until the next edge is far away; how many times."""
    for count in range(most):
        dimmer.step()
        due = min(dimmer.due_ns(), default=None)
        if due is None or due - clock.monotonic_ns() > 10_000_000_000:
            return count
        clock.advance((due - clock.monotonic_ns()) / 1e9)
    raise AssertionError


def test_it_starts_as_it_has_to_be_without_a_ramp() -> None:
    assert dimmer_at(23, 0)[2] == [40]
    assert dimmer_at(12, 0)[2] == [100]
    assert dimmer_at(12, 0, brightness=80)[2] == [80]


def test_it_changes_at_its_minute_over_seconds_in_small_steps() -> None:
    dimmer, clock, set_to = dimmer_at(21, 59, 55)
    assert run(dimmer, clock) > 20
    assert (set_to[0], set_to[-1], dimmer.percent) == (100, 40, 40)
    steps = [before - after for before, after in pairwise(set_to)]
    assert all(0 < step <= 3 for step in steps)
    assert (clock.now() - datetime(2026, 11, 23, 22, 0, tzinfo=UTC)).total_seconds() < 6
    again = min(dimmer.due_ns())
    assert again - clock.monotonic_ns() > 7 * 3600 * 1e9, "quiet until the morning"


def test_it_goes_back_in_the_morning() -> None:
    dimmer, clock, set_to = dimmer_at(5, 59, 58, brightness=90)
    run(dimmer, clock)
    assert (set_to[0], set_to[-1]) == (40, 90)


def test_without_a_plan_there_is_nothing_to_do() -> None:
    clock = FakeClock()
    set_to: list[int] = []
    dimmer = Dimmer(ScreenConfig(brightness=70), clock, set_to.append)
    dimmer.step()
    assert (set_to, dimmer.due_ns()) == ([70], [])


def test_a_clock_that_is_set_ramps_too() -> None:
    dimmer, clock, set_to = dimmer_at(12, 0)
    clock.jump(11 * 3600)
    run(dimmer, clock)
    assert set_to[-1] == 40
    assert len(set_to) > 20
