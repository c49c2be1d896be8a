"""Reads a PNG's chunks: what it says of itself, and a lean copy with nothing in it but the picture.

The decoder gets the lean copy, so that whatever stands in text, profile or private chunks cannot upset it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from config import Code, OohError, Size
from renderer.prepare._cicp import profile_for
from renderer.prepare._icc import BT_709, Primaries, profile_of
from renderer.prepare._sniff import header_size

_SIGNATURE_BYTES = 8
_MOST_PROFILE_BYTES = 4_000_000
_MOST_CHUNKS = 100_000
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""Bit depths of each colour type (PNG 3rd edition, table 8)."""
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ONE_PASS = ((0, 0, 1, 1),)
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column, first row, step right, step down of each pass (8.1)."""
_PIECE_BYTES = 1_000_000
_KEY_BYTES = {0: 2, 2: 6}
_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
_COLOUR = (b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM")
_SRGB_POINTS = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
_SRGB_GAMMA = range(45_000, 46_001)
_SANE_GAMMA = range(1_000, 1_000_001)


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG's header, and what its chunks say beside the picture."""

    size: Size
    bit_depth: int
    colour_type: int
    interlaced: bool
    lean: bytes
    """Only the chunks that make the picture."""
    profile: bytes | None
    """ICC profile of its colours; None: sRGB."""
    exif: bytes | None
    animated: bool
    """It has an ``acTL`` chunk before its picture."""
    whole: bool
    """False when only the closing chunk is missing."""
    warnings: tuple[str, ...]


def read_png(data: bytes) -> Png:
    """Walk every chunk.

    Raises ``OohError``: CREATIVE_TRUNCATED when a chunk ends with the file, CREATIVE_CORRUPT for a critical chunk
    that is damaged, unknown or out of place (PNG 3rd edition 5.4, 13.2). A damaged ancillary one is left out.
    """
    return _Walk(data).png()


def has_every_row(png: Png) -> bool:
    """Whether the image data inflates to all rows that the header promises: decoders leave missing ones black.

    It unpacks the data once more (0.4 s for 48 megapixels), without keeping it.
    """
    unpack, missing = zlib.decompressobj(), _inflated_bytes(png)
    try:
        for kind, body, _ in _Walk(png.lean).chunks():
            left = body if kind == b"IDAT" else b""
            while left and missing > 0:
                missing -= len(unpack.decompress(left, _PIECE_BYTES))
                left = unpack.unconsumed_tail
    except zlib.error:
        return True  # the decoder says what is wrong
    return missing <= 0


