"""Waits: doubling, caps, jitter, and what the server asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.backoff import FAILURE, LONGEST_RETRY_AFTER_S, NO_FILL, Backoff, retry_after_s

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_no_fill_doubles_from_two_seconds_to_two_minutes() -> None:
    waits = [NO_FILL.wait_s(misses, draw=0.0) for misses in range(1, 9)]

    assert waits == [2, 4, 8, 16, 32, 64, 120, 120]


def test_no_failure_is_no_wait() -> None:
    assert NO_FILL.wait_s(0, draw=0.5) == 0.0


def test_full_jitter_spreads_over_the_whole_wait() -> None:
    assert FAILURE.wait_s(3, draw=0.0) == 8.0
    assert FAILURE.wait_s(3, draw=0.5) == 4.0
    assert FAILURE.wait_s(3, draw=0.999) < 0.01


def test_the_server_is_obeyed_and_the_fleet_spread_after_it() -> None:
    assert FAILURE.wait_s(1, draw=0.0, retry_after_s=30.0) == 32.0
    assert FAILURE.wait_s(1, draw=0.5, retry_after_s=30.0) == 31.0


@given(
    misses=st.integers(-5, 10**9),
    draw=st.floats(0, 1, exclude_max=True),
    asked=st.none() | st.floats(-1e9, 1e9),
)
def test_every_wait_is_within_its_bounds(misses: int, draw: float, asked: float | None) -> None:
    backoff = Backoff(first_s=1.0, cap_s=60.0)

    wait_s = backoff.wait_s(misses, draw, asked)

    assert 0.0 <= wait_s <= 60.0 + LONGEST_RETRY_AFTER_S
    if asked is not None:
        assert wait_s >= min(asked, LONGEST_RETRY_AFTER_S)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("999999999999999999", LONGEST_RETRY_AFTER_S),
        ("", None),
        (None, None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_header_breaks_it(header: str) -> None:
    seconds = retry_after_s(header, NOW)

    assert seconds is None or 0.0 <= seconds <= LONGEST_RETRY_AFTER_S
