"""GIFs: every frame is what the table says, and what the plainest compositor gives."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from config import Code, OohError, Size
from renderer.prepare._gif import open_gif
from renderer.prepare._limits import Limits
from tests.renderer.prepare.animation_rows import LIMITS, Row, check, table
from tests.renderer.prepare.gif_maker import PALETTE, RED, Patch, make_gif
from tests.renderer.prepare.gif_rows import DOT, FULL, ROWS, SOME, SPOT, WHOLE, gif


@table(ROWS)
def test_a_viewer_sees(row: Row) -> None:
    check(row, open_gif(row.data, LIMITS))


def test_a_first_picture_larger_than_the_header_says_makes_the_canvas() -> None:
    assert open_gif(make_gif(Size(1, 1), [Patch(2, 3, 20, 20, RED)]), LIMITS).size == Size(22, 23)


@pytest.mark.parametrize("data", [gif(FULL)[:-4], gif(replace(FULL, indices=(2,) * 20), SPOT)], ids=["cut", "short"])
def test_without_one_whole_picture_it_is_refused(data: bytes) -> None:
    with pytest.raises(OohError) as caught:
        next(open_gif(data, LIMITS).pictures())
    assert caught.value.code is Code.CREATIVE_TRUNCATED


def test_every_cut_shows_the_whole_pictures_or_is_refused() -> None:
    ends = [len(gif(*[FULL, SPOT, DOT][:n], trailer=b"")) for n in (1, 2, 3)]
    for cut in range(6, len(WHOLE)):
        whole = sum(end <= cut for end in ends)
        if whole:
            opened = open_gif(WHOLE[:cut], LIMITS)
            assert len(list(opened.pictures())) == whole
            assert opened.warnings
        else:
            with pytest.raises(OohError) as caught:
                open_gif(WHOLE[:cut], LIMITS)
            assert caught.value.code in (Code.CREATIVE_TRUNCATED, Code.CREATIVE_CORRUPT)


Cell = tuple[int, int, int, int]
patches = st.builds(
    Patch,
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 3),
    second=st.none() | st.integers(0, 3),
    disposal=st.integers(0, 7),
    transparent=st.none() | st.integers(0, 4),
    interlaced=st.booleans(),
    local=st.just(()) | st.just(SOME),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(patches, min_size=1, max_size=6))
def test_any_frames_are_what_the_plainest_compositor_gives(drawn: list[Patch]) -> None:
    """A dictionary of pixels, one at a time; nothing of it is shared with what is tested."""
    first = drawn[0]
    size = (max(8, first.x + first.w), max(8, first.y + first.h))
    canvas: dict[tuple[int, int], Cell] = {}
    expected = []
    for p in drawn:
        before = dict(canvas)
        palette = p.local or PALETTE
        for i in range(p.w):
            for j in range(p.h):
                index = p.colour if i % 2 == 0 or p.second is None else p.second
                if index != p.transparent and p.x + i < size[0] and p.y + j < size[1]:
                    colour = palette[index] if index < len(palette) else (0, 0, 0)
                    canvas[p.x + i, p.y + j] = (*colour, 255)
        expected.append(dict(canvas))
        if p.disposal == 2:
            canvas = {at: c for at, c in canvas.items() if not (p.x <= at[0] < p.x + p.w and p.y <= at[1] < p.y + p.h)}
        elif p.disposal in (3, 4):
            canvas = before
    opened = open_gif(gif(*drawn), LIMITS)
    got = [picture.copy() for picture, _ in opened.pictures()]
    assert len(got) == len(expected)
    for image, cells in zip(got, expected, strict=True):
        assert image.size == size
        for x in range(size[0]):
            for y in range(size[1]):
                assert image.getpixel((x, y)) == cells.get((x, y), (0, 0, 0, 0))


@pytest.mark.parametrize("disposal", [0, 1, 2])
@pytest.mark.parametrize("optimize", [False, True])
def test_what_pillow_writes_is_what_was_drawn(disposal: int, *, optimize: bool) -> None:
    drawn = []
    for i in range(5):
        image = Image.new("RGB", (64, 48), "black")
        ImageDraw.Draw(image).rectangle((i * 10, 10, i * 10 + 15, 30), fill=("red", "lime", "blue")[i % 3])
        drawn.append(image)
    out = io.BytesIO()
    drawn[0].save(
        out, "GIF", save_all=True, append_images=drawn[1:], duration=100, disposal=disposal, optimize=optimize
    )
    frames = [picture.convert("RGB") for picture, _ in open_gif(out.getvalue(), LIMITS).pictures()]
    assert [f.tobytes() for f in frames] == [d.tobytes() for d in drawn]


def test_walking_ends_where_a_limit_is_passed() -> None:
    data = gif(*[FULL] * 50) + b"not read"
    with pytest.raises(OohError, match="4 frames or more are over 3") as caught:
        open_gif(data[: len(data) // 2], Limits(max_pixels=100_000, max_frames=3))
    assert caught.value.code is Code.CREATIVE_TOO_LARGE
    with pytest.raises(OohError, match="8x8 is 64 pixels, over 63"):
        open_gif(data, Limits(max_pixels=63, max_frames=3))


@settings(max_examples=200, deadline=None)
@given(junk=st.binary(max_size=60))
@example(junk=b"\x00\x00\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x00\x07\x00\xda")  # a picture of 1792x55808
def test_any_bytes_are_read_or_refused(junk: bytes) -> None:
    refused: Code | None = None
    try:
        assert open_gif(b"GIF89a" + junk, LIMITS).frames
    except OohError as error:
        refused = error.code
    assert refused in (None, Code.CREATIVE_TRUNCATED, Code.CREATIVE_CORRUPT, Code.CREATIVE_TOO_LARGE)