def _inflated_bytes(png: Png) -> int:
    """A filter byte and the packed samples of every row, of every pass (7.2, 8.1, 9.2)."""
    w, h, bits = png.size.w, png.size.h, png.bit_depth * _CHANNELS[png.colour_type]
    total = 0
    for x0, y0, dx, dy in _ADAM7 if png.interlaced else _ONE_PASS:
        columns, rows = -(-(w - x0) // dx), -(-(h - y0) // dy)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


class _Walk:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = header_size("PNG", data)
        self._notes: list[str] = []
        self._kept: list[bytes] = []
        self._said: dict[bytes, bytes] = {}
        self._whole = False

    def png(self) -> Png:
        for kind, body, raw in self.chunks():
            if kind in (b"IDAT", b"IHDR") or (kind in _PICTURE and self._fits(kind, body)):
                self._kept.append(raw)
            self._note(kind, body)
        if b"IDAT" not in self._said:
            raise OohError(Code.CREATIVE_CORRUPT if self._whole else Code.CREATIVE_TRUNCATED, "a PNG without a picture")
        depth, colour_type = self._checked_header()
        end = struct.pack(">I4sI", 0, b"IEND", zlib.crc32(b"IEND"))
        assert self._size is not None  # noqa: S101
        return Png(
            size=self._size,
            bit_depth=depth,
            colour_type=colour_type,
            interlaced=self._said[b"IHDR"][12] == 1,
            lean=b"".join((self._data[:_SIGNATURE_BYTES], *self._kept, end)),
            profile=self._profile(grey=colour_type in (0, 4)),
            exif=self._said.get(b"eXIf"),
            animated=b"acTL" in self._said,
            whole=self._whole,
            warnings=tuple(self._notes),
        )

    def chunks(self) -> Iterator[tuple[bytes, bytes, bytes]]:
        """Kind, data, and the whole chunk: length, kind, data, CRC (5.3)."""
        data, at = self._data, _SIGNATURE_BYTES
        for _ in range(_MOST_CHUNKS):
            kind, length = data[at + 4 : at + 8], int.from_bytes(data[at : at + 4])
            end = at + 12 + length
            if kind == b"IEND" and end <= len(data):
                self._whole = True
                return
            if end > len(data):
                if b"IDAT" in self._said and (len(kind) < 4 or kind == b"IEND"):
                    return
                raise OohError(Code.CREATIVE_TRUNCATED, f"a PNG of {len(data)} bytes")
            raw = data[at:end]
            critical = not kind[0] & 0x20
            if zlib.crc32(raw[4:-4]) == int.from_bytes(raw[-4:]):
                if critical and kind not in _PICTURE:
                    raise OohError(Code.CREATIVE_CORRUPT, f"PNG: an unknown critical chunk {kind!r}")
                yield kind, raw[8:-4], raw
            elif critical:
                raise OohError(Code.CREATIVE_CORRUPT, f"PNG: the checksum of its {kind!r} chunk is wrong")
            else:
                self._notes.append(f"its damaged {kind.decode('latin-1')!r} chunk is left out")
            at = end
        raise OohError(Code.CREATIVE_TOO_LARGE, f"a PNG of more than {_MOST_CHUNKS} chunks")

    def _note(self, kind: bytes, body: bytes) -> None:
        """Keep what counts, the first time and where it counts: colours come before palette and picture (5.6)."""
        late = b"IDAT" in self._said or (kind in _COLOUR and b"PLTE" in self._said)
        if kind in self._said or (late and kind != b"eXIf"):
            return
        if kind in _PICTURE or kind in _COLOUR or kind in (b"eXIf", b"acTL"):
            self._said[kind] = b"" if kind == b"IDAT" else body

    def _fits(self, kind: bytes, body: bytes) -> bool:
        """Whether a palette or its transparency is where and how it may be (11.2.2, 11.3.1)."""
        if kind in self._said or b"IDAT" in self._said or b"IHDR" not in self._said:
            return False
        colour_type = self._said[b"IHDR"][9]
        if kind == b"PLTE":
            return colour_type not in (0, 4) and len(body) % 3 == 0 and 3 <= len(body) <= 768
        if colour_type == 3:
            return len(body) <= len(self._said.get(b"PLTE", b"")) // 3
        return len(body) == _KEY_BYTES.get(colour_type)

    def _checked_header(self) -> tuple[int, int]:
        body = self._said.get(b"IHDR", b"")
        if len(body) != 13:
            raise OohError(Code.CREATIVE_CORRUPT, "PNG: a header of a wrong length")
        depth, colour_type, compression, filtering, interlace = body[8:]
        if depth not in _DEPTHS.get(colour_type, ()) or compression or filtering or interlace > 1:
            raise OohError(Code.CREATIVE_CORRUPT, f"PNG: a header that says {body[8:].hex(' ')}")
        if colour_type == 3 and b"PLTE" not in self._said:
            raise OohError(Code.CREATIVE_CORRUPT, "PNG: a palette picture without a palette")
        return depth, colour_type

    def _profile(self, *, grey: bool) -> bytes | None:
        """cICP before iCCP before sRGB before gAMA with cHRM (PNG 3rd edition 11.3.2), as browsers take them."""
        said = self._said
        if (code := said.get(b"cICP")) is not None and len(code) == 4:
            primaries, transfer, matrix, full = code
            if matrix == 0 and full == 1 and (found := profile_for(primaries, transfer, grey=grey)):
                return found
            if matrix == 0 and full == 1 and (primaries, transfer) == (1, 13):
                return None
            self._notes.append(f"its cICP chunk ({', '.join(map(str, code))}) is ignored")
        if b"iCCP" in said and (found := self._embedded(said[b"iCCP"])):
            return found
        return None if b"sRGB" in said else self._by_gamma(grey=grey)

    def _embedded(self, body: bytes) -> bytes | None:
        """11.3.2.3: a name, 0, the method 0, the profile deflated."""
        packed = body[body.find(b"\0") + 2 :]
        try:
            unpack = zlib.decompressobj()
            profile = unpack.decompress(packed, _MOST_PROFILE_BYTES)
        except zlib.error as error:
            self._notes.append(f"its colour profile is ignored: {error}")
            return None
        if not unpack.eof:
            self._notes.append("its colour profile is ignored: it is cut or too large")
        return profile if unpack.eof else None

    def _by_gamma(self, *, grey: bool) -> bytes | None:
        """gAMA, with the primaries of cHRM if it is there; cHRM alone says nothing, as in browsers."""
        gamma = int.from_bytes(self._said.get(b"gAMA", b""))
        points = self._said.get(b"cHRM", b"")
        if gamma not in _SANE_GAMMA or (points in (b"", _SRGB_POINTS) and gamma in _SRGB_GAMMA):
            return None  # what every encoder writes that means sRGB
        where = BT_709
        if len(points) == 32:
            x = [value / 100_000 for value in struct.unpack(">8I", points)]
            where = Primaries((x[0], x[1]), (x[2], x[3]), (x[4], x[5]), (x[6], x[7]))
        try:
            return profile_of(where, lambda v: float(v ** (100_000 / gamma)), grey=grey)
        except (ValueError, ZeroDivisionError) as error:
            self._notes.append(f"its cHRM chunk is ignored: {error}")
            return None
