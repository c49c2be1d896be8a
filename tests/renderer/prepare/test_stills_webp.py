"""WebP stills (RFC 9649): lossy, lossless, alpha; large ones by FFmpeg look like small ones by Pillow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from config import Code, OohError, Size
from renderer.prepare import _still
from tests.renderer.prepare.conftest import Make

Encode = Callable[..., bytes]
PICTURE = Image.merge("RGB", [Image.effect_mandelbrot((400, 300), (-2 + i / 3, -1, 1, 1), 40) for i in range(3)])


def with_alpha() -> Image.Image:
    image = PICTURE.copy()
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("options", [{"quality": 90}, {"lossless": True}])
@pytest.mark.parametrize("screen", [Size(400, 300), Size(120, 90)])
def test_large_ones_look_the_same(
    make: Make, encoded: Encode, monkeypatch: pytest.MonkeyPatch, alpha: bool, options: dict[str, Any], screen: Size
) -> None:
    data = encoded(with_alpha() if alpha else PICTURE, "WEBP", **options)
    small = make(data, screen).base()
    monkeypatch.setattr(_still, "_LARGE_WEBP_PIXELS", 1)
    large = make(data, screen).base()
    difference = ImageStat.Stat(ImageChops.difference(small, large).convert("L"))
    assert difference.mean[0] < 2.5, "chroma is spread in another way"


def test_large_ones_have_profile_and_orientation(make: Make, encoded: Encode, monkeypatch: pytest.MonkeyPatch) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(PICTURE, "WEBP", exif=exif, icc_profile=b"no profile")
    monkeypatch.setattr(_still, "_LARGE_WEBP_PIXELS", 1)
    made = make(data)
    assert made.fields.source_size == Size(300, 400)
    assert "profile" in " ".join(made.fields.warnings)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_large_ones_that_are_cut_or_wrong(
    make: Make, encoded: Encode, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    data = encoded(PICTURE, "WEBP", lossless=True)
    monkeypatch.setattr(_still, "_LARGE_WEBP_PIXELS", 1)
    with pytest.raises(OohError) as caught:
        make(data[: int(len(data) * share)])
    assert caught.value.code is Code.CREATIVE_TRUNCATED
    with pytest.raises(OohError) as caught:
        make(data[:60] + bytes(len(data) - 60))
    assert caught.value.code is Code.CREATIVE_CORRUPT
