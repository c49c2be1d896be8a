"""GIFs: every frame is what the standard says a viewer sees."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from config import Code, OohError, Size
from renderer.prepare import _gif
from renderer.prepare._gif import Gif, compose_frames
from renderer.prepare._limits import Limits
from tests.renderer.prepare.gif_maker import BLACK, BLUE, GREEN, PALETTE, RED, Patch, make_gif

CANVAS = Size(32, 32)
CLEAR = (0, 0, 0, 0)
Pixel = tuple[int, int, int, int]


def rgba(colour: int) -> Pixel:
    r, g, b = PALETTE[colour]
    return (r, g, b, 255)


def seen(data: bytes, *points: tuple[int, int]) -> list[list[object]]:
    """The pixels at ``points``, frame by frame."""
    return [[frame.getpixel(p) for p in points] for frame in compose_frames(read_gif(data))]


def read_gif(data: bytes) -> Gif:
    return _gif.read_gif(data, Limits(max_pixels=100_000_000, max_frames=1_000))


FULL = Patch(0, 0, 32, 32, RED)
IN, OUT = (10, 10), (30, 30)


@pytest.mark.parametrize(
    ("disposal", "after"),
    [
        (0, rgba(GREEN)),
        (1, rgba(GREEN)),
        (2, CLEAR),
        (3, rgba(RED)),
        (4, rgba(RED)),
        (5, rgba(GREEN)),
    ],
)
def test_disposal_of_the_second_frame_shows_in_the_third(disposal: int, after: Pixel) -> None:
    data = make_gif(
        CANVAS,
        [
            FULL,
            Patch(8, 8, 8, 8, GREEN, disposal=disposal),
            Patch(0, 0, 4, 4, BLUE, second=BLACK, transparent=BLACK),
        ],
    )
    assert seen(data, IN, OUT, (0, 0), (1, 0)) == [
        [rgba(RED)] * 4,
        [rgba(GREEN), rgba(RED), rgba(RED), rgba(RED)],
        [after, rgba(RED), rgba(BLUE), rgba(RED)],
    ]


def test_a_disposal_counts_for_its_own_frame_only() -> None:
    """Pillow carries a frame's disposal over to the next that has none; browsers do not."""
    data = make_gif(
        CANVAS,
        [
            Patch(0, 0, 32, 32, RED, transparent=BLACK),
            Patch(8, 8, 8, 8, GREEN, disposal=2),
            Patch(20, 20, 8, 8, BLUE, disposal=0),
            Patch(0, 0, 2, 2, BLACK, control=False),
        ],
    )
    assert seen(data, IN, (22, 22))[3] == [CLEAR, rgba(BLUE)]


def test_a_first_frame_smaller_than_the_canvas_leaves_the_rest_clear() -> None:
    data = make_gif(CANVAS, [Patch(8, 8, 8, 8, GREEN, transparent=BLACK), Patch(0, 0, 4, 4, RED)])
    assert seen(data, IN, OUT) == [[rgba(GREEN), CLEAR], [rgba(GREEN), CLEAR]]


def test_without_any_transparency_cleared_means_the_background_colour() -> None:
    data = make_gif(CANVAS, [Patch(8, 8, 8, 8, GREEN, disposal=2), Patch(0, 0, 4, 4, RED)], background=BLUE)
    assert seen(data, IN, OUT) == [[rgba(GREEN), rgba(BLUE)], [rgba(BLUE), rgba(BLUE)]]


def test_a_picture_over_the_edge_is_cut_there() -> None:
    data = make_gif(CANVAS, [FULL, Patch(28, 28, 8, 8, GREEN, disposal=2), Patch(40, 40, 8, 8, BLUE), FULL])
    assert [f.size for f in compose_frames(read_gif(data))] == [(32, 32)] * 4
    assert seen(data, OUT)[1] == [rgba(GREEN)]


def test_a_first_picture_larger_than_the_header_says_makes_the_canvas() -> None:
    assert read_gif(make_gif(Size(1, 1), [Patch(2, 3, 20, 20, RED)])).canvas == Size(22, 23)


def test_interlaced_rows_are_put_in_order() -> None:
    image = Image.linear_gradient("L").resize((32, 32)).convert("P")
    out = io.BytesIO()
    image.save(out, "GIF", interlace=1)
    (frame,) = [f.copy() for f in compose_frames(read_gif(out.getvalue()))]
    assert frame.convert("RGB").tobytes() == image.convert("RGB").tobytes()


