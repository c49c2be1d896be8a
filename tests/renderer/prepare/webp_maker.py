"""Writes animated WebPs chunk by chunk, so that tests say exactly what is in them (RFC 9649 2.7)."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

Pixel = tuple[int, int, int, int]

RED, GREEN, BLUE, CLEAR = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (0, 0, 0, 0)
HALF_WHITE = (255, 255, 255, 128)


@dataclass(frozen=True)
class Part:
    """A one-coloured picture, lossless; ``x`` and ``y`` are even."""

    x: int
    y: int
    w: int
    h: int
    colour: Pixel = RED
    dispose: bool = False
    """To the background (D)."""
    blend: bool = True
    """False: do not blend (B)."""
    duration_ms: int = 100


def make_webp(
    parts: list[Part],
    *,
    size: tuple[int, int] = (8, 8),
    loops: int = 0,
    background: bytes = b"\0\0\0\0",
    between: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """The file's bytes. ``between``: chunks in front of the second frame; ``after``: behind the last."""
    frames = [frame(part) for part in parts]
    head = extended(size) + chunk(b"ANIM", background + loops.to_bytes(2, "little"))
    return riff(head + frames[0] + between + b"".join(frames[1:]) + after)


def riff(body: bytes) -> bytes:
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def extended(size: tuple[int, int], flags: int = 0x12) -> bytes:
    """``VP8X``: animation and alpha."""
    return chunk(b"VP8X", bytes((flags, 0, 0, 0)) + _u24(size[0] - 1) + _u24(size[1] - 1))


def frame(part: Part) -> bytes:
    """``ANMF``."""
    place = _u24(part.x // 2) + _u24(part.y // 2) + _u24(part.w - 1) + _u24(part.h - 1) + _u24(part.duration_ms)
    return chunk(b"ANMF", place + bytes((part.dispose | (not part.blend) << 1,)) + _bitstream(part))


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def _bitstream(part: Part) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (part.w, part.h), part.colour).save(out, "WEBP", lossless=True, exact=True)
    data = out.getvalue()
    return data[data.index(b"VP8L") :]


def _u24(value: int) -> bytes:
    return value.to_bytes(3, "little")
