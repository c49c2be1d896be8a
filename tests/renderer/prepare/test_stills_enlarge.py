"""Enlarging: closer to the original than any one filter, without halos; JPEG's blocks go first."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from config import Size
from renderer.prepare._deblock import deblocked
from renderer.prepare._enlarge import enlarged
from tests.renderer.prepare.conftest import Make

Encode = Callable[..., bytes]
FILTERS = (Image.Resampling.LANCZOS, Image.Resampling.BICUBIC, Image.Resampling.BILINEAR, Image.Resampling.HAMMING)


def advert(scale: int) -> Image.Image:
    """Text, a disc and a fine line: what banners are made of."""
    image = Image.new("RGB", (96 * scale, 64 * scale), "white")
    draw = ImageDraw.Draw(image)
    draw.text((4 * scale, 2 * scale), "Fly 49", fill=(17, 17, 17), font=ImageFont.load_default(24 * scale))
    draw.ellipse((60 * scale, 34 * scale, 88 * scale, 60 * scale), fill=(228, 0, 43))
    draw.line((4 * scale, 60 * scale, 50 * scale, 40 * scale), fill=(0, 70, 160), width=2 * scale)
    return image


def psnr(one: Image.Image, other: Image.Image) -> float:
    squares = ImageStat.Stat(ImageChops.difference(one, other)).sum2
    return 10 * math.log10(255**2 / (sum(squares) / (3 * one.width * one.height)))


@pytest.mark.parametrize("scale", [2, 4, 5])
def test_closer_to_the_original_than_any_one_filter(scale: int) -> None:
    truth = advert(scale)
    small = truth.resize((96, 64), Image.Resampling.BOX)
    ours = psnr(enlarged(small, Size(*truth.size)), truth)
    best = max(psnr(small.resize(truth.size, filter_), truth) for filter_ in FILTERS)
    assert ours > best + 0.7, (ours, best)


def test_no_halo_around_text() -> None:
    """Nothing is brighter than white paper or darker than the ink, whatever stands beside it."""
    image = Image.new("L", (60, 40), 200)
    ImageDraw.Draw(image).rectangle((20, 10, 39, 29), fill=40)
    assert image.resize((260, 173), Image.Resampling.LANCZOS).getextrema() != (40, 200)
    assert enlarged(image, Size(260, 173)).getextrema() == (40, 200)


@pytest.mark.parametrize("size", [(17, 16), (300, 250), (900, 700)])
@pytest.mark.parametrize("target", [Size(1, 2000), Size(901, 701), Size(1200, 30)])
def test_any_size_comes_out_as_asked(size: tuple[int, int], target: Size) -> None:
    assert enlarged(Image.new("RGB", size, (9, 8, 7)), target).getextrema() == ((9, 9), (8, 8), (7, 7))
    assert enlarged(Image.new("RGB", size), target).size == (target.w, target.h)


@pytest.mark.parametrize("quality", [50, 80])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_without_its_blocks_is_closer_to_the_original(mode: str, quality: int) -> None:
    truth = ImageChops.darker(advert(2), Image.new("RGB", (192, 128), (215, 210, 200))).convert(mode)
    out = io.BytesIO()
    truth.save(out, "JPEG", quality=quality)
    decoded = Image.open(out)
    decoded.load()
    cleaned = deblocked(decoded)
    assert psnr(cleaned.convert("RGB"), truth.convert("RGB")) > psnr(decoded.convert("RGB"), truth.convert("RGB")) + 0.2
    difference = ImageStat.Stat(cleaned.convert("L")).mean[0] - ImageStat.Stat(decoded.convert("L")).mean[0]
    assert abs(difference) < 0.3, "neither darker nor brighter"


def test_jpegs_at_their_own_size_are_left_alone(make: Make, encoded: Encode) -> None:
    data = encoded(advert(2), "JPEG")
    made = make(data, Size(192, 128))
    assert made.base().tobytes() == Image.open(io.BytesIO(data)).convert("RGB").tobytes()


def test_transparency_is_laid_on_its_ground_before_enlarging(make: Make, encoded: Encode) -> None:
    image = Image.new("RGBA", (64, 48), (0, 255, 0, 0))
    ImageDraw.Draw(image).rectangle((16, 12, 47, 35), fill=(20, 30, 60, 255))
    creative = make(encoded(image, "PNG")).creative()
    assert creative.getpixel((4, 4)) == (255, 255, 255)
    green = creative.getchannel("G").getextrema()
    assert green == (30, 255), "the green that nobody sees comes through nowhere"
