"""Writes GIFs block by block, so that tests say exactly what is in them (GIF89a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config import Size

Colours = Sequence[tuple[int, int, int]]

PALETTE: Colours = ((0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255))
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
    indices: tuple[int, ...] | None = None
    """Each pixel's index, in the order of the file, instead of ``colour``: 0 to 3."""
    local: tuple[tuple[int, int, int], ...] = ()
    """Its own palette, of 2, 4, 8 … colours."""
    before: bytes = b""
    """Blocks in front of its graphic control."""
    between: bytes = b""
    """Blocks between its graphic control and its picture."""


def make_gif(
    canvas: Size,
    patches: list[Patch],
    *,
    background: int = 0,
    trailer: bytes = b";",
    loop: bytes = b"",
    palette: Colours | None = PALETTE,
    version: bytes = b"GIF89a",
) -> bytes:
    """The file's bytes; ``loop``: blocks after the header, such as `loops`; ``palette`` None: no global one."""
    head = version + _u16(canvas.w) + _u16(canvas.h) + bytes((_depth(palette), background, 0))
    return head + _colours(palette) + loop + b"".join(_patch(p) for p in patches) + trailer


def loops(count: int, name: bytes = b"NETSCAPE2.0") -> bytes:
    """The application extension that says how often the frames are repeated."""
    return b"!\xff" + bytes((len(name),)) + name + b"\x03\x01" + _u16(count) + b"\0"


def control(flags: int = 0, delay_cs: int = 10, transparent: int = 0) -> bytes:
    """A graphic control extension (GIF89a 23)."""
    return b"!\xf9\x04" + bytes((flags,)) + _u16(delay_cs) + bytes((transparent, 0))


def comment(text: bytes = b"made by hand") -> bytes:
    """A comment extension (GIF89a 24)."""
    return b"!\xfe" + bytes((len(text),)) + text + b"\0"


def plain_text() -> bytes:
    """A plain text extension (GIF89a 25): no browser draws it."""
    return b"!\x01\x0c" + bytes(12) + b"\x02hi\0"


def _patch(patch: Patch) -> bytes:
    flags = patch.disposal << 2 | (patch.transparent is not None)
    graphic = control(flags, patch.delay_cs, patch.transparent or 0) if patch.control else b""
    place = b"".join(_u16(v) for v in (patch.x, patch.y, patch.w, patch.h))
    look = bytes((0x40 * patch.interlaced | (_depth(patch.local) if patch.local else 0),))
    picture = b"," + place + look + _colours(patch.local) + _lzw(_indices(patch))
    return patch.before + graphic + patch.between + picture


def _indices(patch: Patch) -> Sequence[int]:
    if patch.indices is not None:
        return patch.indices
    second = patch.colour if patch.second is None else patch.second
    return [patch.colour if i % patch.w % 2 == 0 else second for i in range(patch.w * patch.h)]


def _depth(palette: Colours | None) -> int:
    return 0x80 | len(palette).bit_length() - 2 if palette else 0


def _colours(palette: Colours | None) -> bytes:
    return b"".join(bytes(c) for c in palette or ())


def _lzw(indices: Sequence[int]) -> bytes:
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
