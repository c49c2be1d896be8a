"""The screen's hours against its clock: worked out from edge to edge, and always on while the clock is known wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cache import ClockState, ScreenHours, zone_of
from config import ScreenConfig
from tests.fakes import FakeClock

SECOND_NS = 1_000_000_000
SCREEN = ScreenConfig(hours=("06:00-23:00",), timezone="UTC")
NOT_SET = ClockState(synced=False, source="timesyncd", offset_ms=None)
UNKNOWN = ClockState(synced=None, source=None, offset_ms=None)


def clock_at(hour: int, minute: int = 0, state: ClockState | None = None) -> FakeClock:
    clock = FakeClock(wall=datetime(2026, 11, 23, hour, minute, tzinfo=UTC))
    if state is not None:
        clock.clock_state = state
    return clock


def test_without_hours_it_is_always_on() -> None:
    hours = ScreenHours(ScreenConfig(), clock_at(3))
    assert (hours.limited, hours.on(), hours.look_again_ns()) == (False, True, None)


def test_it_follows_the_clock_from_edge_to_edge() -> None:
    clock = clock_at(22, 59)
    hours = ScreenHours(SCREEN, clock)
    assert hours.on()
    assert hours.look_again_ns() == clock.monotonic_ns() + 60 * SECOND_NS
    clock.advance(60)
    assert not hours.on()
    assert hours.look_again_ns() == clock.monotonic_ns() + 7 * 3600 * SECOND_NS
    clock.advance(7 * 3600)
    assert hours.on()


def test_a_clock_that_is_set_counts_at_once_either_way() -> None:
    clock = clock_at(12)
    hours = ScreenHours(SCREEN, clock)
    assert hours.on()
    clock.jump(12 * 3600)
    assert not hours.on()
    clock.jump(-12 * 3600)
    assert hours.on()


def test_before_the_first_sync_it_is_on_and_after_it_the_hours_hold() -> None:
    clock = clock_at(3, state=NOT_SET)
    hours = ScreenHours(SCREEN, clock)
    assert hours.on()
    assert hours.on_at(clock.now() + timedelta(hours=1))
    look = hours.look_again_ns()
    assert look is not None
    assert look - clock.monotonic_ns() <= 5 * SECOND_NS
    clock.clock_state = ClockState(synced=True, source="timesyncd", offset_ms=1.0)
    clock.advance(5)
    assert not hours.on()


def test_a_clock_that_was_right_once_is_believed_when_the_network_is_gone() -> None:
    clock = clock_at(3)
    hours = ScreenHours(SCREEN, clock)
    assert not hours.on()
    clock.clock_state = NOT_SET
    clock.advance(3600)
    assert not hours.on()


def test_where_no_service_will_ever_tell_the_wall_is_believed() -> None:
    assert not ScreenHours(SCREEN, clock_at(3, state=UNKNOWN)).on()


def test_a_zone_that_is_none_is_the_machine_s() -> None:
    assert zone_of("") is None
    assert zone_of("Nowhere/Atall") is None
    assert str(zone_of("Europe/Berlin")) == "Europe/Berlin"
