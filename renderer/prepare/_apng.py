"""Animated PNGs: Pillow unpacks each picture, this player lays it on the canvas (PNG third edition, 11.3.6).

Each picture is read as a PNG of its own, made of what all share and the picture's data, so every colour type,
depth and interlacing is Pillow's business, and disposal and blending are ours.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from config import Code, OohError, Size
from renderer.prepare._animation import Animation, Shown
from renderer.prepare._apng_chunks import SIGNATURE, Apng, ApngFrame, chunk_at, read_apng
from renderer.prepare._canvas import Canvas
from renderer.prepare._colour import in_eight_bits, in_srgb
from renderer.prepare._guard import guarded
from renderer.prepare._limits import Limits
from renderer.prepare._orientation import orientation_in
from renderer.prepare._png import Png, read_png
from renderer.prepare._timing import shown_delays

_PALETTE = (b"PLTE", b"tRNS")
_SEQUENCE_BYTES = 4
_PIECE_BYTES = 1_048_576
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_IN_ORDER = ((0, 0, 1, 1),)
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column and row, and the steps, of each pass (8.1)."""


def open_apng(data: bytes, limits: Limits) -> Animation | None:
    """The animation; None when the PNG is a still, or no frame of its animation is whole: show its default image.

    Raises ``OohError(CREATIVE_TOO_LARGE)``.
    """
    apng = read_apng(data, limits)
    first = None if apng is None else _first(apng)
    if apng is None or first is None:
        return None
    notes = [*first.warnings, *([apng.note] if apng.note else [])]
    delays = shown_delays((f.delay_ms for f in apng.frames), notes)
    orientation = orientation_in(first.exif, notes)
    composed = Composer(apng, first, notes)

    def compose() -> Iterator[Shown]:
        for picture, delay_ms in zip(composed.frames(), delays, strict=True):
            yield orientation.upright(picture), delay_ms

    return Animation(orientation.seen(apng.canvas), len(apng.frames), apng.loops, notes, compose)


def _first(apng: Apng) -> Png | None:
    """What the first picture's header says for all of them; None when that picture cannot be shown."""
    try:
        alone = _alone(apng, apng.frames[0], apng.header)
        png = read_png(alone)
        guarded("PNG", alone, lambda: _loaded(png.lean))
    except OohError as error:
        if error.code is Code.CREATIVE_TOO_LARGE:
            raise
        return None
    return png


class Composer:
    """Lays the pictures of one APNG, in sRGB."""

    def __init__(self, apng: Apng, first: Png, notes: list[str]) -> None:
        self._apng, self._first, self._notes = apng, first, notes
        self._palette = _only(_PALETTE, first.lean)

    def frames(self) -> Iterator[Image.Image]:
        """What a viewer sees at each frame: RGBA, canvas size. One image, changed in place: copy what you keep.

        Raises ``OohError`` (CREATIVE_TRUNCATED, CREATIVE_CORRUPT) where a picture cannot be unpacked.
        """
        canvas = Canvas(self._apng.canvas)
        for frame in self._apng.frames:
            canvas.lay(frame.placing, self._unpack(frame))
            yield canvas.image

    def _unpack(self, frame: ApngFrame) -> Image.Image:
        alone = _alone(self._apng, frame, self._palette)
        image = guarded("PNG", alone, lambda: _loaded(alone))
        plain, warning = in_srgb(in_eight_bits(image, self._first.bit_depth), self._first.profile)
        if warning is not None and warning not in self._notes:
            self._notes.append(warning)
        return plain.convert("RGBA")


def _loaded(alone: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(alone), formats=["PNG"])
    image.load()
    return image


def _alone(apng: Apng, frame: ApngFrame, header: bytes) -> bytes:
    """A PNG of only this picture. Raises ``OohError(CREATIVE_CORRUPT)`` where a checksum is wrong."""
    size = Size(frame.placing.rect.w, frame.placing.rect.h)
    pieces = list[bytes]()
    at = frame.start
    while at < frame.end and (chunk := chunk_at(apng.data, at)) is not None:
        if not chunk.whole(apng.data):
            raise OohError(Code.CREATIVE_CORRUPT, "PNG: a checksum of its pixels is wrong")
        skip = _SEQUENCE_BYTES if chunk.kind == b"fdAT" else 0
        pieces.append(apng.data[chunk.body + skip : chunk.end - 4])
        at = chunk.end
    packed = b"".join(pieces)
    _check_whole(packed, size, apng.depth_and_type)
    first = _packed(b"IHDR", struct.pack(">II", size.w, size.h) + apng.depth_and_type)
    return SIGNATURE + first + header + _packed(b"IDAT", packed) + _packed(b"IEND", b"")


def _check_whole(packed: bytes, size: Size, depth_and_type: bytes) -> None:
    """Raises ``OohError(CREATIVE_CORRUPT)`` where rows are missing: Pillow would leave them black."""
    expected, unpack, got = _row_bytes(size, depth_and_type), zlib.decompressobj(), 0
    try:
        while got < expected and (piece := unpack.decompress(packed, _PIECE_BYTES)):
            got, packed = got + len(piece), unpack.unconsumed_tail
    except zlib.error as error:
        raise OohError(Code.CREATIVE_CORRUPT, f"PNG: {error}") from error
    if got < expected:
        raise OohError(Code.CREATIVE_CORRUPT, f"PNG: {got} bytes of pixels, not {expected}")


def _row_bytes(size: Size, depth_and_type: bytes) -> int:
    """What a picture unpacks to: its rows, a filter byte before each (PNG 7.2, 8.1, 9.2)."""
    depth, colour_type, *_, interlaced = depth_and_type
    bits = depth * _CHANNELS.get(colour_type, 1)
    total = 0
    for x, y, step_x, step_y in _ADAM7 if interlaced else _IN_ORDER:
        w, h = -(-(size.w - x) // step_x), -(-(size.h - y) // step_y)
        total += h * (1 + -(-w * bits // 8)) if w > 0 and h > 0 else 0
    return total


def _packed(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def _only(kinds: tuple[bytes, ...], png: bytes) -> bytes:
    """Those chunks of a PNG, as they are."""
    found, at = list[bytes](), len(SIGNATURE)
    while (chunk := chunk_at(png, at)) is not None:
        if chunk.kind in kinds:
            found.append(png[at : chunk.end])
        at = chunk.end
    return b"".join(found)
