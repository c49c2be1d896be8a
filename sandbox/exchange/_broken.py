"""Creatives that are broken on purpose, as they come from real exchanges and from attackers."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from sandbox.exchange._catalogue import Catalogue

BOMB_SIDE = 30_000
_LOGIN_PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head>
<body><h1>Your session has ended</h1><p>Sign in to see this picture.</p></body></html>
"""


@dataclass(frozen=True, slots=True)
class BrokenCreative:
    """What is served: the type it claims, its bytes and its status."""

    mime: str
    body: bytes
    status: int = 200


def broken_creative(kind: str, catalogue: Catalogue) -> BrokenCreative:
    """The broken creative of that kind; ``KeyError`` for a kind that there is not."""
    makers: Mapping[str, Callable[[], BrokenCreative]] = {
        "truncated": lambda: _truncated(catalogue),
        "tiny": lambda: BrokenCreative("image/png", png(1, 1)),
        "bomb": lambda: BrokenCreative("image/png", _bomb()),
        "html": lambda: BrokenCreative("image/jpeg", _LOGIN_PAGE),
        "missing": lambda: BrokenCreative("text/plain", b"not found\n", status=404),
        "empty": lambda: BrokenCreative("image/png", b""),
    }
    return makers[kind]()


def png(width: int, height: int) -> bytes:
    """A white one-bit PNG (ISO/IEC 15948), its rows compressed as they are made: memory stays small."""
    row = b"\x00" + b"\xff" * ((width + 7) // 8)
    squeeze = zlib.compressobj(9)
    at_once = max(1, 1_000_000 // len(row))
    parts = [squeeze.compress(row * min(at_once, height - top)) for top in range(0, height, at_once)]
    parts.append(squeeze.flush())
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", b"".join(parts)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def _bomb() -> bytes:
    """900 million pixels in about 110 kB."""
    return png(BOMB_SIDE, BOMB_SIDE)


def _truncated(catalogue: Catalogue) -> BrokenCreative:
    """A real JPEG of the catalogue, cut at 60 %: the header is good and the picture is not."""
    whole = next(creative for creative in catalogue.creatives if creative.mime == "image/jpeg")
    data = (catalogue.folder / whole.file).read_bytes()
    return BrokenCreative("image/jpeg", data[: len(data) * 6 // 10])
