"""The verdict of a demo whose exchange leases: every lease must have ended in one way."""

from __future__ import annotations

import pytest

from player.demo._verdict import Leases, Verdict


def verdict(leases: Leases | None) -> Verdict:
    return Verdict(plays=8, journal=8, stream=8, lost=0, duplicates=0, repeats=0, billable=6, leases=leases)


@pytest.mark.parametrize(
    ("leases", "agree"),
    [
        (None, True),
        (Leases(13, 6, 7), True),
        (Leases(13, 5, 8), False),  # a billable play was not proven
        (Leases(13, 6, 6), False),  # a lease was neither proven nor given back
        (Leases(14, 6, 7, deaths=1), True),
        (Leases(12, 6, 7, deaths=1), False),
        (Leases(14, 7, 7), False),  # a play was proven that may not be billed
    ],
)
def test_leases_are_part_of_it(leases: Leases | None, *, agree: bool) -> None:
    assert verdict(leases).agree is agree


def test_it_says_so() -> None:
    told = "proven to the ad server 6 of 6 · leases given back 7 of 7"
    assert told in verdict(Leases(13, 6, 7)).line()
    assert "ad server" not in verdict(None).line()
