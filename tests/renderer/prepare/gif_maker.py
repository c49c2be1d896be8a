"""Writes GIFs block by block, so that tests say exactly what is in them (GIF89a)."""

from __future__ import annotations

from dataclasses import dataclass

from config import Size

PALETTE = ((0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255))
BLACK, RED, GREEN, BLUE = range(4)


@dataclass(frozen=True)
class Patch:
    """A one-coloured picture at ``x``, ``y``; every second column is ``second`` if that is given."""

    x: int
    y: int
    w: int
    h: int
    colour: int
    second: int | None = None
    disposal: int = 0
    transparent: int | None = None
    delay_cs: int = 10
    control: bool = True
    interlaced: bool = False


def make_gif(canvas: Size, patches: list[Patch], *, background: int = 0, trailer: bytes = b";") -> bytes:
    """The file's bytes, with one global palette of four colours."""
    head = b"GIF89a" + _u16(canvas.w) + _u16(canvas.h) + bytes((0x81, background, 0))
    return head + b"".join(bytes(c) for c in PALETTE) + b"".join(_patch(p) for p in patches) + trailer


def _patch(patch: Patch) -> bytes:
    control = b""
    if patch.control:
        flags = patch.disposal << 2 | (patch.transparent is not None)
        control = b"!\xf9\x04" + bytes((flags,)) + _u16(patch.delay_cs) + bytes((patch.transparent or 0, 0))
    place = b"".join(_u16(v) for v in (patch.x, patch.y, patch.w, patch.h))
    second = patch.colour if patch.second is None else patch.second
    indices = [patch.colour if i % patch.w % 2 == 0 else second for i in range(patch.w * patch.h)]
    return control + b"," + place + bytes((0x40 if patch.interlaced else 0,)) + _lzw(indices)


def _lzw(indices: list[int]) -> bytes:
    """Uncompressed LZW for 2-bit indices: a clear code before every second index keeps codes 3 bits wide."""
    clear, end, bits, width = 4, 5, 0, 0
    packed = bytearray()
    codes: list[int] = []
    for at, index in enumerate(indices):
        if at % 2 == 0:
            codes.append(clear)
        codes.append(index)
    for code in (*codes, end):
        bits |= code << width
        width += 3
        while width >= 8:
            packed.append(bits & 0xFF)
            bits >>= 8
            width -= 8
    if width:
        packed.append(bits)
    blocks = b"".join(bytes((len(packed[i : i + 255]),)) + packed[i : i + 255] for i in range(0, len(packed), 255))
    return b"\x02" + blocks + b"\0"


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "little")
