"""Aligned slots: screens that never talk to each other start them together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import SlotConfig
from renderer.show._grid import HOLD_MS, next_due
from renderer.show.decide import Candidates, LoopRules
from tests.renderer.show.simulate import Turn, ads_of, house_of, simulate

AD, HOUSE = SlotConfig("ad", seconds=10, align=True), SlotConfig("house", seconds=7)
CONTENT = SlotConfig("content", seconds=11)
SLOTS = (AD, HOUSE, CONTENT)
BEGIN = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFFERED = Candidates(ads_of("a", "b", "c"), house_of("h.png"), content=True)


def starts(turns: list[Turn]) -> list[int]:
    """When aligned slots came on, Unix ms."""
    return [round(turn.at.timestamp() * 1000) for turn in turns if turn.choice.aligned_ms is not None]


def run(begin: datetime, offered: Candidates = OFFERED, slots: tuple[SlotConfig, ...] = SLOTS) -> list[Turn]:
    return list(simulate(LoopRules(slots), lambda _: offered, begin, 0.5, synced=True))


@given(st.integers(0, 27_999), st.integers(0, 27_999))
def test_two_screens_started_at_any_time_start_it_together(one_ms: int, other_ms: int) -> None:
    one = starts(run(BEGIN + timedelta(milliseconds=one_ms)))[1:]  # the first may be late, as the screen was
    other = starts(run(BEGIN + timedelta(milliseconds=other_ms)))[1:]
    both = range(max(one[0], other[0]), min(one[-1], other[-1]) + 1)
    assert [at for at in one if at in both] == [at for at in other if at in both]
    assert all(at % 28_000 == 0 for at in one)
    assert len(one) >= 60


def test_without_a_synchronised_clock_nothing_waits() -> None:
    turns = list(simulate(LoopRules(SLOTS), lambda _: OFFERED, BEGIN + timedelta(seconds=5), 0.1))
    assert [turn.choice.planned_ms for turn in turns[:3]] == [10_000, 7_000, 11_000]
    assert not starts(turns)


@pytest.mark.parametrize("odd_ms", [9_000, 9_990, 10_010, 11_000, 14_000, 17_000])
def test_ads_of_other_lengths_are_never_cut_and_the_grid_holds(odd_ms: int) -> None:
    offered = replace(OFFERED, ads=ads_of("a", "b", "c", duration_ms=odd_ms))
    turns = run(BEGIN, offered)
    assert all(turn.choice.planned_ms == odd_ms for turn in turns if turn.choice.kind == "ad")
    assert all(at % 28_000 == 0 for at in starts(turns)[1:])


def test_a_loop_of_ads_that_are_too_long_stays_near_the_grid() -> None:
    """Three ad slots of 10 s filled by ads of 12 s: late by up to half a slot, then one slot is left out."""
    slots = (AD, replace(AD, align=False), replace(AD, align=False))
    turns = run(BEGIN, replace(OFFERED, ads=ads_of("a", "b", "c", duration_ms=12_000), house=(), content=False), slots)
    late = [(at % 30_000) if at % 30_000 < 15_000 else at % 30_000 - 30_000 for at in starts(turns)]
    assert max(late) <= 7_000
    assert min(late) >= -HOLD_MS
    assert {turn.choice.kind for turn in turns} <= {"ad", "slate"}


def test_the_wait_is_filled_and_never_black() -> None:
    rest = (AD, replace(AD, align=False, seconds=20))
    turns = run(BEGIN + timedelta(seconds=22), replace(OFFERED, ads=ads_of("a", "b", "c")), rest)
    assert turns[0].choice.kind == "house"
    assert starts(turns)[0] % 30_000 == 0
    gaps = [
        (after.at - before.at) - timedelta(milliseconds=before.choice.planned_ms) for before, after in pairwise(turns)
    ]
    assert max(gaps) <= timedelta(milliseconds=HOLD_MS)


def test_with_ads_alone_the_wait_is_filled_by_ads_that_fit() -> None:
    offered = Candidates(ads_of("a", "b", duration_ms=4_000))
    turns = run(BEGIN + timedelta(seconds=22), offered, (AD, replace(AD, align=False, seconds=20)))
    assert turns[0].choice.kind == "ad"
    assert turns[0].choice.aligned_ms is None


@given(
    st.lists(st.tuples(st.floats(1, 60), st.booleans()), min_size=1, max_size=6),
    st.integers(0, 5),
    st.integers(0, 4_000_000_000_000),
)
def test_the_nearest_start_is_on_the_grid(slots: list[tuple[float, bool]], first: int, now_ms: int) -> None:
    loop = tuple(SlotConfig("house", seconds=seconds, align=align) for seconds, align in slots)
    turns = [(first + step) % len(loop) for step in range(len(loop))]
    due = next_due(loop, turns, now_ms)
    assert (due is None) == (not any(align for _, align in slots))
    if due is not None:
        lengths = [round(slot.seconds * 1000) for slot in loop]
        assert (due.at_ms - sum(lengths[: due.index])) % sum(lengths) == 0
        before = sum(lengths[index] for index in turns[: turns.index(due.index)])
        assert abs(due.at_ms - now_ms - before) * 2 <= sum(lengths)


@given(st.lists(st.sampled_from(["ad", "house", "content"]), min_size=1, max_size=4), st.integers(0, 99_999))
def test_any_aligned_loop_goes_on(kinds: list[str], begin_ms: int) -> None:
    slots = tuple(SlotConfig(kind, seconds=5 + place, align=place == 0) for place, kind in enumerate(kinds))  # type: ignore[arg-type]
    turns = run(BEGIN + timedelta(milliseconds=begin_ms), OFFERED, slots)
    assert all(turn.choice.planned_ms > 0 for turn in turns)
    assert len(turns) < 2_000
    assert "slate" not in {turn.choice.kind for turn in turns}
