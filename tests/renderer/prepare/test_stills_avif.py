"""AVIF (AV1 Image File Format 1.1, MIAF ISO/IEC 23000-22): depths, alpha, turns, cuts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from config import Code, OohError, Size
from tests.renderer.prepare.conftest import Made, Make
from tests.renderer.prepare.test_stills import BLUE, GREEN, ORIENTATIONS, RED, WHITE, close, quarters

Encode = Callable[..., bytes]
EXIF_ON_ITS_SIDE = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"


def shown(made: Made) -> list[tuple[int, ...]]:
    return quarters(made.creative())


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_colours(make: Make, encoded: Encode, corners: Image.Image, subsampling: str) -> None:
    made = make(encoded(corners, "AVIF", quality=95, speed=10, subsampling=subsampling))
    assert made.fields.source_size == Size(64, 48)
    assert close(shown(made), [RED, GREEN, BLUE, WHITE], 8)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_turning_boxes(make: Make, encoded: Encode, corners: Image.Image, orientation: int) -> None:
    """irot and imir (HEIF 6.5.10, 6.5.12): the encoder writes them for an EXIF orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    made = make(encoded(corners, "AVIF", exif=exif, quality=95, speed=10, subsampling="4:4:4"), max_upscale=1.0)
    assert made.fields.source_size == (Size(64, 48) if orientation < 5 else Size(48, 64))
    assert close(shown(made), list(ORIENTATIONS[orientation]), 8)


def test_exif_turns_nothing_in_an_avif(make: Make, encoded: Encode, corners: Image.Image) -> None:
    """HEIF A.2.4 and MIAF 7.3.6: the boxes alone turn the picture; EXIF's orientation is for information."""
    exif = Image.Exif()
    exif[0x010E] = "x" * 40
    data = encoded(corners, "AVIF", exif=exif, quality=95, speed=10, subsampling="4:4:4")
    at = data.index(b"x" * 40)
    block = data.rindex(b"MM\0*", 0, at) if b"MM\0*" in data[:at] else data.rindex(b"II*\0", 0, at)
    lying = data[:block] + EXIF_ON_ITS_SIDE + data[block + len(EXIF_ON_ITS_SIDE) :]
    assert close(shown(make(lying)), [RED, GREEN, BLUE, WHITE], 8)


def test_alpha(make: Make, encoded: Encode) -> None:
    image = Image.new("RGBA", (64, 48), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((16, 12, 47, 35), fill=(20, 30, 60, 255))
    creative = make(encoded(image, "AVIF", quality=95, speed=10), max_upscale=1.0).creative()
    assert close([creative.getpixel((2, 2)), creative.getpixel((32, 24))], [WHITE, (20, 30, 60)], 6)  # type: ignore[list-item]


def test_greys(make: Make, encoded: Encode) -> None:
    got = make(encoded(Image.new("L", (64, 48), 100), "AVIF", speed=10)).creative().getpixel((9, 9))
    assert close([got], [(100, 100, 100)], 3)  # type: ignore[list-item]


def test_cut_files_are_told_to_be_cut(make: Make, encoded: Encode) -> None:
    data = encoded(Image.effect_mandelbrot((200, 150), (-2, -1, 1, 1), 40).convert("RGB"), "AVIF", speed=10)
    for share in (0.02, 0.1, 0.5, 0.8, 0.99):
        with pytest.raises(OohError) as caught:
            make(data[: int(len(data) * share)])
        assert caught.value.code is Code.CREATIVE_TRUNCATED, share


def test_more_pixels_than_allowed_are_not_unpacked(make: Make, encoded: Encode) -> None:
    data = encoded(Image.new("RGB", (200, 101)), "AVIF", speed=10)
    with pytest.raises(OohError) as caught:
        make(data, max_pixels=20_199)
    assert caught.value.code is Code.CREATIVE_TOO_LARGE
