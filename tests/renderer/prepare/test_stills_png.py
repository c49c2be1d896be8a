"""PNG (3rd edition, W3C 2025): every colour type, depth, interlace and transparency, and every fault."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import pytest
from PIL import Image

from config import Code, OohError, Size
from tests.renderer.prepare.conftest import Make
from tests.renderer.prepare.png_maker import CHANNELS, SIGNATURE, chunk, flat, header, png

SIZE = (37, 29)
SCREEN = Size(*SIZE)
VARIANTS = [
    (colour_type, depth, interlace)
    for colour_type, depths in ((0, (1, 2, 4, 8, 16)), (2, (8, 16)), (3, (1, 2, 4, 8)), (4, (8, 16)), (6, (8, 16)))
    for depth in depths
    for interlace in (False, True)
]
"""Table 8: the fifteen allowed combinations, each plain and in seven passes (8.1)."""


def value_at(x: int, y: int, channel: int, depth: int) -> int:
    """Any pattern that changes with everything."""
    return (x * 7919 + y * 104729 + channel * 1299709 + x * y * 31) * 2654435761 % (1 << 32) >> (32 - depth)


def palette(depth: int) -> list[tuple[int, int, int]]:
    return [(value_at(i, 1, 0, 8), value_at(i, 2, 1, 8), value_at(i, 3, 2, 8)) for i in range(1 << depth)]


def plte(depth: int) -> bytes:
    return chunk(b"PLTE", b"".join(bytes(colour) for colour in palette(depth)))


def over_white(colour: tuple[float, ...], alpha: float) -> tuple[float, ...]:
    return tuple(part * alpha + 255 * (1 - alpha) for part in colour)


def shown(colour_type: int, depth: int, samples: list[int]) -> tuple[float, ...]:
    """What 13.12 (sample depth rescaling) and 13.16 (alpha over a background, here white) make of a pixel."""
    most = (1 << depth) - 1
    if colour_type == 3:
        return tuple(map(float, palette(depth)[samples[0]]))
    parts = [sample * 255 / most for sample in samples]
    if colour_type == 0:
        return (parts[0],) * 3
    if colour_type == 2:
        return tuple(parts)
    if colour_type == 4:
        return over_white((parts[0],) * 3, parts[1] / 255)
    return over_white(tuple(parts[:3]), parts[3] / 255)


def differ(image: Image.Image, expected: Mapping[tuple[int, int], tuple[float, ...]], by: float) -> list[object]:
    wrong: list[object] = []
    for at, want in expected.items():
        got = image.getpixel(at)
        assert isinstance(got, tuple)
        if max(abs(g - w) for g, w in zip(got, want, strict=True)) > by:
            wrong.append((at, got, want))
    return wrong


@pytest.mark.parametrize(("colour_type", "depth", "interlace"), VARIANTS)
def test_every_variant_to_the_pixel(make: Make, colour_type: int, depth: int, interlace: bool) -> None:
    def sample(x: int, y: int) -> list[int]:
        return [value_at(x, y, channel, depth) for channel in range(CHANNELS[colour_type])]

    before = plte(depth) if colour_type == 3 else b""
    made = make(png(SIZE, depth, colour_type, sample, interlace=interlace, before=before), SCREEN)
    want = {(x, y): shown(colour_type, depth, sample(x, y)) for x in range(SIZE[0]) for y in range(SIZE[1])}
    ground = made.base().getpixel((0, 0))
    if colour_type in (4, 6) and ground == (24, 27, 33):
        pytest.fail("noise of every brightness stands on white")
    by = 2.01 if (colour_type, depth) == (6, 16) else 1.01  # its colour and its alpha are both cut to eight bits
    assert not differ(made.base(), want, by)[:3]
    assert made.fields.warnings == ()


KEYED = [(0, depth, interlace) for depth in (1, 2, 4, 8, 16) for interlace in (False, True)]
KEYED += [(2, depth, interlace) for depth in (8, 16) for interlace in (False, True)]


@pytest.mark.parametrize(("colour_type", "depth", "interlace"), KEYED)
def test_one_colour_is_transparent(make: Make, colour_type: int, depth: int, interlace: bool) -> None:
    """11.3.1.1: pixels of the key's colour are fully transparent, all others fully opaque."""
    channels = CHANNELS[colour_type]

    key = 0x0101 if depth == 16 else 1  # of 16-bit colours the decoder keeps the high bytes

    def sample(x: int, y: int) -> list[int]:
        return [key if (x // 5 + y // 5) % 2 else 0] * channels

    trns = chunk(b"tRNS", struct.pack(f">{channels}H", *([key] * channels)))
    base = make(png(SIZE, depth, colour_type, sample, interlace=interlace, before=trns), SCREEN).base()
    assert base.getpixel((7, 2)) == (255, 255, 255)
    assert base.getpixel((2, 2)) == (0, 0, 0)


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_palette_with_graded_alpha(make: Make, depth: int) -> None:
    """11.3.1.1: one alpha a palette entry, those left out are opaque."""
    alphas = bytes((0, 128))

    def sample(x: int, _: int) -> list[int]:
        return [x % (1 << depth)]

    data = png(SIZE, depth, 3, sample, before=plte(depth) + chunk(b"tRNS", alphas))
    colours = palette(depth)
    want = {}
    for x in range(min(SIZE[0], 1 << depth)):
        alpha = alphas[x] / 255 if x < len(alphas) else 1.0
        want[(x, 3)] = over_white(tuple(map(float, colours[x])), alpha)
    assert not differ(make(data, SCREEN).base(), want, 1.01)


def grey(x: int, y: int) -> list[int]:
    return [(x * 5 + y * 3) % 256]


GOOD = png(SIZE, 8, 0, grey)
IDAT = chunk(b"IDAT", zlib.compress((b"\0" + bytes(SIZE[0])) * SIZE[1]))
FAULTS: dict[str, tuple[bytes, Code]] = {
    "5.4 wrong CRC of IHDR": (
        SIGNATURE + chunk(b"IHDR", header(*SIZE, 8, 0)[8:-4], wrong_crc=True) + IDAT + chunk(b"IEND"),
        Code.CREATIVE_CORRUPT,
    ),
    "5.4 wrong CRC of PLTE": (
        png(SIZE, 8, 3, flat(0), before=chunk(b"PLTE", b"abc", wrong_crc=True)),
        Code.CREATIVE_CORRUPT,
    ),
    "5.4 wrong CRC of IDAT": (
        SIGNATURE + header(*SIZE, 8, 0) + chunk(b"IDAT", IDAT[8:-4], wrong_crc=True) + chunk(b"IEND"),
        Code.CREATIVE_CORRUPT,
    ),
    "5.4 unknown critical chunk": (png(SIZE, 8, 0, grey, before=chunk(b"ABCD", b"x")), Code.CREATIVE_CORRUPT),
    "11.2.1 depth 3": (SIGNATURE + header(*SIZE, 3, 0) + IDAT + chunk(b"IEND"), Code.CREATIVE_CORRUPT),
    "11.2.1 RGB of depth 4": (SIGNATURE + header(*SIZE, 4, 2) + IDAT + chunk(b"IEND"), Code.CREATIVE_CORRUPT),
    "11.2.1 palette of depth 16": (SIGNATURE + header(*SIZE, 16, 3) + IDAT + chunk(b"IEND"), Code.CREATIVE_CORRUPT),
    "11.2.1 colour type 5": (SIGNATURE + header(*SIZE, 8, 5) + IDAT + chunk(b"IEND"), Code.CREATIVE_CORRUPT),
    "11.2.1 interlace 2": (SIGNATURE + header(*SIZE, 8, 0, interlace=2) + IDAT + chunk(b"IEND"), Code.CREATIVE_CORRUPT),
    "11.2.1 width 0": (SIGNATURE + header(0, 29, 8, 0) + IDAT + chunk(b"IEND"), Code.CREATIVE_TOO_SMALL),
    "11.2.2 palette missing": (SIGNATURE + header(*SIZE, 8, 3) + IDAT + chunk(b"IEND"), Code.CREATIVE_CORRUPT),
    "5.6 no IDAT": (SIGNATURE + header(*SIZE, 8, 0) + chunk(b"IEND"), Code.CREATIVE_CORRUPT),
    "no IHDR": (SIGNATURE + IDAT + chunk(b"IEND"), Code.CREATIVE_CORRUPT),
    "10.1 not zlib": (
        SIGNATURE + header(*SIZE, 8, 0) + chunk(b"IDAT", b"never deflated at all") + chunk(b"IEND"),
        Code.CREATIVE_CORRUPT,
    ),
    "9.2 unknown filter": (
        SIGNATURE
        + header(*SIZE, 8, 0)
        + chunk(b"IDAT", zlib.compress((b"\x09" + bytes(SIZE[0])) * SIZE[1]))
        + chunk(b"IEND"),
        Code.CREATIVE_CORRUPT,
    ),
    "10.3 fewer rows than told": (
        SIGNATURE + header(*SIZE, 8, 0) + chunk(b"IDAT", zlib.compress((b"\0" + bytes(SIZE[0])) * 11)) + chunk(b"IEND"),
        Code.CREATIVE_TRUNCATED,
    ),
    "cut within IDAT": (GOOD[:120], Code.CREATIVE_TRUNCATED),
    "cut after IHDR": (GOOD[:33], Code.CREATIVE_TRUNCATED),
    "13.2 a chunk of 2 GB": (GOOD[:33] + b"\x7f\xff\xff\xffteXt" + bytes(100), Code.CREATIVE_TRUNCATED),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_have_codes(make: Make, fault: str) -> None:
    data, code = FAULTS[fault]
    with pytest.raises(OohError) as caught:
        make(data, SCREEN)
    assert caught.value.code is code, caught.value.detail


HARMLESS: dict[str, tuple[bytes, str]] = {
    "14.2 unknown ancillary chunk": (png(SIZE, 8, 0, grey, before=chunk(b"prVt", b"x" * 99)), ""),
    "13.2 ancillary chunk of a wrong CRC": (
        png(SIZE, 8, 0, grey, before=chunk(b"gAMA", struct.pack(">I", 100_000), wrong_crc=True)),
        "gAMA",
    ),
    "11.3.3 text that inflates to 100 MB": (
        png(SIZE, 8, 0, grey, before=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000), 9))),
        "",
    ),
    "11.3.2.3 profile that inflates to 100 MB": (
        png(SIZE, 8, 0, grey, before=chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100_000_000), 9))),
        "profile",
    ),
    "11.3.2.3 profile that is none": (
        png(SIZE, 8, 0, grey, before=chunk(b"iCCP", b"a\0\0" + zlib.compress(b"no profile" * 30))),
        "profile",
    ),
    "11.3.1.1 tRNS of a wrong length": (png(SIZE, 8, 0, grey, before=chunk(b"tRNS", b"\0\5\0")), ""),
    "11.3.1.1 tRNS beside an alpha channel": (
        png(SIZE, 8, 4, lambda x, y: [*grey(x, y), 255], before=chunk(b"tRNS", b"\0\5")),
        "",
    ),
    "no IEND": (GOOD[:-12], "closing"),
    "half an IEND": (GOOD[:-5], "closing"),
    "bytes after IEND": (GOOD + b"and more" * 50, ""),
    "11.3.4.3 eXIf that is none": (png(SIZE, 8, 0, grey, before=chunk(b"eXIf", b"none")), "EXIF"),
    "5.6 two headers": (png(SIZE, 8, 0, grey, before=chunk(b"pHYs", bytes(9)) * 2), ""),
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_is_harmless_is_shown(make: Make, case: str) -> None:
    data, warning = HARMLESS[case]
    made = make(data, SCREEN)
    want = {(x, y): (float(grey(x, y)[0]),) * 3 for x in range(0, SIZE[0], 3) for y in range(0, SIZE[1], 3)}
    assert not differ(made.base(), want, 0)
    said = " ".join(made.fields.warnings)
    assert warning in said if warning else said == ""


def test_orientation_after_the_picture(make: Make) -> None:
    """11.3.4.3: eXIf may stand after IDAT."""
    turned = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    made = make(png(SIZE, 8, 0, grey, after=chunk(b"eXIf", turned)), Size(29, 37))
    assert made.fields.source_size == Size(29, 37)
