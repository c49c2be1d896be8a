"""BMP (Windows GDI headers of 12 to 124 bytes): depths, masks, runs, row order, cuts."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest

from config import Code, OohError, Size
from renderer.prepare._icc import BT_709, profile_of
from tests.renderer.prepare.conftest import Make

W, H = 37, 19
SCREEN = Size(W, H)
COLOURS = [(i * 7 % 256, i * 13 % 256, 255 - i * 3 % 256) for i in range(256)]


def index_at(x: int, y: int, bits: int) -> int:
    return (x * 5 + y * 11 + x * y) % (1 << bits)


def colour_at(x: int, y: int) -> tuple[int, int, int]:
    return (x * 6 % 256, y * 13 % 256, (x * y) % 256)


def bmp(
    bits: int,
    rows: list[bytes],
    *,
    header: int = 40,
    compression: int = 0,
    masks: tuple[int, ...] = (),
    palette: bytes = b"",
    top_down: bool = False,
    extra: bytes = b"",
    used: int = 0,
) -> bytes:
    """``rows`` from the top, unpadded; runs come as one row."""
    if compression in (0, 3, 6):
        rows = [row + bytes(-len(row) % 4) for row in (rows if top_down else rows[::-1])]
    pixels = b"".join(rows)
    if header == 12:
        info = struct.pack("<IHHHH", 12, W, H, 1, bits)
    else:
        h = -H if top_down else H
        info = struct.pack("<IiiHHIIiiII", header, W, h, 1, bits, compression, len(pixels), 0, 0, used, 0)
        packed = struct.pack(f"<{len(masks)}I", *masks)
        info = (info + packed)[: max(header, 40)] + extra if header > 40 else info + packed
        info = info.ljust(header, b"\0")
    start = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + info + palette + pixels


def packed_rows(bits: int) -> list[bytes]:
    rows = []
    for y in range(H):
        whole = "".join(f"{index_at(x, y, bits):0{bits}b}" for x in range(W))
        whole += "0" * (-len(whole) % 8)
        rows.append(int(whole, 2).to_bytes(len(whole) // 8))
    return rows


def table(bits: int, entry: int = 4) -> bytes:
    return b"".join(bytes(c[::-1]) + bytes(entry - 3) for c in COLOURS[: 1 << bits])


def indexed(bits: int) -> Callable[[int, int], tuple[int, int, int]]:
    return lambda x, y: COLOURS[index_at(x, y, bits)]


def deep(form: str, make: Callable[[int, int, int], Any]) -> list[bytes]:
    return [b"".join(struct.pack(form, make(*colour_at(x, y))) for x in range(W)) for y in range(H)]


BGR = [b"".join(bytes(colour_at(x, y)[::-1]) for x in range(W)) for y in range(H)]
BGRX = [b"".join(bytes((*colour_at(x, y)[::-1], 0)) for x in range(W)) for y in range(H)]
FIVE_FIVE_FIVE = deep("<H", lambda r, g, b: r >> 3 << 10 | g >> 3 << 5 | b >> 3)
FIVE_SIX_FIVE = deep("<H", lambda r, g, b: r >> 3 << 11 | g >> 2 << 5 | b >> 3)
RGBX = deep("<I", lambda r, g, b: r | g << 8 | b << 16)
OPAQUE = deep("<I", lambda r, g, b: 255 << 24 | r << 16 | g << 8 | b)
M555, M565 = (0x7C00, 0x3E0, 0x1F), (0xF800, 0x7E0, 0x1F)
BGRA_MASKS = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)

VARIANTS: dict[str, tuple[bytes, Callable[[int, int], tuple[int, int, int]], int]] = {
    **{
        f"{bits} bit{', top-down' if down else ''}": (
            bmp(bits, packed_rows(bits), palette=table(bits), top_down=down),
            indexed(bits),
            0,
        )
        for bits in (1, 4, 8)
        for down in (False, True)
    },
    "OS/2, 8 bit, entries of three": (bmp(8, packed_rows(8), header=12, palette=table(8, 3)), indexed(8), 0),
    "OS/2, 24 bit": (bmp(24, BGR, header=12), colour_at, 0),
    "8 bit of two colours": (
        bmp(8, [bytes((x + y) % 2 for x in range(W)) for y in range(H)], palette=table(1), used=2),
        lambda x, y: COLOURS[(x + y) % 2],
        0,
    ),
    "8 bit of black and white": (
        bmp(8, [bytes((x + y) % 2 for x in range(W)) for y in range(H)], palette=b"\0\0\0\0\xff\xff\xff\0", used=2),
        lambda x, y: (255, 255, 255) if (x + y) % 2 else (0, 0, 0),
        0,
    ),
    "16 bit, 5-5-5": (bmp(16, FIVE_FIVE_FIVE), colour_at, 8),
    "16 bit, 5-5-5 by masks": (bmp(16, FIVE_FIVE_FIVE, compression=3, masks=M555), colour_at, 8),
    "16 bit, 5-6-5 by masks": (bmp(16, FIVE_SIX_FIVE, compression=3, masks=M565), colour_at, 8),
    "24 bit": (bmp(24, BGR), colour_at, 0),
    "24 bit, top-down": (bmp(24, BGR, top_down=True), colour_at, 0),
    "24 bit, version 5": (bmp(24, BGR, header=124), colour_at, 0),
    "32 bit: the fourth byte means nothing": (bmp(32, BGRX), colour_at, 0),
    "32 bit by masks": (bmp(32, RGBX, compression=3, masks=(0xFF, 0xFF00, 0xFF0000)), colour_at, 0),
    "version 4, opaque alpha": (bmp(32, OPAQUE, header=108, compression=3, masks=BGRA_MASKS), colour_at, 0),
    "version 5, alpha never filled": (bmp(32, BGRX, header=124, compression=3, masks=BGRA_MASKS), colour_at, 0),
    "version 3, alpha by masks": (bmp(32, OPAQUE, header=56, compression=3, masks=BGRA_MASKS), colour_at, 0),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_to_the_pixel(make: Make, variant: str) -> None:
    data, want, by = VARIANTS[variant]
    base = make(data, SCREEN).base()
    for x in range(W):
        for y in range(H):
            got = base.getpixel((x, y))
            assert isinstance(got, tuple)
            assert max(abs(g - w) for g, w in zip(got, want(x, y), strict=True)) <= by, (x, y, got, want(x, y))


def test_alpha_stands_on_white(make: Make) -> None:
    rows = [struct.pack("<I", (0 if x < 10 else 255) << 24 | 0x102030) * 1 for x in range(W)]
    data = bmp(32, [b"".join(rows)] * H, header=124, compression=3, masks=BGRA_MASKS)
    base = make(data, SCREEN).base()
    assert base.getpixel((3, 3)) == (255, 255, 255)
    assert base.getpixel((20, 3)) == (0x10, 0x20, 0x30)


def runs(bits: int) -> bytes:
    """Every escape: encoded runs, absolute pixels, end of line, a delta, end of bitmap."""
    out = b""
    for _ in range(H - 1):
        out += bytes((20, 0x12 if bits == 4 else 3))
        out += bytes((0, 5)) + (b"\x12\x34\x50" if bits == 4 else b"\1\2\3\4\5") + b"\0"
        out += bytes((12, 0x55 if bits == 4 else 5)) + b"\0\0"
    return out + b"\0\2\5\0" + bytes((255, 0x11 if bits == 4 else 1)) + b"\0\1"


@pytest.mark.parametrize("bits", [4, 8])
def test_runs(make: Make, bits: int) -> None:
    data = bmp(bits, [runs(bits)], compression=2 if bits == 4 else 1, palette=table(bits))
    base = make(data, SCREEN).base()
    first = [1, 2] * 10 if bits == 4 else [3] * 20
    row = [*first, 1, 2, 3, 4, 5, *([5] * 12)]
    assert [base.getpixel((x, H - 1)) for x in range(W)] == [COLOURS[i] for i in row], "stored from the bottom"
    assert [base.getpixel((x, 0)) for x in range(W)] == [COLOURS[i] for i in [0] * 5 + [1] * (W - 5)]


def test_runs_that_end_early_are_cut(make: Make) -> None:
    whole = bmp(8, [runs(8)], compression=1, palette=table(8))
    for cut in (5, 60, 200):
        with pytest.raises(OohError) as caught:
            make(whole[:-cut], SCREEN)
        assert caught.value.code is Code.CREATIVE_TRUNCATED, cut


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.999])
def test_cut_files_are_told_to_be_cut(make: Make, share: float) -> None:
    data = bmp(24, BGR)
    with pytest.raises(OohError) as caught:
        make(data[: int(len(data) * share)], SCREEN)
    assert caught.value.code in (Code.CREATIVE_TRUNCATED, Code.CREATIVE_UNSUPPORTED if share < 0.1 else None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bmp(16, FIVE_FIVE_FIVE, compression=3, masks=(0xF00, 0xF0, 0xF)), Code.CREATIVE_UNSUPPORTED),
        (bmp(24, BGR, compression=4), Code.CREATIVE_UNSUPPORTED),
        (bmp(24, BGR, compression=5), Code.CREATIVE_UNSUPPORTED),
        (bmp(2, packed_rows(1)), Code.CREATIVE_UNSUPPORTED),
        (bmp(24, BGR)[:18] + struct.pack("<i", -W) + bmp(24, BGR)[22:], Code.CREATIVE_CORRUPT),
        (bmp(24, BGR)[:22] + bytes(4) + bmp(24, BGR)[26:], Code.CREATIVE_CORRUPT),
        (bmp(24, BGR)[:18] + struct.pack("<ii", 60_000, 60_000) + bmp(24, BGR)[26:], Code.CREATIVE_TRUNCATED),
    ],
)
def test_what_cannot_be_is_refused(make: Make, data: bytes, code: Code) -> None:
    with pytest.raises(OohError) as caught:
        make(data, SCREEN)
    assert caught.value.code is code


def test_the_profile_of_version_5(make: Make) -> None:
    profile = profile_of(BT_709, lambda v: v, grey=False)
    data = bytearray(bmp(24, [b"\x64\x64\x64" * W] * H, header=124))
    data[70:74] = b"DEBM"
    data[126:134] = struct.pack("<II", len(data) - 14, len(profile))
    got = make(bytes(data) + profile, SCREEN).base().getpixel((9, 9))
    assert isinstance(got, tuple)
    assert all(abs(part - 168) <= 2 for part in got), got
