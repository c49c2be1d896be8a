"""The patience of one caller."""

from __future__ import annotations

from player.backoff import Backoff
from player.schedule import Retry
from tests.fakes import FakeClock


def test_waits_grow_and_a_success_forgets(clock: FakeClock) -> None:
    retry = Retry(Backoff(first_s=2, cap_s=10), clock, lambda: 0.0)
    assert retry.wait_s() == 0
    assert [retry.missed() for _ in range(4)] == [2, 4, 8, 10]
    clock.advance(4)
    assert retry.wait_s() == 6
    assert retry.succeeded()
    assert retry.wait_s() == 0
    assert not retry.succeeded()
    assert retry.missed() == 2


def test_a_jump_of_the_wall_clock_changes_nothing(clock: FakeClock) -> None:
    retry = Retry(Backoff(first_s=2, cap_s=10), clock, lambda: 0.0)
    retry.missed()
    clock.jump(-3_600)
    assert retry.wait_s() == 2


def test_what_the_server_asked_for_is_added(clock: FakeClock) -> None:
    retry = Retry(Backoff(first_s=2, cap_s=10), clock, lambda: 0.5)
    assert retry.missed(30) == 31
