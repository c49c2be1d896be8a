"""Frames: bytes in, bytes out, and pasting."""

from __future__ import annotations

import pytest

from config import Rect, Size
from renderer.window import Frame

RED, GREEN, BLUE = b"\x00\x00\xff\xff", b"\x00\xff\x00\xff", b"\xff\x00\x00\xff"


def colours(pixels: bytes) -> list[bytes]:
    """The pixels without their padding byte."""
    return [pixels[i : i + 3] for i in range(0, len(pixels), 4)]


def test_bgrx_bytes_come_back_as_they_went_in() -> None:
    frame = Frame.from_bgrx(Size(2, 2), RED + GREEN + BLUE + RED)
    assert colours(frame.read(Rect(0, 0, 2, 2))) == [p[:3] for p in (RED, GREEN, BLUE, RED)]


def test_the_padding_byte_is_never_transparency() -> None:
    frame = Frame.filled(Size(1, 1), "#ffffff")
    frame.paste(Rect(0, 0, 1, 1), b"\x10\x20\x30\x00")
    assert frame.read(Rect(0, 0, 1, 1))[:3] == b"\x10\x20\x30"


def test_a_read_only_view_of_a_larger_buffer_can_be_pasted() -> None:
    frame = Frame.from_bgrx(Size(1, 1), memoryview(RED + GREEN)[4:])
    assert frame.read(Rect(0, 0, 1, 1))[:3] == GREEN[:3]


def test_pasting_past_the_edge_is_cut_off() -> None:
    frame = Frame.filled(Size(3, 3), "#000000")
    frame.paste(Rect(2, 2, 2, 2), RED * 4)
    assert colours(frame.read(Rect(1, 2, 2, 1))) == [b"\0\0\0", RED[:3]]


@pytest.mark.parametrize("count", [0, 3, 5])
def test_bytes_that_do_not_fit_the_rectangle_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="length"):
        Frame.from_bgrx(Size(2, 2), RED * count)


def test_reading_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        Frame(Size(2, 2)).read(Rect(1, 1, 2, 2))


def test_a_copy_is_independent() -> None:
    frame = Frame.filled(Size(1, 1), "#ff0000")
    twin = frame.copy()
    frame.paste(Rect(0, 0, 1, 1), BLUE)
    assert twin.read(Rect(0, 0, 1, 1))[:3] == RED[:3]


def test_a_frame_of_any_size_begins_black() -> None:
    for size in (Size(1, 1), Size(300, 250), Size(1920, 1080)):
        whole = Frame(size).read(Rect(0, 0, size.w, size.h))
        assert whole.count(0) == len(whole) == size.pixels * 4
