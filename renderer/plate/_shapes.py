"""What a plate file holds, and how: one page of preamble, the base frame, the changes, the index.

====================  ==========================================================================
offset                content (all integers little-endian)
====================  ==========================================================================
0                     ``OOHPLATE``, u32 version, u32 zero, u64 base offset, u64 base length,
                      u64 index offset, u64 index length, 32 bytes sha256 of the index; zeros to 4096
4096                  the base frame: screen.w * screen.h * 4 bytes, BGRX, rows from the top, no padding
after it              each frame's changed rectangle, BGRX, one LZ4 block each
index offset          the index: JSON, ``PlateFields`` and the frames' places
====================  ==========================================================================

The base frame starts on a page, so it is mapped and presented as it lies on disk. The index comes last because
an animation is written as it is decoded, one frame in memory at a time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

from config import PanelKind, Rect, Size

MAGIC = b"OOHPLATE"
VERSION = 1
PAGE_BYTES = 4096
BYTES_PER_PIXEL = 4
PREAMBLE = struct.Struct("<8sII4Q32s")


@dataclass(frozen=True, slots=True)
class PlateFields:
    """All of ``cache.Plate`` that is known before the file is whole: without key, plate hash and size."""

    creative_sha256: str
    kind: Literal["still", "animation"]
    source_size: Size
    screen_size: Size
    creative_rect: Rect
    panel_rects: tuple[tuple[PanelKind, Rect], ...]
    panel_area: Rect | None
    scale: float
    frames: int
    duration_ms: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlateFrame:
    """Where one frame's change lies in the file. Nothing changed: length 0 and an empty rectangle."""

    offset: int
    length: int
    rect: Rect
    delay_ms: int


@dataclass(frozen=True, slots=True)
class PlateIndex:
    """The JSON at the end of the file."""

    fields: PlateFields
    frames: tuple[PlateFrame, ...]
