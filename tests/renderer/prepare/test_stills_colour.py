"""Colour: what a file says of its colours is taken to sRGB, as a browser takes it.

The wanted values of the PNG tables are Chromium's, read from a screenshot with ``--force-color-profile=srgb``.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageCms

from config import Size
from renderer.prepare._cicp import profile_for
from renderer.prepare._icc import BT_709, profile_of, srgb_to_linear
from tests.renderer.prepare.conftest import Make
from tests.renderer.prepare.png_maker import chunk, flat, png

Encode = Callable[..., bytes]
PIXEL = (200, 100, 50)
SRGB = chunk(b"sRGB", b"\0")
SRGB_POINTS = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
P3_POINTS = (0.3127, 0.3290, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)


def gama(value: int) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", value))


def chrm(*points: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(p * 100_000) for p in points)))


def cicp(primaries: int, transfer: int, matrix: int = 0, full: int = 1) -> bytes:
    return chunk(b"cICP", bytes((primaries, transfer, matrix, full)))


def iccp(profile: bytes) -> bytes:
    return chunk(b"iCCP", b"any name\0\0" + zlib.compress(profile))


LINEAR = profile_of(BT_709, lambda v: v, grey=False)
P3 = profile_for(12, 13)
assert P3 is not None
TABLE: dict[str, tuple[bytes, tuple[int, int, int]]] = {
    "nothing: sRGB": (b"", PIXEL),
    "11.3.2.5 sRGB": (SRGB, PIXEL),
    "11.3.2.2 gAMA 1.0": (gama(100_000), (229, 168, 122)),
    "11.3.2.2 gAMA 0.55": (gama(55_000), (210, 118, 64)),
    "11.3.2.2 gAMA 0.45455": (gama(45_455), PIXEL),
    "11.3.2.2 gAMA 0": (gama(0), PIXEL),
    "11.3.2.1 cHRM alone": (chrm(*P3_POINTS), PIXEL),
    "gAMA 1.0 and sRGB's cHRM": (gama(100_000) + chrm(*SRGB_POINTS), (229, 168, 122)),
    "gAMA 0.45455 and sRGB's cHRM": (gama(45_455) + chrm(*SRGB_POINTS), PIXEL),
    "gAMA 0.45455 and Display P3's cHRM": (gama(45_455) + chrm(*P3_POINTS), (216, 93, 24)),
    "gAMA and a cHRM of one line": (gama(45_455) + chrm(*([0.3, 0.3] * 4)), PIXEL),
    "sRGB before gAMA": (SRGB + gama(100_000), PIXEL),
    "iCCP before sRGB": (iccp(LINEAR) + SRGB, (229, 168, 122)),
    "11.3.2.3 iCCP of Display P3": (iccp(P3), (215, 93, 31)),
    "11.3.2.6 cICP of Display P3": (cicp(12, 13), (215, 93, 31)),
    "cICP before iCCP": (cicp(12, 13) + iccp(LINEAR), (215, 93, 31)),
    "cICP before sRGB": (cicp(12, 13) + SRGB, (215, 93, 31)),
    "cICP of sRGB before iCCP": (cicp(1, 13) + iccp(LINEAR), PIXEL),
    "H.273 transfer 1": (cicp(1, 1), (197, 91, 39)),
    "H.273 transfer 4": (cicp(1, 4), (201, 100, 46)),
    "H.273 transfer 5": (cicp(1, 5), (189, 76, 26)),
    "H.273 transfer 6": (cicp(1, 6), (197, 91, 39)),
    "H.273 transfer 8": (cicp(1, 8), (229, 168, 122)),
    "H.273 primaries 5": (cicp(5, 13), (203, 100, 51)),
    "H.273 primaries 6": (cicp(6, 13), (196, 102, 49)),
    "H.273 primaries 11": (cicp(11, 13), (211, 93, 32)),
    "cICP of a narrow range": (cicp(1, 13, 0, 0), PIXEL),
    "cICP of an unknown kind": (cicp(99, 13), PIXEL),
    "cICP unspecified": (cicp(2, 2), PIXEL),
}


@pytest.mark.parametrize("case", TABLE)
def test_png_says_its_colours(make: Make, case: str) -> None:
    before, want = TABLE[case]
    made = make(png((20, 20), 8, 2, flat(*PIXEL), before=before), Size(20, 20))
    got = made.base().getpixel((9, 9))
    assert isinstance(got, tuple)
    by = 0 if want == PIXEL else 3
    assert max(abs(g - w) for g, w in zip(got, want, strict=True)) <= by, got


@pytest.mark.parametrize("transfer", [16, 18])
def test_brighter_than_white_is_clipped(make: Make, transfer: int) -> None:
    """BT.2408 2.1: white is 203 cd/m2 (PQ) or the signal 0.75 (HLG); a screen without HDR shows no more."""
    data = png((20, 20), 8, 2, lambda x, _: (200, 100, 50) if x < 10 else (0, 0, 0), before=cicp(9, transfer))
    base = make(data, Size(20, 20)).base()
    assert base.getpixel((15, 9)) == (0, 0, 0)
    red, green, blue = base.getpixel((5, 9))  # type: ignore[misc]
    assert red == 255
    assert green < 80
    assert blue < 30


@pytest.mark.parametrize(
    ("colour_type", "depth", "samples"),
    [(0, 8, (100,)), (0, 16, (100 * 257,)), (4, 8, (100, 255)), (2, 16, (25700,) * 3)],
)
def test_gamma_holds_for_greys_and_sixteen_bits(
    make: Make, colour_type: int, depth: int, samples: tuple[int, ...]
) -> None:
    for before in (gama(100_000), cicp(1, 8)):
        data = png((20, 20), depth, colour_type, flat(*samples), before=before)
        got = make(data, Size(20, 20)).base().getpixel((9, 9))
        assert isinstance(got, tuple)
        assert all(abs(part - 168) <= 2 for part in got), got


def test_gamma_holds_for_palettes(make: Make) -> None:
    before = gama(100_000) + chunk(b"PLTE", bytes(PIXEL))
    got = make(png((20, 20), 8, 3, flat(0), before=before), Size(20, 20)).base().getpixel((9, 9))
    assert isinstance(got, tuple)
    assert max(abs(g - w) for g, w in zip(got, (229, 168, 122), strict=True)) <= 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_wide_gamut_comes_to_srgb_in_every_format(make: Make, encoded: Encode, kind: str) -> None:
    """ICC.1:2022, a matrix profile of Display P3."""
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": 100, "subsampling": 0},
        "WEBP": {"lossless": True},
        "AVIF": {"quality": 100, "speed": 10, "subsampling": "4:4:4"},
    }
    data = encoded(Image.new("RGB", (32, 32), PIXEL), kind, icc_profile=P3, **options.get(kind, {}))
    got = make(data, Size(32, 32)).base().getpixel((9, 9))
    assert isinstance(got, tuple)
    assert max(abs(g - w) for g, w in zip(got, (215, 93, 31), strict=True)) <= 4, got


def test_a_profile_that_is_srgb_changes_no_pixel(make: Make, encoded: Encode) -> None:
    image = Image.effect_mandelbrot((64, 64), (-2, -1, 1, 1), 60).convert("RGB")
    for profile in (
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        profile_of(BT_709, srgb_to_linear, grey=False),
    ):
        assert make(encoded(image, "PNG", icc_profile=profile), Size(64, 64)).base().tobytes() == image.tobytes()


def test_greys_may_have_a_grey_or_a_colour_profile(make: Make, encoded: Encode) -> None:
    image = Image.new("L", (32, 32), 100)
    for profile in (profile_of(BT_709, lambda v: v, grey=True), LINEAR):
        for kind in ("PNG", "JPEG"):
            made = make(encoded(image, kind, icc_profile=profile), Size(32, 32))
            got = made.base().getpixel((9, 9))
            assert isinstance(got, tuple)
            assert all(abs(part - 168) <= 2 for part in got), (kind, got)
            assert made.fields.warnings == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
def test_profiles_that_do_not_fit_are_ignored_with_a_warning(make: Make, encoded: Encode, kind: str) -> None:
    image = Image.new("RGB", (32, 32), PIXEL)
    for profile in (profile_of(BT_709, lambda v: v, grey=True), LINEAR[:200], b"\0" * 200, LINEAR[:-4000]):
        made = make(encoded(image, kind, icc_profile=profile), Size(32, 32))
        got = made.base().getpixel((9, 9))
        assert isinstance(got, tuple)
        assert max(abs(g - w) for g, w in zip(got, PIXEL, strict=True)) <= 6, got
        assert "profile" in " ".join(made.fields.warnings)


def test_cmyk_goes_through_its_profile(make: Make, encoded: Encode) -> None:
    """A CMYK profile of one's own is long; what counts is that one that does not fit is named, and CMYK is shown."""
    made = make(encoded(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG", icc_profile=LINEAR), Size(32, 32))
    got = made.base().getpixel((9, 9))
    assert isinstance(got, tuple)
    assert max(abs(g - w) for g, w in zip(got, (255, 0, 0), strict=True)) <= 4
    assert "profile" in " ".join(made.fields.warnings)


@pytest.mark.parametrize(
    ("primaries", "transfer", "want"), [(12, 13, (215, 93, 31)), (1, 13, PIXEL), (1, 8, (229, 168, 122)), (2, 2, PIXEL)]
)
def test_avif_says_its_colours_by_code_points(
    make: Make, encoded: Encode, primaries: int, transfer: int, want: tuple[int, int, int]
) -> None:
    """ISO/IEC 23008-12 and 14496-12 12.1.5: ``colr`` of the type ``nclx``."""
    image = Image.new("RGB", (32, 32), PIXEL)
    data = encoded(image, "AVIF", quality=100, speed=10, subsampling="4:4:4")
    at = data.index(b"colrnclx") + 8
    data = data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]
    got = make(data, Size(32, 32)).base().getpixel((9, 9))
    assert isinstance(got, tuple)
    assert max(abs(g - w) for g, w in zip(got, want, strict=True)) <= 4, got
