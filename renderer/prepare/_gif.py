"""Animated GIFs: Pillow unpacks each picture, this player lays it on the canvas (GIF89a 23).

Pillow's own compositing carries one frame's disposal over to the next that has none, and paints what lies
under a first frame that is smaller than the screen.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from renderer.prepare._animation import Animation, Shown
from renderer.prepare._canvas import Canvas
from renderer.prepare._gif_blocks import Gif, GifFrame, read_gif
from renderer.prepare._guard import guarded
from renderer.prepare._limits import Limits
from renderer.prepare._timing import shown_delays

_GREYS = b"".join(bytes((i, i, i)) for i in range(256))
_BLACK = b"\0\0\0\xff"
_PALETTE_BYTES = 4 * 256


def open_gif(data: bytes, limits: Limits) -> Animation:
    """The animation; a GIF of one picture has one frame.

    Raises ``OohError``: CREATIVE_TOO_LARGE, CREATIVE_TRUNCATED, CREATIVE_CORRUPT.
    """
    gif = read_gif(data, limits)
    notes = [gif.note] if gif.note else []
    still = len(gif.frames) == 1
    delays = (0,) if still else shown_delays((f.delay_ms for f in gif.frames), notes)

    def compose() -> Iterator[Shown]:
        yield from zip(compose_frames(gif), delays, strict=True)

    return Animation(gif.canvas, len(gif.frames), gif.loops, notes, compose)


def compose_frames(gif: Gif) -> Iterator[Image.Image]:
    """What a viewer sees at each frame: RGBA, canvas size. One image, changed in place: copy what you keep.

    Raises ``OohError`` (CREATIVE_TRUNCATED, CREATIVE_CORRUPT) where a picture cannot be unpacked.
    """
    canvas = Canvas(gif.canvas)
    for frame in gif.frames:
        canvas.lay(frame.placing, _unpack(gif.data, frame))
        yield canvas.image


def _unpack(data: bytes, frame: GifFrame) -> Image.Image | None:
    """One picture, RGBA; None when it has no pixels.

    Pillow reads a GIF of only this picture, with a palette of greys: what comes out are the indices themselves. Those
    beyond the palette are black (as in browsers), unless it is the transparent one.
    """
    w, h = frame.placing.rect.w, frame.placing.rect.h
    if w == 0 or h == 0:
        return None
    size = w.to_bytes(2, "little") + h.to_bytes(2, "little")
    look = bytes((0x40 if frame.interlaced else 0,))
    alone = b"".join(
        (b"GIF89a", size, b"\xf7\0\0", _GREYS, b",\0\0\0\0", size, look, data[frame.start : frame.end], b";")
    )
    image = guarded("GIF", alone, lambda: _loaded(alone))
    image.putpalette(_colours(frame), "RGBA")
    return image.convert("RGBA")


def _loaded(alone: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(alone), formats=["GIF"])
    image.load()
    return image


def _colours(frame: GifFrame) -> bytes:
    """256 RGBA entries."""
    rgb = bytes(frame.palette)
    rgba = bytearray(b"".join(rgb[i : i + 3] + b"\xff" for i in range(0, len(rgb), 3)))
    rgba += _BLACK * ((_PALETTE_BYTES - len(rgba)) // len(_BLACK))
    if frame.transparent is not None:
        rgba[4 * frame.transparent : 4 * frame.transparent + 4] = bytes(4)
    return bytes(rgba)
