"""Animated PNGs: every frame is what the table says, and what the plainest compositor gives."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Code, OohError
from renderer.prepare._apng import open_apng
from renderer.prepare._limits import Limits
from renderer.prepare._timing import shown_delays
from tests.renderer.prepare.animation_rows import LIMITS, Row, check, table
from tests.renderer.prepare.apng_maker import CLEAR, HALF_WHITE, Part, chunk, make_apng
from tests.renderer.prepare.apng_rows import DOT, FULL, ROWS, SPOT, STILLS, apng
from tests.renderer.prepare.conftest import Make


@table(ROWS)
def test_a_viewer_sees(row: Row) -> None:
    check(row, open_apng(row.data, LIMITS))


@pytest.mark.parametrize("why", STILLS)
def test_what_is_no_animation_is_its_default_image(why: str) -> None:
    assert open_apng(STILLS[why], LIMITS) is None


def test_the_default_image_of_a_broken_animation_is_shown(make: Make) -> None:
    made = make(make_apng([Part(0, 0, 21, 20)], size=(20, 20), hidden=(255, 0, 0, 255)))
    assert made.fields.kind == "still"
    assert made.creative().getpixel((30, 30)) == (255, 0, 0)


def test_one_hidden_and_one_frame_is_a_still_of_that_frame(make: Make) -> None:
    made = make(make_apng([Part(0, 0, 20, 20, (0, 0, 255, 255))], size=(20, 20), hidden=(255, 0, 0, 255)))
    assert made.fields.kind == "still"
    assert made.creative().getpixel((30, 30)) == (0, 0, 255)


def test_half_over_full_is_blended() -> None:
    opened = open_apng(apng(FULL, replace(SPOT, colour=HALF_WHITE, blend=1)), LIMITS)
    assert opened is not None
    _, second = [picture.copy() for picture, _ in opened.pictures()]
    assert second.getpixel((2, 2)) == (255, 128, 128, 255)


def test_more_frames_than_allowed_are_refused_by_what_the_file_announces() -> None:
    with pytest.raises(OohError) as caught:
        open_apng(apng(FULL, SPOT, listed=4), Limits(max_pixels=100, max_frames=3))
    assert caught.value.code is Code.CREATIVE_TOO_LARGE


def test_an_orientation_turns_every_frame() -> None:
    exif = chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0")  # 3: upside down
    opened = open_apng(apng(FULL, DOT, shared=exif), LIMITS)
    assert opened is not None
    _, second = [picture.copy() for picture, _ in opened.pictures()]
    assert second.getpixel((7, 7)) == (0, 0, 255, 255)


parts = st.builds(
    lambda x, y, w, h, **rest: Part(x, y, min(w, 8 - x), min(h, 8 - y), **rest),
    st.integers(0, 7),
    st.integers(0, 7),
    st.integers(1, 8),
    st.integers(1, 8),
    colour=st.tuples(*[st.integers(0, 255)] * 3, st.sampled_from([0, 0, 60, 128, 255, 255])),
    dispose=st.integers(0, 2),
    blend=st.integers(0, 1),
)
Cell = tuple[float, float, float, float]


@settings(max_examples=150, deadline=None)
@given(st.lists(parts, min_size=1, max_size=6))
def test_any_frames_are_what_the_plainest_compositor_gives(drawn: list[Part]) -> None:
    """A dictionary of pixels and the formula of "over" in floating point; nothing is shared with what is tested."""
    canvas: dict[tuple[int, int], Cell] = {}
    expected = []
    for p in drawn:
        before = dict(canvas)
        cells = [(x, y) for x in range(p.x, p.x + p.w) for y in range(p.y, p.y + p.h)]
        for at in cells:
            r, g, b, a = p.colour
            canvas[at] = (r, g, b, a) if p.blend == 0 else over((r, g, b, a), canvas.get(at, (0, 0, 0, 0)))
        expected.append(dict(canvas))
        if p.dispose == 1:
            canvas = {at: c for at, c in canvas.items() if at not in set(cells)}
        elif p.dispose == 2:
            canvas = before
    opened = open_apng(make_apng(drawn, hidden=CLEAR, listed=len(drawn)), LIMITS)
    assert opened is not None
    for (image, _), want in zip(opened.pictures(), expected, strict=True):
        for x in range(8):
            for y in range(8):
                assert alike(image.getpixel((x, y)), want.get((x, y), (0, 0, 0, 0)))  # type: ignore[arg-type]


def over(top: Cell, under: Cell) -> Cell:
    a, b = top[3] / 255, under[3] / 255
    out = a + b * (1 - a)
    if out == 0:
        return (0, 0, 0, 0)
    r, g, b_ = ((t * a + u * b * (1 - a)) / out for t, u in zip(top[:3], under[:3], strict=True))
    return (r, g, b_, out * 255)


def alike(got: tuple[int, int, int, int], want: Cell) -> bool:
    """To two levels as they are seen; the colour of what is transparent does not count."""
    return abs(got[3] - want[3]) <= 2 and all(
        abs(g * got[3] - w * want[3]) <= 2.5 * 255 for g, w in zip(got[:3], want[:3], strict=True)
    )


@given(st.lists(st.fractions(min_value=0, max_value=5000, max_denominator=1000), min_size=1, max_size=200))
def test_a_run_is_as_long_as_was_given(given_ms: list[Fraction]) -> None:
    delays = shown_delays(given_ms, [])
    wanted = [g if int(g) > 10 else Fraction(100) for g in given_ms]
    assert abs(sum(delays) - sum(wanted, Fraction(0))) <= Fraction(1, 2)
    assert min(delays) >= 10
    assert all(abs(d - w) <= 1 for d, w in zip(delays, wanted, strict=True))


def test_thirty_frames_of_a_thirtieth_are_a_second() -> None:
    assert sum(shown_delays([Fraction(1000, 30)] * 30, [])) == 1000
