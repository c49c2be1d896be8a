"""The panels beside or instead of a creative: placed, drawn, and drawn again only when they change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from PIL import Image

from cache import FeedSnapshot
from config import PanelKind, Rect
from renderer import heap
from renderer.layout import PanelArea, PanelRect, refill
from renderer.panels import available, bands, draw, next_change, offers_for, says
from renderer.show._settings import ShowSettings

_BYTES_PER_PIXEL = 4
_FURNITURE: frozenset[PanelKind] = frozenset({"clock", "brand"})
"""Beside an ad, yes; alone on the screen only when nothing else is set up."""
Snapshots = Mapping[PanelKind, FeedSnapshot]
Read = Callable[[Rect], bytes]
"""What lies behind the panels: BGRX of a rectangle of the screen, rows without gaps."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One panel as drawn: where, the pixels (BGRX), what they say, and until when that is sure to be true."""

    kind: PanelKind
    rect: Rect
    pixels: memoryview
    says: Hashable
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Behind:
    """What lies behind a tile, read where it is looked at: a picture of it all would be as large as the tile."""

    rect: Rect
    read: Read

    @property
    def size(self) -> tuple[int, int]:
        """The tile's."""
        return self.rect.w, self.rect.h

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        """RGB."""
        left, top, right, bottom = box
        part = Rect(self.rect.x + left, self.rect.y + top, right - left, bottom - top)
        return Image.frombuffer("RGB", (part.w, part.h), self.read(part), "raw", "BGRX", 0, 1)


def with_data(settings: ShowSettings, snapshots: Snapshots, now: datetime) -> tuple[PanelKind, ...]:
    """The panels that have something true to say now."""
    return tuple(kind for kind in settings.panels if available(kind, snapshots.get(kind), now))


def has_content(settings: ShowSettings, snapshots: Snapshots, now: datetime) -> bool:
    """True when full-screen content is worth a slot: a feed has data, or clock and brand are all that is wanted."""
    kinds = set(with_data(settings, snapshots, now))
    return bool(kinds) and (bool(kinds - _FURNITURE) or not set(settings.panels) - _FURNITURE)


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
    """A tile for every place; those of ``drawn`` that still say the same are kept, their pixels untouched."""
    kept = {(tile.kind, tile.rect): tile for tile in drawn}
    return tuple(
        _tile(settings, panel, read, snapshots.get(panel.kind), now, kept.get((panel.kind, panel.rect)))
        for panel in places
    )


def changes_at(tiles: Sequence[Tile]) -> datetime | None:
    """When the first of the tiles is no longer true; None: never."""
    return min((tile.changes_at for tile in tiles if tile.changes_at is not None), default=None)


def _tile(
    settings: ShowSettings,
    panel: PanelRect,
    read: Read,
    snapshot: FeedSnapshot | None,
    now: datetime,
    before: Tile | None,
) -> Tile:
    """The tile as it should be now: the one before when it says the same, else drawn anew."""
    size = panel.rect.size
    said = says(panel.kind, snapshot, settings.said, now, size, settings.look)
    changes = next_change(panel.kind, snapshot, settings.said, now, size, settings.look)
    if before is not None and before.says == said:
        return before if before.changes_at == changes else replace(before, changes_at=changes)
    picture = draw(panel.kind, size, snapshot, settings.said, settings.look, now, _Behind(panel.rect, read))
    return Tile(panel.kind, panel.rect, _pixels(picture), said, changes)


def _pixels(picture: Image.Image) -> memoryview:
    """A drawn tile as BGRX, rows without gaps."""
    row = picture.width * _BYTES_PER_PIXEL
    pixels = heap.picture(row * picture.height)
    for top, bottom in bands(picture.height):
        pixels[top * row : bottom * row] = picture.crop((0, top, picture.width, bottom)).tobytes("raw", "BGRX")
    return pixels
