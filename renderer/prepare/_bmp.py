"""Reads BMPs: the header tells size and layout before a byte is unpacked; Pillow's raw decoder does the rest.

Pillow's own reader takes a palette of two greys for one bit a pixel, and knows neither profiles nor cuts.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from PIL import Image

from config import Code, OohError, Size

_CORE, _INFO, _OS2, _V4, _V5 = 12, 40, 64, 108, 124
_HEADERS = (_CORE, 16, _INFO, 52, 56, _OS2, _V4, _V5)
_DEPTHS = (1, 4, 8, 16, 24, 32)
_RAW, _RLE8, _RLE4, _BITFIELDS, _ALPHA_BITFIELDS = 0, 1, 2, 3, 6
_COMPRESSIONS = {_RAW: _DEPTHS, _RLE8: (8,), _RLE4: (4,), _BITFIELDS: (16, 32), _ALPHA_BITFIELDS: (16, 32)}
_INDEXED = {1: "P;1", 4: "P;4", 8: "P"}
_PLAIN = {16: "BGR;15", 24: "BGR", 32: "BGRX"}
_MASKED = {
    (16, 0x7C00, 0x3E0, 0x1F, 0): "BGR;15",
    (16, 0xF800, 0x7E0, 0x1F, 0): "BGR;16",
    (32, 0xFF0000, 0xFF00, 0xFF, 0): "BGRX",
    (32, 0xFF, 0xFF00, 0xFF0000, 0): "RGBX",
    (32, 0xFF000000, 0xFF0000, 0xFF00, 0): "XBGR",
    (32, 0xFF0000, 0xFF00, 0xFF, 0xFF000000): "BGRA",
    (32, 0xFF, 0xFF00, 0xFF0000, 0xFF000000): "RGBA",
    (32, 0xFF000000, 0xFF0000, 0xFF00, 0xFF): "ABGR",
}
"""Bits a pixel, then the masks of red, green, blue and alpha."""
_PROFILE_EMBEDDED = b"DEBM"
"""'MBED', as the number is stored."""


@dataclass(frozen=True, slots=True)
class Bmp:
    """What a BMP's header says (Windows GDI, BITMAPCOREHEADER to BITMAPV5HEADER)."""

    size: Size
    bits: int
    packed: bool
    """Run-length encoded."""
    raw_mode: str
    """How Pillow calls the layout of its pixels."""
    top_down: bool
    start: int
    palette: bytes
    """BGRX."""
    profile: bytes | None

    @property
    def row_bytes(self) -> int:
        """Rows end on four bytes."""
        return self.size.w if self.packed else (self.size.w * self.bits + 31) // 32 * 4


def is_bmp(head: bytes) -> bool:
    """``BM`` alone begins many a text; the length of a header that exists must follow."""
    return head.startswith(b"BM") and len(head) >= 18 and int.from_bytes(head[14:18], "little") in _HEADERS


def read_bmp(data: bytes) -> Bmp:
    """The header. Raises ``OohError``: CREATIVE_TRUNCATED, _CORRUPT, _UNSUPPORTED."""
    length = int.from_bytes(data[14:18], "little")
    if len(data) < 14 + length:
        raise OohError(Code.CREATIVE_TRUNCATED, f"a BMP of {len(data)} bytes")
    w, h, planes, bits = struct.unpack_from("<HHHH" if length == _CORE else "<iiHH", data, 18)
    compression = int.from_bytes(data[30:34], "little") if length >= _INFO else _RAW
    if w <= 0 or h == 0 or planes != 1:
        raise OohError(Code.CREATIVE_CORRUPT, f"BMP: a header that says {w} x {h}, {planes} planes")
    if bits not in _COMPRESSIONS.get(compression, ()) or (length == _OS2 and compression >= _BITFIELDS):
        raise OohError(Code.CREATIVE_UNSUPPORTED, f"a BMP of {bits} bits, compression {compression}")
    bmp = Bmp(
        size=Size(w, abs(h)),
        bits=bits,
        packed=compression in (_RLE4, _RLE8),
        raw_mode=_raw_mode(data, length, bits, compression),
        top_down=h < 0,
        start=int.from_bytes(data[10:14], "little"),
        palette=_palette(data, length, bits),
        profile=_profile(data, length),
    )
    if not bmp.packed and bmp.start + bmp.row_bytes * bmp.size.h > len(data):
        raise OohError(Code.CREATIVE_TRUNCATED, f"a BMP of {len(data)} bytes")
    return bmp


