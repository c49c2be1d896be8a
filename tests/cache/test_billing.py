"""What is billed, and what is not: the table of cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import TOLERANCE_MS, billable, required_ms
from cache._time import to_ms
from tests.cache.shapes import make_lease
from tests.fakes import FakeClock

CLOCK = FakeClock()
LEASE = make_lease(CLOCK)
GOOD: dict[str, Any] = {
    "lease": LEASE,
    "started_at_ms": to_ms(CLOCK.now()),
    "shown_ms": 10_000,
    "frames_presented": 1,
    "end_reason": "complete",
    "display": "on",
}


def at(seconds: float) -> int:
    return to_ms(CLOCK.now() + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("changes", "bills"),
    [
        ({}, True),
        ({"display": "unknown"}, True),
        ({"shown_ms": 9_500}, True),
        ({"end_reason": "cut", "shown_ms": 9_500}, True),
        ({"end_reason": "crash", "shown_ms": 10_000}, True),
        ({"frames_presented": None}, True),
        ({"started_at_ms": at(299.999)}, True),
        ({"lease": make_lease(CLOCK, billable_fraction=0.5), "shown_ms": 5_000}, True),
        ({"shown_ms": 9_499}, False),
        ({"shown_ms": None}, False),
        ({"shown_ms": 0}, False),
        ({"frames_presented": 0}, False),
        ({"end_reason": "error"}, False),
        ({"end_reason": "screen_off"}, False),
        ({"display": "off"}, False),
        ({"lease": None}, False),
        ({"honoured": False}, False),
        ({"started_at_ms": at(-0.001)}, False),
        ({"started_at_ms": at(300)}, False),
        ({"lease": make_lease(CLOCK, billable_fraction=0.5), "shown_ms": 4_999}, False),
        ({"lease": make_lease(CLOCK, billable_fraction=1.0), "shown_ms": 9_999}, False),
        ({"lease": make_lease(CLOCK, billable_fraction=0.0), "shown_ms": 0}, False),
    ],
)
def test_billable(changes: dict[str, Any], *, bills: bool) -> None:
    assert billable(**{**GOOD, **changes}) is bills


@given(st.integers(1, 600_000), st.none() | st.floats(0, 1))
def test_required_ms_lies_between_a_frame_and_the_whole_ad(duration_ms: int, fraction: float | None) -> None:
    required = required_ms(make_lease(CLOCK, duration_ms=duration_ms, billable_fraction=fraction))
    assert 1 <= required <= max(1, duration_ms)
    if fraction is None:
        assert required >= duration_ms - TOLERANCE_MS


@pytest.mark.parametrize(("fraction", "required"), [(0.7, 7_000), (0.1 + 0.2, 3_000), (1 / 3, 3_334), (1.0, 10_000)])
def test_a_fraction_is_not_rounded_up_by_binary_noise(fraction: float, required: int) -> None:
    assert required_ms(make_lease(CLOCK, billable_fraction=fraction)) == required
