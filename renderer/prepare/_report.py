"""What the command ``prepare`` shows: the report, and the composed screen at 0 s."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PIL import Image

from cache import FeedSnapshot
from config import Config, OohError, PanelKind
from renderer.layout import refill
from renderer.panels import PanelSettings, PanelStyle, available, draw, offers_for
from renderer.plate import PlateFile
from renderer.prepare._parent import Prepared


def report(prepared: Prepared) -> dict[str, Any]:
    """The plate in the shape of DESIGN section 5, ``prepare --json``: sizes ``[w, h]``, rectangles ``[x, y, w, h]``."""
    plate = prepared.plate
    return {
        "kind": prepared.kind,
        "source_size": [plate.source_size.w, plate.source_size.h],
        "layout": {
            "creative": plate.creative_rect.as_list(),
            "panels": [{"kind": kind, "rect": rect.as_list()} for kind, rect in plate.panel_rects],
        },
        "scale": round(plate.scale, 6),
        "duration_ms": plate.duration_ms,
        "frames": plate.frames,
        "warnings": list(plate.warnings),
    }


def report_error(error: OohError) -> dict[str, Any]:
    """The refusal in the shape of DESIGN section 5: ``{"error": {"code", "message"}}``."""
    return {"error": {"code": error.code.code, "message": error.message}}


def first_png(
    prepared: Prepared, snapshots: Mapping[PanelKind, FeedSnapshot], config: Config, now: datetime
) -> Image.Image:
    """The screen at 0 s as a person would see it: the plate's base, and those panels that have data at ``now``.

    Raises ``OohError(PLATE_CORRUPT)`` when the plate cannot be read.
    """
    with PlateFile.open(prepared.file) as file:
        fields = file.plate_fields
        size = fields.screen_size
        screen = Image.frombytes("RGB", (size.w, size.h), file.base, "raw", "BGRX")
    kinds = [kind for kind, _ in fields.panel_rects if available(kind, snapshots.get(kind), now)]
    settings, style = PanelSettings.of(config), PanelStyle.of(config, size)
    for panel in refill(fields.areas, offers_for(size, kinds), size):
        rect = panel.rect
        behind = screen.crop((rect.x, rect.y, rect.right, rect.bottom))
        tile = draw(panel.kind, rect.size, snapshots.get(panel.kind), settings, style, now, behind)
        screen.paste(tile, (rect.x, rect.y))
    return screen
