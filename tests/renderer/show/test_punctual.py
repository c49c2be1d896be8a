"""Punctuality: leads that are learnt, and errors that do not add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.show import Punctual
from renderer.window import Output

MS = 1_000_000
REFRESH_NS = 16_666_667
EARLY_NS = REFRESH_NS // 4


def punctual(*, vsync: bool = False) -> Punctual:
    return Punctual(Output("x11", "software", "surface", vsync=vsync, refresh_hz=60.0))


def test_with_vsync_half_a_refresh_ahead() -> None:
    keeper = punctual(vsync=True)
    keeper.presented(16 * MS)
    assert keeper.lead_ns == REFRESH_NS // 2 + EARLY_NS


def test_without_as_long_as_presenting_takes() -> None:
    keeper = punctual()
    for _ in range(30):
        keeper.presented(6 * MS)
    assert keeper.lead_ns == pytest.approx(6 * MS + EARLY_NS, rel=0.01)
    keeper.presented(10_000 * MS)  # a stopped machine
    assert keeper.lead_ns == 50 * MS + EARLY_NS


@pytest.mark.parametrize(("commit_ms", "expected_ms"), [(0, 4.167), (2, 7.167), (8, 8.333), (40, 8.333)])
def test_a_play_is_closed_within_the_last_half_refresh_of_its_slot(commit_ms: int, expected_ms: float) -> None:
    keeper = punctual()
    for _ in range(40):
        keeper.presented(0)
        keeper.committed(commit_ms * MS)
    assert keeper.hand_over_ns / MS == pytest.approx(expected_ms, abs=0.01)


@given(st.lists(st.integers(-8 * MS, 16 * MS), min_size=12, max_size=12))
def test_small_errors_never_add_up(errors: list[int]) -> None:
    keeper, at_ns = punctual(), 10_000 * MS
    for error in errors:
        at_ns = keeper.counted_from(at_ns + error, at_ns) + 10_000 * MS
    assert at_ns == (1 + 12) * 10_000 * MS


@given(st.integers(0, 10**12))
def test_a_slot_shows_its_length_give_or_take_one_refresh(late_ns: int) -> None:
    keeper, at_ns = punctual(), 10_000 * MS
    started_ns = at_ns + late_ns
    shown_ns = keeper.counted_from(started_ns, at_ns) + 10_000 * MS - started_ns
    assert abs(shown_ns - 10_000 * MS) <= keeper.refresh_ns
    assert keeper.error_ns == late_ns
