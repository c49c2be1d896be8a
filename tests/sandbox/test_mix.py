"""The exchange's mix: exact shares, every kind of trouble early, the same by seed and number."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.exchange import BROKEN_KINDS, Mix

seeds = st.integers(0, 2**32)


@given(seeds)
def test_the_first_answer_is_always_an_ad(seed: int) -> None:
    assert Mix(seed=seed).outcome(0).kind == "fill"


@given(seeds)
def test_every_kind_of_brokenness_comes_before_any_comes_again(seed: int) -> None:
    broken = [outcome.flavour for n in range(64) if (outcome := Mix(seed=seed).outcome(n)).kind == "broken"]
    assert set(broken[:8]) == set(BROKEN_KINDS)


@given(seeds)
def test_twelve_plays_meet_several_broken_answers(seed: int) -> None:
    answers = [Mix(seed=seed).outcome(n) for n in range(40)]
    twelfth_fill = [n for n, outcome in enumerate(answers) if outcome.kind == "fill"][11]
    assert sum(outcome.kind == "broken" for outcome in answers[:twelfth_fill]) >= 3


@given(seeds, st.integers(0, 10_000))
def test_an_answer_depends_on_seed_and_number_alone(seed: int, number: int) -> None:
    assert Mix(seed=seed).outcome(number) == Mix(seed=seed).outcome(number)


@pytest.mark.parametrize("seed", [0, 1, 99])
def test_shares_are_kept(seed: int) -> None:
    kinds = Counter(Mix(seed=seed).outcome(n).kind for n in range(1000))
    assert abs(kinds["broken"] - 250) <= 2
    assert abs(kinds["nofill"] - 100) <= 2
    assert abs(kinds["throttle"] - 50) <= 2


def test_the_rotation_neither_skips_nor_repeats() -> None:
    turns = [outcome.turn for n in range(200) if (outcome := Mix().outcome(n)).kind == "fill"]
    assert turns == list(range(len(turns)))


def test_without_shares_everything_is_an_ad() -> None:
    mix = Mix(broken_share=0, nofill_share=0, throttle_share=0, slow_share=0)
    assert {(mix.outcome(n).kind, mix.outcome(n).delay_s) for n in range(100)} == {("fill", 0.0)}


def test_slow_answers_take_one_to_two_seconds() -> None:
    delays = [Mix(slow_share=0.2).outcome(n).delay_s for n in range(100)]
    assert sum(delay > 0 for delay in delays) == pytest.approx(20, abs=1)
    assert all(delay == 0 or 1 <= delay < 2 for delay in delays)


def test_shares_that_leave_no_ads_are_refused() -> None:
    with pytest.raises(ValueError, match="less than 1"):
        Mix(broken_share=0.6, nofill_share=0.5)
