"""Animated WebPs: every frame is what the table says, and what the plainest compositor gives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Code, OohError
from renderer.prepare._limits import Limits
from renderer.prepare._webp_animation import open_webp
from tests.renderer.prepare.animation_rows import LIMITS, Row, check, table
from tests.renderer.prepare.test_apng import Cell, alike, over
from tests.renderer.prepare.webp_maker import CLEAR, HALF_WHITE, Part, chunk, extended, make_webp, riff
from tests.renderer.prepare.webp_rows import FULL, HEAD, ROWS, SPOILED, SPOT, WHOLE, webp


@table(ROWS)
def test_a_viewer_sees(row: Row) -> None:
    check(row, open_webp(row.data, LIMITS))


def test_half_over_full_is_blended() -> None:
    _, second = [
        picture.copy() for picture, _ in open_webp(webp(FULL, replace(SPOT, colour=HALF_WHITE)), LIMITS).pictures()
    ]
    r, g, b = second.convert("RGB").getpixel((2, 2))  # type: ignore[misc]
    assert max(abs(r - 255), abs(g - 128), abs(b - 128)) <= 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (riff(HEAD), Code.CREATIVE_CORRUPT),
        (WHOLE[: len(HEAD) + 20], Code.CREATIVE_TRUNCATED),
        (riff(HEAD + SPOILED), Code.CREATIVE_CORRUPT),
        (riff(extended((8, 8)) + chunk(b"ANIM", bytes(2))), Code.CREATIVE_CORRUPT),
    ],
    ids=["no frame", "cut in the first", "a spoiled first", "a short ANIM"],
)
def test_without_one_whole_frame_it_is_refused(data: bytes, code: Code) -> None:
    with pytest.raises(OohError) as caught:
        next(open_webp(data, LIMITS).pictures())
    assert caught.value.code is code


def test_more_frames_than_allowed_are_refused() -> None:
    with pytest.raises(OohError, match="3 frames or more are over 2") as caught:
        open_webp(WHOLE, Limits(max_pixels=100, max_frames=2))
    assert caught.value.code is Code.CREATIVE_TOO_LARGE


parts = st.builds(
    lambda x, y, w, h, **rest: Part(2 * x, 2 * y, min(w, 8 - 2 * x), min(h, 8 - 2 * y), **rest),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(1, 8),
    st.integers(1, 8),
    colour=st.tuples(*[st.integers(0, 255)] * 3, st.sampled_from([0, 60, 128, 255, 255])),
    dispose=st.booleans(),
    blend=st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(parts, min_size=1, max_size=6))
def test_any_frames_are_what_the_plainest_compositor_gives(drawn: list[Part]) -> None:
    canvas: dict[tuple[int, int], Cell] = {}
    expected = []
    for p in drawn:
        cells = [(x, y) for x in range(p.x, p.x + p.w) for y in range(p.y, p.y + p.h)]
        for at in cells:
            canvas[at] = over(p.colour, canvas.get(at, CLEAR)) if p.blend else p.colour
        expected.append(dict(canvas))
        if p.dispose:
            canvas = {at: c for at, c in canvas.items() if at not in set(cells)}
    for (image, _), want in zip(open_webp(make_webp(drawn), LIMITS).pictures(), expected, strict=True):
        seen = image.convert("RGBA")
        for x in range(8):
            for y in range(8):
                assert alike(seen.getpixel((x, y)), want.get((x, y), CLEAR))  # type: ignore[arg-type]
