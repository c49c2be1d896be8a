"""Animated WebP (RFC 9649 2.7): libwebp, by Pillow, puts the frames together; this player reads what is whole.

libwebp's own composing (``WebPAnimDecoder``) is exact and ignores the background colour, as browsers do. It refuses a
file that is cut or damaged anywhere, so such a file is put together anew from the frames that are whole.
"""

from __future__ import annotations

import bisect
import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from config import Code, OohError, Rect, Size
from renderer.prepare._animation import Animation, Shown
from renderer.prepare._colour import in_eight_bits, in_srgb
from renderer.prepare._guard import guarded
from renderer.prepare._limits import Limits
from renderer.prepare._orientation import orientation_of
from renderer.prepare._timing import shown_delays

_RIFF_HEADER_BYTES = 12
_CHUNK_HEADER_BYTES = 8
_EXTENDED_HEADER_BYTES = 10
_FRAME_HEADER_BYTES = 16
_LOOPS_AT = 4


@dataclass(frozen=True, slots=True)
class Webp:
    """An animated WebP's canvas and what is whole of it, nothing unpacked yet."""

    canvas: Size
    before: bytes
    """The chunks in front of the first frame."""
    frames: tuple[bytes, ...]
    """Each frame's chunk, with its header."""
    loops: int
    note: str | None

    def file(self, frames: int) -> bytes:
        """A file of the first ``frames`` frames."""
        body = b"WEBP" + self.before + b"".join(self.frames[:frames])
        return b"RIFF" + len(body).to_bytes(4, "little") + body


def open_webp(data: bytes, limits: Limits) -> Animation:
    """The animation. Raises ``OohError``: CREATIVE_TOO_LARGE, CREATIVE_TRUNCATED, CREATIVE_CORRUPT."""
    webp = read_webp(data, limits)
    notes = [webp.note] if webp.note else []
    data, frames = _usable(webp, data, notes)
    delays = shown_delays((_duration_ms(f) for f in webp.frames[:frames]), notes)
    opened = _opened(data)
    orientation = orientation_of(opened, notes)
    profile = opened.info.get("icc_profile")

    def compose() -> Iterator[Shown]:
        image = _opened(data)
        for index, delay_ms in enumerate(delays):
            guarded("WEBP", data, lambda index=index: _go_to(image, index))  # type: ignore[misc]
            plain, warning = in_srgb(in_eight_bits(image, 8), profile)
            if warning is not None and warning not in notes:
                notes.append(warning)
            yield orientation.upright(plain), delay_ms

    return Animation(orientation.seen(webp.canvas), frames, webp.loops, notes, compose)


def read_webp(data: bytes, limits: Limits) -> Webp:
    """Walk every chunk; frames over the canvas' edge or beyond the file's end are left out, with all that follow.

    Raises ``OohError``: CREATIVE_TOO_LARGE; CREATIVE_TRUNCATED or CREATIVE_CORRUPT without one whole frame.
    """
    canvas, loops = Size(0, 0), 1
    before, frames, note = list[bytes](), list[bytes](), None
    at, end = _RIFF_HEADER_BYTES, min(len(data), _CHUNK_HEADER_BYTES + int.from_bytes(data[4:8], "little"))
    while at + _CHUNK_HEADER_BYTES <= end:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = data[at : at + _CHUNK_HEADER_BYTES + length]
        if len(chunk) < _CHUNK_HEADER_BYTES + length or at + len(chunk) > end:
            break
        at += len(chunk) + length % 2
        chunk += bytes(length % 2)
        if kind == b"ANMF":
            if not _frame_rect(chunk).inside(Rect(0, 0, canvas.w, canvas.h)) or length < _FRAME_HEADER_BYTES:
                note = f"its frame {len(frames) + 1} lies over its edge: the frames before it are shown"
                break
            frames.append(chunk)
            limits.check_frames(len(frames))
        elif not frames:
            before.append(chunk)
        if kind == b"VP8X" and length >= _EXTENDED_HEADER_BYTES:
            canvas = Size(1 + _u24(chunk, 12), 1 + _u24(chunk, 15))
        elif kind == b"ANIM":
            loops = int.from_bytes(chunk[_CHUNK_HEADER_BYTES + _LOOPS_AT :][:2], "little")
    cut = _CHUNK_HEADER_BYTES + int.from_bytes(data[4:8], "little") > len(data)
    if not frames:
        raise OohError(Code.CREATIVE_TRUNCATED if cut else Code.CREATIVE_CORRUPT, "a WebP animation without a frame")
    if cut and note is None:
        note = f"the WebP is cut: its {len(frames)} whole frames are shown"
    return Webp(canvas, b"".join(before), tuple(frames), loops, note)


def _usable(webp: Webp, data: bytes, notes: list[str]) -> tuple[bytes, int]:
    """A file that libwebp opens, with as many of the frames as it can have."""
    everything = len(webp.frames)
    whole = data if webp.note is None else webp.file(everything)
    if _opens(whole, everything):
        return whole, everything
    good = bisect.bisect_left(range(1, everything + 1), 1, key=lambda n: int(not _opens(webp.file(n), n)))
    if good == 0:
        _opened(webp.file(1))
        raise OohError(Code.CREATIVE_CORRUPT, "WEBP: its first frame cannot be read")
    notes.append(f"from frame {good + 1} on it is damaged: {good} of its {everything} frames are shown")
    return webp.file(good), good


def _opens(data: bytes, frames: int) -> bool:
    try:
        return int(getattr(_opened(data), "n_frames", 1)) == frames
    except OohError:
        return False


def _opened(data: bytes) -> Image.Image:
    return guarded("WEBP", data, lambda: Image.open(io.BytesIO(data), formats=["WEBP"]))


def _go_to(image: Image.Image, index: int) -> None:
    image.seek(index)
    image.load()


def _frame_rect(chunk: bytes) -> Rect:
    """X and Y are stored halved, width and height less one (2.7.1.1)."""
    x, y, w, h = (_u24(chunk, _CHUNK_HEADER_BYTES + 3 * i) for i in range(4))
    return Rect(2 * x, 2 * y, w + 1, h + 1)


def _duration_ms(chunk: bytes) -> int:
    return _u24(chunk, _CHUNK_HEADER_BYTES + 12)


def _u24(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")
