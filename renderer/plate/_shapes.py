"""What a plate file holds, and how: one page of preamble, the base frame, the changes, the index.

====================  ==========================================================================
offset                content (all integers little-endian)
====================  ==========================================================================
0                     ``OOHPLATE``, u32 version, u32 zero, u64 base offset, u64 base length,
                      u64 index offset, u64 index length, 32 bytes sha256 of the index; zeros to 4096
4096                  the base frame: screen.w * screen.h * 4 bytes, BGRX, rows from the top, no padding
after it              an animation: each frame's changed rectangle, BGRX, one LZ4 block each; when it is
                      kept at its creative's own size, frame 0 whole comes first, and all is enlarged when shown;
                      a video: from the next page on an MP4 (H.264, yuv420p, no sound), as large as
                      the creative's rectangle, an odd side rounded up to even by repeating its edge
index offset          the index: JSON, ``PlateFields``, the frames' places and the video's
====================  ==========================================================================

The base frame starts on a page, so it is mapped and presented as it lies on disk. The index comes last because
an animation is written as it is decoded, one frame in memory at a time. Version 2 brought videos and loops.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

from config import PanelKind, Rect, Size
from renderer.layout import PanelArea

PlateKind = Literal["still", "animation", "video"]

MAGIC = b"OOHPLATE"
VERSION = 2
PAGE_BYTES = 4096
BYTES_PER_PIXEL = 4
PREAMBLE = struct.Struct("<8sII4Q32s")


@dataclass(frozen=True, slots=True)
class PlateFields:
    """All of ``cache.Plate`` that is known before the file is whole: without key, plate hash and size."""

    creative_sha256: str
    kind: PlateKind
    source_size: Size
    screen_size: Size
    creative_rect: Rect
    panel_rects: tuple[tuple[PanelKind, Rect], ...]
    panel_area: Rect | None
    scale: float
    frames: int
    duration_ms: int
    warnings: tuple[str, ...] = ()
    loops: int = 0
    """How often it runs before its last frame stays; 0: for ever."""
    panel_areas: tuple[PanelArea, ...] = ()
    """All that panels may fill (two for an L-bar, a template's zones); empty: ``panel_area`` is all."""

    @property
    def areas(self) -> tuple[PanelArea, ...]:
        """The areas to fill with panels: what `renderer.layout.refill` takes."""
        return self.panel_areas or ((PanelArea(self.panel_area),) if self.panel_area is not None else ())


@dataclass(frozen=True, slots=True)
class PlateSpan:
    """Where something lies in the file."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class PlateNative:
    """An animation kept at its creative's own ``size``: where frame 0 lies. Its frames' rectangles are in it."""

    size: Size
    offset: int
    length: int


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
    video: PlateSpan | None = None
    native: PlateNative | None = None
