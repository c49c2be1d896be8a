"""Outside the screen's hours no ads are asked for, but in the minutes before it opens; none that cannot be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from cache import ClockState
from config import ScreenConfig, SlotConfig
from tests.fakes import FakeClock
from tests.player.agent.rig import Rig
from tests.player.agent.test_ask import table

SCREEN = ScreenConfig(hours=("mon-fri 06:00-23:00", "sat-sun 08:00-01:00"), timezone="UTC")


def at(hour: int, minute: int = 0, second: int = 0, day: int = 23) -> datetime:
    """Of a Monday."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def test_in_its_hours_it_asks_as_ever(rig: Rig, clock: FakeClock) -> None:
    clock.wall = at(12)
    it = table(rig, [], screen=SCREEN)
    it.run()
    assert len(rig.states()) == 4


def test_at_night_nobody_is_asked(rig: Rig, clock: FakeClock) -> None:
    clock.wall = at(23)
    it = table(rig, [], screen=SCREEN)
    assert it.run() is None
    clock.wall = at(5, 54, 59, day=24)
    assert it.run() is None
    assert not it.exchanges[0].asked


def test_five_minutes_before_it_opens_the_first_are_asked_for(rig: Rig, clock: FakeClock) -> None:
    clock.wall = at(5, 55)
    it = table(rig, [], screen=SCREEN)
    it.run()
    assert len(rig.states()) == 4
    assert [each.show_in_ms for each in it.exchanges[0].asked] == [300_000, 310_000, 320_000, 330_000]


def test_none_that_the_closing_would_cut(rig: Rig, clock: FakeClock) -> None:
    clock.wall = at(22, 59, 35)
    it = table(rig, [], screen=SCREEN)
    it.run()
    assert len(rig.states()) == 2, "of 10 s each; a third would end after the screen is dark"


def test_right_before_it_closes_nobody_is_asked(rig: Rig, clock: FakeClock) -> None:
    clock.wall = at(22, 59, 55)
    it = table(rig, [], screen=SCREEN)
    assert it.run() is None
    assert not it.exchanges[0].asked


def test_the_loop_at_the_opening_counts(rig: Rig, clock: FakeClock) -> None:
    clock.wall = at(5, 56)
    it = table(rig, [], slot=SlotConfig(seconds=10, starts="08:00"), others=[SlotConfig(kind="content")], screen=SCREEN)
    assert it.run() is None
    assert not it.exchanges[0].asked, "its first ad slot runs two hours later"


def test_a_clock_that_is_not_set_yet_closes_nothing(rig: Rig, clock: FakeClock) -> None:
    clock.wall = at(3)
    clock.clock_state = ClockState(synced=False, source="timesyncd", offset_ms=None)
    it = table(rig, [], screen=SCREEN)
    it.run()
    assert len(rig.states()) == 4


def test_without_hours_it_is_always_on(rig: Rig, clock: FakeClock) -> None:
    clock.wall = at(3)
    it = table(rig, [], screen=replace(SCREEN, hours=()))
    it.run()
    assert len(rig.states()) == 4
