"""The trigger never owes more than one run, whatever the wall clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from player.schedule import MonotonicTrigger
from tests.fakes import FakeClock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_due_is_told_in_any_wall_time(clock: FakeClock) -> None:
    trigger = MonotonicTrigger(clock, first_in_s=10, fallback_s=60)
    clock.advance(4)
    assert trigger.get_next_fire_time(None, NOON) == NOON + timedelta(seconds=6)
    a_year_on = NOON + timedelta(days=365)
    assert trigger.due_at(a_year_on) == a_year_on + timedelta(seconds=6)
    clock.advance(60)
    assert trigger.due_at(NOON) == NOON


@given(st.integers(-(10**8), 10**8), st.floats(0, 3_600))
def test_one_run_is_owed_at_most(jump_s: int, fallback_s: float) -> None:
    clock = FakeClock()
    trigger = MonotonicTrigger(clock, first_in_s=0, fallback_s=fallback_s)
    now = NOON + timedelta(seconds=jump_s)
    assert trigger.get_next_fire_time(NOON, now) > now