def decode_bmp(data: bytes, bmp: Bmp) -> Image.Image:
    """The pixels, in P, RGB or RGBA. Raises ``OohError(CREATIVE_TRUNCATED)`` when the runs end early."""
    pixels: bytes | memoryview = memoryview(data)[bmp.start :]
    if bmp.packed:
        pixels = _unpacked(data, bmp)
    mode = "P" if bmp.palette else "RGBA" if "A" in bmp.raw_mode else "RGB"
    size, direction = (bmp.size.w, bmp.size.h), 1 if bmp.top_down else -1
    image = Image.frombytes(mode, size, bytes(pixels), "raw", bmp.raw_mode, bmp.row_bytes, direction)
    if bmp.palette:
        image.putpalette(bmp.palette, "BGRX")
    elif mode == "RGBA" and image.getchannel("A").getextrema() == (0, 0):
        return image.convert("RGB")  # an alpha channel that nobody filled, as browsers take it
    return image


def _raw_mode(data: bytes, length: int, bits: int, compression: int) -> str:
    if compression in (_RLE4, _RLE8):
        return "P"
    if compression == _RAW:
        return _INDEXED.get(bits) or _PLAIN[bits]
    red, green, blue, alpha = struct.unpack_from("<4I", data.ljust(70, b"\0"), 54)
    if length < 56 and compression != _ALPHA_BITFIELDS:
        alpha = 0
    found = _MASKED.get((bits, red, green, blue, alpha))
    if found is None:
        raise OohError(Code.CREATIVE_UNSUPPORTED, f"a BMP of masks {red:x} {green:x} {blue:x} {alpha:x}")
    return found


def _palette(data: bytes, length: int, bits: int) -> bytes:
    """All colours that an index can name, those that the file leaves out black."""
    if bits not in _INDEXED:
        return b""
    used = int.from_bytes(data[46:50], "little") if length >= _INFO else 0
    most = 1 << bits
    entry = 3 if length == _CORE else 4
    start = 14 + length
    stored = data[start : start + entry * min(used or most, most)]
    if entry == 3:
        stored = b"".join(stored[at : at + 3] + b"\0" for at in range(0, len(stored) - 2, 3))
    return stored[: len(stored) // 4 * 4].ljust(4 * most, b"\0")


def _profile(data: bytes, length: int) -> bytes | None:
    """BITMAPV5HEADER: bV5CSType, bV5ProfileData (counted from the header), bV5ProfileSize."""
    if length != _V5 or data[70:74] != _PROFILE_EMBEDDED:
        return None
    start, size = struct.unpack_from("<II", data, 14 + 112)
    profile = data[14 + start : 14 + start + size]
    return profile if size and len(profile) == size else None


def _unpacked(data: bytes, bmp: Bmp) -> bytes:
    """Run-length decoding (BI_RLE8, BI_RLE4): one index a byte; what the runs leave out has index 0."""
    w, h = bmp.size.w, bmp.size.h
    canvas = bytearray(w * h)
    x, y, at = 0, 0, bmp.start
    while at + 2 <= len(data):
        count, value = data[at], data[at + 1]
        at += 2
        if count:
            run = _indices(bytes((value,)) * count, count, bmp.bits)
        elif value == 0:
            x, y = 0, y + 1
            continue
        elif value == 1:
            return bytes(canvas)
        elif value == 2:
            if at + 2 > len(data):
                break
            x, y, at = x + data[at], y + data[at + 1], at + 2
            continue
        else:
            length = value if bmp.bits == 8 else (value + 1) // 2
            run = _indices(data[at : at + length], value, bmp.bits)
            at += length + (length & 1)
        if y < h and x < w:
            run = run[: w - x]
            canvas[y * w + x : y * w + x + len(run)] = run
            x += len(run)
    if y >= h - 1 and (x >= w or y >= h):
        return bytes(canvas)
    raise OohError(Code.CREATIVE_TRUNCATED, f"a BMP of {len(data)} bytes")


def _indices(packed: bytes, count: int, bits: int) -> bytes:
    """``count`` indices, one a byte. Four bit: a pair a byte, and an encoded run goes on with the same pair."""
    if bits == 8:
        return packed[:count]
    return bytes(half for pair in packed for half in (pair >> 4, pair & 15))[:count]
