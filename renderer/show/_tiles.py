"""The panels beside or instead of a creative: placed, drawn, and drawn again only when they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from cache import FeedSnapshot
from config import PanelKind, Rect
from renderer.layout import PanelArea, PanelRect, refill
from renderer.panels import available, draw, next_change, offers_for
from renderer.show._settings import ShowSettings

Snapshots = Mapping[PanelKind, FeedSnapshot]
Read = Callable[[Rect], bytes]
"""What lies behind the panels: BGRX of a rectangle of the screen, rows without gaps."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One panel as drawn: where, the pixels (BGRX), from which data, and until when it is true."""

    kind: PanelKind
    rect: Rect
    pixels: bytes
    snapshot: FeedSnapshot | None
    changes_at: datetime | None


def with_data(settings: ShowSettings, snapshots: Snapshots, now: datetime) -> tuple[PanelKind, ...]:
    """The panels that have something true to say now."""
    return tuple(kind for kind in settings.panels if available(kind, snapshots.get(kind), now))


def has_content(settings: ShowSettings, snapshots: Snapshots, now: datetime) -> bool:
    """True when full-screen content is worth a slot: a feed has data, or a clock is all that is wanted."""
    kinds = with_data(settings, snapshots, now)
    return bool(kinds) and (kinds != ("clock",) or settings.panels == ("clock",))


def place(
    settings: ShowSettings, areas: Sequence[PanelArea], snapshots: Snapshots, now: datetime
) -> tuple[PanelRect, ...]:
    """The panels that have data, tiling what the creative leaves."""
    return refill(areas, offers_for(settings.screen, with_data(settings, snapshots, now)), settings.screen)


def draw_tiles(
    settings: ShowSettings,
    places: Sequence[PanelRect],
    read: Read,
    snapshots: Snapshots,
    now: datetime,
    drawn: Sequence[Tile] = (),
) -> tuple[Tile, ...]:
    """A tile for every place; those of ``drawn`` that are still true are kept as they are."""
    kept = {(tile.kind, tile.rect): tile for tile in drawn}
    tiles = []
    for panel in places:
        snapshot = snapshots.get(panel.kind)
        tile = kept.get((panel.kind, panel.rect))
        if tile is None or not _still_true(tile, snapshot, now):
            tile = _draw(settings, panel, read, snapshot, now)
        tiles.append(tile)
    return tuple(tiles)


def changes_at(tiles: Sequence[Tile]) -> datetime | None:
    """When the first of the tiles is no longer true; None: never."""
    return min((tile.changes_at for tile in tiles if tile.changes_at is not None), default=None)


def _still_true(tile: Tile, snapshot: FeedSnapshot | None, now: datetime) -> bool:
    return tile.snapshot == snapshot and (tile.changes_at is None or now < tile.changes_at)


def _draw(settings: ShowSettings, panel: PanelRect, read: Read, snapshot: FeedSnapshot | None, now: datetime) -> Tile:
    size = (panel.rect.w, panel.rect.h)
    behind = Image.frombuffer("RGB", size, read(panel.rect), "raw", "BGRX", 0, 1)
    picture = draw(panel.kind, panel.rect.size, snapshot, settings.said, settings.look, now, behind)
    pixels = picture.tobytes("raw", "BGRX")
    return Tile(panel.kind, panel.rect, pixels, snapshot, next_change(panel.kind, snapshot, settings.said, now))
