"""The order of mixed text: each row names its rule of Unicode Standard Annex 9."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.panels._bidi import Direction, base_direction, levels, visual_runs

A, B = "\u05d0", "\u05d1"  # Hebrew letters (R)
ALIF, BEH = "\u0627", "\u0628"  # Arabic letters (AL)


@pytest.mark.parametrize(
    ("rule", "text", "base", "expected"),
    [
        ("L alone", "abc", "ltr", "000"),
        ("R alone", A + B, "rtl", "11"),
        ("I1: numbers among R", f"{A}12", "ltr", "122"),
        ("I2: L in an RTL line", f"{A}ab", "rtl", "122"),
        ("W1: a mark takes the side of its base", f"{A}\u05b0b", "rtl", "112"),
        ("W2: EN after AL is AN", f"{ALIF}1", "ltr", "12"),
        ("W4: one separator between digits", f"{A}1.2", "rtl", "1222"),
        ("W4: no separator between digits of two kinds", f"{A}1/\u0662", "rtl", "1212"),
        ("W5: a percent sign belongs to its number", f"{A}20%", "rtl", "1222"),
        ("W6: a lone terminator is neutral", f"{A}%", "rtl", "11"),
        ("W7: digits after Latin are Latin", "a1", "ltr", "00"),
        ("N0: brackets follow what is inside", f"a({A})b", "ltr", "00100"),
        ("N0: in the line's direction when it is inside", f"{A}(b{B})", "rtl", "11211"),
        ("N1: neutrals between the same sides", f"{A} {B}", "ltr", "111"),
        ("N2: else the line's own", f"a {A}", "ltr", "001"),
        ("L1: spaces at the end lie with the line", f"a{A} ", "ltr", "010"),
    ],
    ids=lambda value: value.split(":")[0] if isinstance(value, str) and value.isascii() else "",
)
def test_levels(rule: str, text: str, base: Direction, expected: str) -> None:
    assert "".join(map(str, levels(text, base))) == expected, rule


@pytest.mark.parametrize(
    ("found", "seen"),
    [
        ([0, 0, 0], [(0, 3, 0)]),
        ([0, 1, 0], [(0, 1, 0), (1, 2, 1), (2, 3, 0)]),
        ([1, 2, 2, 1], [(3, 4, 1), (1, 3, 2), (0, 1, 1)]),
        ([0, 1, 2, 1, 0], [(0, 1, 0), (3, 4, 1), (2, 3, 2), (1, 2, 1), (4, 5, 0)]),
        ([], []),
    ],
    ids=str,
)
def test_runs_are_reversed_level_by_level(found: list[int], seen: list[tuple[int, int, int]]) -> None:
    """Rule L2."""
    assert visual_runs(found) == seen


@pytest.mark.parametrize(
    ("text", "direction"), [("FC", "ltr"), (f"1. {A}", "rtl"), (f"a{A}", "ltr"), ("12:47", "ltr"), ("", "ltr")]
)
def test_the_line_goes_as_its_first_strong_character(text: str, direction: Direction) -> None:
    """Rules P2 and P3."""
    assert base_direction(text) == direction


@given(st.text(max_size=40), st.sampled_from(("ltr", "rtl")))
def test_every_character_is_seen_once(text: str, base: Direction) -> None:
    found = levels(text, base)
    assert len(found) == len(text)
    places = [place for start, end, _ in visual_runs(found) for place in range(start, end)]
    assert sorted(places) == list(range(len(text)))
