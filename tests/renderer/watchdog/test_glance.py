"""The verdict on a glance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.watchdog import Glance, Verdict, judge

RED, BLUE, DARK = b"\xc8\x1e\x1e", b"\x1e\x1e\xc8", b"\x00\x00\x00"
MIXED = (RED + BLUE) * 48


@pytest.mark.parametrize(
    ("seen", "meant", "verdict"),
    [
        (MIXED, MIXED, "good"),
        (RED * 96, RED * 96, "good"),
        (b"\xc3\x1a\x22" * 96, RED * 96, "good"),  # dimming and 16 bits a pixel are rounded
        (DARK * 96, MIXED, "empty"),
        (BLUE * 96, RED * 96, "empty"),
        (BLUE * 96, MIXED, "empty"),
        (DARK * 96, DARK * 96, "good"),
        (DARK * 96, RED * 3 + DARK * 93, "empty"),  # a dark picture with little on it
        (DARK * 96, RED * 2 + DARK * 94, "good"),
        (BLUE * 9 + MIXED[27:], RED * 9 + MIXED[27:], "good"),  # a notice in a corner
        (BLUE * 10 + MIXED[30:], RED * 10 + MIXED[30:], "wrong"),
        (MIXED[3:] + RED, MIXED, "wrong"),
        (b"", b"", "good"),
        (b"\x01", MIXED, "good"),
    ],
)
def test_verdicts(seen: bytes, meant: bytes, verdict: Verdict) -> None:
    assert judge(Glance("surface", seen, meant)) == verdict


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_it_is_total_and_what_is_the_same_is_good(seen: bytes, meant: bytes) -> None:
    assert judge(Glance("server", seen, meant)) in ("good", "wrong", "empty")
    assert judge(Glance("server", seen, seen)) == "good"
