"""An animation's timing: what is due, what is dropped, what is late."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.show._motion import Pace, Steps

MS = 1_000_000


def test_frames_come_by_their_delays_and_go_round() -> None:
    motion = Pace([100, 50, 200], started_ns=0)
    seen = []
    for _ in range(6):
        due = motion.due_ns
        assert due is not None
        seen.append((due // MS, motion.advance(due).frames))
    assert seen == [(100, (1,)), (150, (2,)), (350, (0,)), (450, (1,)), (500, (2,)), (700, (0,))]


def test_nothing_is_due_early() -> None:
    assert Pace([100, 100], 0).advance(100 * MS - 1) == Steps((), 0)


@pytest.mark.parametrize(("late_ms", "expected"), [(0, 0), (25, 0), (26, 1)])
def test_a_frame_is_late_when_a_person_could_see_it(late_ms: int, expected: int) -> None:
    assert Pace([100, 100], 0).advance((100 + late_ms) * MS).late == expected


def test_frames_that_were_missed_are_applied_but_dropped() -> None:
    steps = Pace([40] * 5, 0).advance(165 * MS)  # due at 40, 80, 120, 160
    assert steps == Steps((1, 2, 3, 4), 3)


def test_a_long_stop_is_not_caught_up_with() -> None:
    motion = Pace([40] * 5, 0)
    steps = motion.advance(3_600_000 * MS)
    assert len(steps.frames) <= 5
    assert steps.late >= 3_600_000 // 40 - 6
    assert motion.due_ns is not None
    assert 3_600_000 * MS < motion.due_ns <= 3_600_040 * MS


def test_after_its_runs_the_last_frame_stays() -> None:
    motion, seen = Pace([100, 50, 200], 0, loops=2), []
    while (due := motion.due_ns) is not None:
        seen += [(due // MS, frame) for frame in motion.advance(due).frames]
    assert seen == [(100, 1), (150, 2), (350, 0), (450, 1), (500, 2)]
    assert motion.advance(3_600_000 * MS) == Steps((), 0)


def test_one_run_ends_on_its_last_frame() -> None:
    motion = Pace([40, 40], 0, loops=1)
    assert motion.advance(40 * MS) == Steps((1,), 0)
    assert motion.due_ns is None


def test_a_stop_longer_than_all_runs_ends_on_the_last_frame() -> None:
    motion = Pace([40] * 5, 0, loops=3)
    steps = motion.advance(3_600_000 * MS)
    assert steps.frames[-1] == 4
    assert steps.late == 3 * 5 - 1
    assert motion.due_ns is None


def test_one_frame_is_no_animation() -> None:
    with pytest.raises(ValueError, match="two frames"):
        Pace([100], 0)


@given(
    st.lists(st.integers(1, 300), min_size=2, max_size=8),
    st.lists(st.integers(0, 2000), min_size=1, max_size=30),
)
def test_whenever_it_is_asked_the_right_frame_is_on(delays: list[int], waits: list[int]) -> None:
    motion, shown, now_ms = Pace(delays, 0), 0, 0
    for wait in waits:
        now_ms += wait
        steps = motion.advance(now_ms * MS)
        shown = steps.frames[-1] if steps.frames else shown
        assert shown == frame_at(delays, now_ms)
        assert motion.due_ns is not None
        assert motion.due_ns > now_ms * MS


@given(
    st.lists(st.integers(1, 300), min_size=2, max_size=8),
    st.lists(st.integers(0, 2000), min_size=1, max_size=30),
    st.integers(1, 4),
)
def test_runs_are_counted_however_it_is_asked(delays: list[int], waits: list[int], loops: int) -> None:
    motion, shown, now_ms, came = Pace(delays, 0, loops), 0, 0, 0
    for wait in waits:
        now_ms += wait
        steps = motion.advance(now_ms * MS)
        came += bool(steps.frames)
        shown = steps.frames[-1] if steps.frames else shown
        over = now_ms >= loops * sum(delays) - delays[-1]
        assert shown == (len(delays) - 1 if over else frame_at(delays, now_ms))
        assert (motion.due_ns is None) == over


def frame_at(delays: list[int], at_ms: int) -> int:
    """What should be on at a time, by plain arithmetic."""
    rest = at_ms % sum(delays)
    for index, delay in enumerate(delays):
        if rest < delay:
            return index
        rest -= delay
    raise AssertionError