def test_delays_are_as_given() -> None:
    data = make_gif(CANVAS, [Patch(0, 0, 32, 32, RED, delay_cs=d) for d in (0, 1, 2, 65535)])
    assert [f.delay_ms for f in read_gif(data).frames] == [0, 10, 20, 655_350]


def test_stray_zeros_comments_and_junk_after_the_end_do_no_harm() -> None:
    data = make_gif(CANVAS, [FULL, FULL], trailer=b"\0\0!\xfe\x03abc\0;junk")
    gif = read_gif(data)
    assert (len(gif.frames), gif.whole) == (2, True)


def test_a_missing_closing_byte_is_noted() -> None:
    assert read_gif(make_gif(CANVAS, [FULL], trailer=b"")).whole is False


def test_every_cut_within_a_block_is_told() -> None:
    data = make_gif(CANVAS, [FULL, FULL], trailer=b"")
    ends = {read_gif(make_gif(CANVAS, [FULL], trailer=b"")).frames[0].end, len(data)}
    for cut in range(6, len(data)):
        if cut in ends:
            continue
        with pytest.raises(OohError) as caught:
            read_gif(data[:cut])
        assert caught.value.code in (Code.CREATIVE_TRUNCATED, Code.CREATIVE_CORRUPT)
    with pytest.raises(OohError, match="within a block"):
        read_gif(data[: len(data) // 2])


@settings(max_examples=60, deadline=None)
@given(
    disposals=st.lists(st.sampled_from([0, 1, 2, 3]), min_size=2, max_size=6),
    spots=st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24), st.integers(1, 3)), min_size=6, max_size=6),
)
def test_any_mix_of_disposals_is_what_a_plain_canvas_gives(
    disposals: list[int], spots: list[tuple[int, int, int]]
) -> None:
    patches = [
        Patch(x, y, 8, 8, colour, disposal=d, transparent=BLACK)
        for d, (x, y, colour) in zip(disposals, spots, strict=False)
    ]
    canvas: dict[tuple[int, int], Pixel] = {}
    expected = []
    for p in patches:
        cells = [(p.x + i, p.y + j) for i in range(8) for j in range(8)]
        before = dict(canvas)
        canvas.update(dict.fromkeys(cells, rgba(p.colour)))
        expected.append(dict(canvas))
        if p.disposal == 2:
            canvas = {c: v for c, v in canvas.items() if c not in set(cells)}
        elif p.disposal == 3:
            canvas = before
    got = [frame.copy() for frame in compose_frames(read_gif(make_gif(CANVAS, patches)))]
    for frame, cells_now in zip(got, expected, strict=True):
        for x in range(32):
            for y in range(32):
                assert frame.getpixel((x, y)) == cells_now.get((x, y), CLEAR)


@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
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
    frames = [f.copy() for f in compose_frames(read_gif(out.getvalue()))]
    if disposal == 3:
        frames, drawn = frames[:1], drawn[:1]  # Pillow writes differences that "restore" then takes away
    assert [f.convert("RGB").tobytes() for f in frames] == [d.tobytes() for d in drawn]


def test_walking_ends_where_a_limit_is_passed() -> None:
    data = make_gif(CANVAS, [FULL] * 50) + b"not read"
    with pytest.raises(OohError, match="4 frames or more are over 3") as caught:
        _gif.read_gif(data[: len(data) // 2], Limits(max_pixels=100_000, max_frames=3))
    assert caught.value.code is Code.CREATIVE_TOO_LARGE
    with pytest.raises(OohError, match="32x32 is 1024 pixels, over 1023"):
        _gif.read_gif(data, Limits(max_pixels=1_023, max_frames=3))


@settings(max_examples=200, deadline=None)
@given(junk=st.binary(max_size=60))
@example(junk=b"\x00\x00\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x00\x07\x00\xda")  # a picture of 1792x55808
def test_any_bytes_are_read_or_refused(junk: bytes) -> None:
    refused: Code | None = None
    try:
        assert read_gif(b"GIF89a" + junk).frames
    except OohError as error:
        refused = error.code
    assert refused in (None, Code.CREATIVE_TRUNCATED, Code.CREATIVE_CORRUPT, Code.CREATIVE_TOO_LARGE)
