"""JPEG (ITU-T T.81): the processes that are shown, those that are not, four colours, and cuts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from config import Code, OohError, Size
from tests.renderer.prepare.conftest import Make

Encode = Callable[..., bytes]
PICTURE = Image.effect_mandelbrot((160, 120), (-2, -1, 1, 1), 40).convert("RGB")


def with_frame(data: bytes, *, marker: int = 0xC0, precision: int = 8) -> bytes:
    """The same file under another frame marker (table B.1) or sample precision (B.2.2)."""
    at = data.index(b"\xff\xc0")
    return data[: at + 1] + bytes((marker,)) + data[at + 2 : at + 4] + bytes((precision,)) + data[at + 5 :]


@pytest.mark.parametrize(
    ("marker", "precision"), [(0xC1, 12), (0xC0, 16), (0xC3, 8), (0xC5, 8), (0xC7, 8), (0xCB, 8), (0xCF, 8)]
)
def test_what_no_browser_shows_is_unsupported(make: Make, encoded: Encode, marker: int, precision: int) -> None:
    with pytest.raises(OohError) as caught:
        make(with_frame(encoded(PICTURE, "JPEG"), marker=marker, precision=precision))
    assert caught.value.code is Code.CREATIVE_UNSUPPORTED


def test_extended_sequential_of_eight_bits_is_baseline(make: Make, encoded: Encode) -> None:
    data = encoded(PICTURE, "JPEG")
    assert make(with_frame(data, marker=0xC1)).base().tobytes() == make(data).base().tobytes()


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("progressive", [False, True])
def test_subsampling_and_progression(make: Make, encoded: Encode, subsampling: str, progressive: bool) -> None:
    data = encoded(Image.new("RGB", (64, 64), (200, 80, 40)), "JPEG", subsampling=subsampling, progressive=progressive)
    got = make(data, Size(64, 64)).base().getpixel((40, 40))
    assert isinstance(got, tuple)
    assert max(abs(g - w) for g, w in zip(got, (200, 80, 40), strict=True)) <= 4


CMYK: dict[tuple[int, ...], tuple[int, int, int]] = {
    (0, 255, 255, 0): (255, 0, 0),
    (255, 0, 255, 0): (0, 255, 0),
    (0, 0, 0, 255): (0, 0, 0),
    (0, 0, 0, 0): (255, 255, 255),
    (0, 0, 0, 128): (127, 127, 127),
    (128, 0, 0, 128): (63, 127, 127),
}


@pytest.mark.parametrize("ink", CMYK)
@pytest.mark.parametrize("marked", [True, False])
def test_cmyk_is_stored_inverted(make: Make, encoded: Encode, ink: tuple[int, ...], marked: bool) -> None:
    """Adobe TN 5116, as all decoders of browsers take it, with the Adobe marker or without."""
    data = encoded(Image.new("CMYK", (32, 32), ink), "JPEG", quality=100, subsampling=0)
    if not marked:
        at = data.index(b"\xff\xee")
        data = data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4]) :]
    got = make(data, Size(32, 32)).base().getpixel((9, 9))
    assert isinstance(got, tuple)
    assert max(abs(g - w) for g, w in zip(got, CMYK[ink], strict=True)) <= 3, got


@pytest.mark.parametrize("shown", [(255, 0, 0), (0, 160, 60), (255, 255, 255), (0, 0, 0), (120, 130, 200)])
def test_ycck(make: Make, encoded: Encode, shown: tuple[int, int, int]) -> None:
    """Adobe marker, transform 2: the inks as YCbCr, K inverted beside them (TN 5116, 18)."""
    ink = tuple(255 - part for part in shown)
    y, cb, cr = Image.new("RGB", (1, 1), ink).convert("YCbCr").getpixel((0, 0))  # type: ignore[misc]
    stored = Image.new("CMYK", (32, 32), (255 - y, 255 - cb, 255 - cr, 0))  # Pillow inverts what it stores
    data = encoded(stored, "JPEG", quality=100, subsampling=0)
    at = data.index(b"Adobe") + 11
    data = data[:at] + b"\x02" + data[at + 1 :]
    got = make(data, Size(32, 32)).base().getpixel((9, 9))
    assert isinstance(got, tuple)
    assert max(abs(g - w) for g, w in zip(got, shown, strict=True)) <= 4, got


def test_frame_headers_that_cannot_be(make: Make, encoded: Encode) -> None:
    data = encoded(PICTURE, "JPEG")
    at = data.index(b"\xff\xc0")
    for place, value in ((at + 9, 2), (at + 5, 0), (at + 6, 0)):
        broken = data[:place] + bytes((value,)) + data[place + 1 :]
        if place in (at + 5, at + 6):
            broken = data[: at + 5] + b"\0\0" + data[at + 7 :]
        with pytest.raises(OohError) as caught:
            make(broken)
        assert caught.value.code is Code.CREATIVE_CORRUPT


def test_a_preview_with_an_end_marker_hides_no_cut(make: Make, encoded: Encode) -> None:
    """A camera's preview is a whole JPEG in an APP segment: its end marker is not the picture's."""
    small = encoded(PICTURE.resize((40, 30)), "JPEG")
    preview = b"\xff\xe2" + (len(small) + 2).to_bytes(2) + small
    data = encoded(PICTURE, "JPEG")
    whole = data[:2] + preview + data[2:]
    assert make(whole).fields.source_size == Size(160, 120)
    with pytest.raises(OohError) as caught:
        make(whole[:-900])
    assert caught.value.code is Code.CREATIVE_TRUNCATED


@pytest.mark.parametrize(
    "options", [{}, {"subsampling": 0}, {"progressive": True}, {"restart_marker_rows": 1}], ids=str
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_cut_that_was_closed_again_is_still_a_cut(
    make: Make, encoded: Encode, mode: str, options: dict[str, object]
) -> None:
    """T.81 B.1.1.5: a scan has all its blocks. An end marker after half of them does not make it whole."""
    whole = encoded(PICTURE.convert(mode), "JPEG", **options)
    first_scan = whole.index(b"\xff\xda")
    next_scan = whole.find(b"\xff\xda", first_scan + 2)
    last = next_scan if next_scan > 0 else len(whole)
    with pytest.raises(OohError) as caught:
        make(whole[: (first_scan + last) // 2] + b"\xff\xd9")
    assert caught.value.code is Code.CREATIVE_TRUNCATED


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_middle_grey_in_the_last_corner_is_a_colour(make: Make, encoded: Encode, mode: str, progressive: bool) -> None:
    picture = PICTURE.copy()
    picture.paste((128, 128, 128), (80, 60, 160, 120))
    assert make(encoded(picture.convert(mode), "JPEG", progressive=progressive)).fields.kind == "still"
