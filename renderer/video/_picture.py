"""One picture of a video on its way to the screen."""

from __future__ import annotations

from dataclasses import dataclass

Plane = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Planes:
    """Planar YUV 4:2:0 as it was decoded, for a display that draws it itself. Views of the decoder's memory."""

    planes: tuple[Plane, Plane, Plane]
    pitches: tuple[int, int, int]
    full_range: bool
    bt709: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """``at_ns``: from when it stands, from the first picture of the first run on."""

    at_ns: int
    pixels: bytes | Planes
    """BGRX, rows without gaps; or planes."""
