"""Composes a choice into what goes on the screen: plate or backdrop, and the panels' tiles, as one frame."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cache import Plate, PlayLayout, Store
from config import Code, OohError, Rect, Size
from renderer.card import Cards
from renderer.layout import PanelArea, compose
from renderer.panels import offers_for, slate
from renderer.plate import PlateFile
from renderer.show._instead import Instead
from renderer.show._motion import Animation, Film, Motion
from renderer.show._settings import ShowSettings
from renderer.show._shelf import Shelf
from renderer.show._tiles import Read, Snapshots, Tile, draw_tiles, place, with_data
from renderer.show.decide import Choice
from renderer.video import Videos
from renderer.window import Frame

BLACK = "#000000"
"""Of a screen outside its hours, and of no other."""
_BYTES_PER_PIXEL = 4
_PATIENCE_S = 1.0
"""How long the worker waits for a video's first pictures; a slow one goes on from its base frame."""


@dataclass(slots=True)
class Staged:
    """A choice, ready to be presented. ``close`` lets go of its plate."""

    choice: Choice
    frame: Frame
    """What is presented; an animation and changing panels are painted into it."""
    behind: Read
    """What lies behind the panels."""
    areas: tuple[PanelArea, ...]
    """What the creative leaves for panels."""
    tiles: tuple[Tile, ...]
    layout: PlayLayout
    plate: Plate | None = None
    file: PlateFile | None = None
    house_name: str | None = None
    motion: Motion | None = None
    """What moves in it; it begins when the frame is presented."""

    @property
    def creative_id(self) -> str | None:
        """The exchange's id of an ad's creative, a house ad's file name."""
        return self.choice.ad.lease.creative_id if self.choice.ad is not None else self.house_name

    def close(self) -> None:
        """Let go of the plate's file and of what decodes it."""
        if self.motion is not None:
            self.motion.close()
        if self.file is not None:
            self.file.close()


class Stager:
    """Stages choices. Used from one thread at a time; reads files and draws, touches no database and no display."""

    def __init__(self, store: Store, videos: Videos | None = None, cards: Cards | None = None) -> None:
        """``videos``: how they are decoded for this display; by default as BGRX. ``cards``: who draws them."""
        self._store = store
        self._cards = cards
        self._videos = videos or Videos(planar=False)
        self._verified: set[str] = set()
        self._shelf = Shelf()

    def stage(self, settings: ShowSettings, choice: Choice, snapshots: Snapshots, now: datetime) -> Staged:
        """Compose it. Raises ``OohError`` (PLATE_CORRUPT, CACHE_UNAVAILABLE) when its plate cannot be shown."""
        if choice.ad is not None:
            return self._with_plate(settings, choice, choice.ad.plate, snapshots, now)
        if choice.house is not None:
            staged = self._with_plate(settings, choice, choice.house.plate, snapshots, now)
            staged.house_name = choice.house.name
            return staged
        if choice.instead is not None:
            frame = self._instead(settings.screen, choice.instead)
            return Staged(choice, frame, frame.read, (), (), PlayLayout(None, (), None))
        return _without_plate(settings, choice, snapshots, now)

    def _instead(self, screen: Size, instead: Instead) -> Frame:
        """A card, or nothing."""
        if instead.card is None or self._cards is None:
            return Frame.filled(screen, BLACK)
        picture = self._cards.draw(instead.card, screen, instead.until_ns)
        return Frame.from_bgrx(screen, picture.tobytes("raw", "BGRX"))

    def _with_plate(
        self, settings: ShowSettings, choice: Choice, plate: Plate, snapshots: Snapshots, now: datetime
    ) -> Staged:
        file = self._open(plate, settings.screen)
        try:
            screen = settings.screen
            frame = Frame.from_bgrx(screen, file.base)
            areas = file.plate_fields.areas

            def behind(rect: Rect) -> bytes:
                return read_rect(file.base, screen, rect)

            motion = self._motion(file, frame)
            places = place(settings, areas, snapshots, now)
            tiles = draw_tiles(
                settings, places, behind, snapshots, now, self._shelf.tiles(settings, plate.plate_sha256)
            )
            self._shelf.keep(plate.plate_sha256, tiles)
        except BaseException:
            file.close()
            raise
        paint(frame, tiles)
        rect = file.plate_fields.creative_rect
        layout = PlayLayout((rect.x, rect.y, rect.w, rect.h), tuple(tile.kind for tile in tiles), plate.scale)
        return Staged(choice, frame, behind, areas, tiles, layout, plate, file, motion=motion)

    def _motion(self, file: PlateFile, frame: Frame) -> Motion | None:
        """What moves. A video is decoded ahead from now on; one that cannot be is refused here."""
        fields = file.plate_fields
        if fields.kind == "animation":
            file.warm()
            return Animation(file, frame)
        if fields.kind != "video":
            return None
        clip = self._videos.open(file)
        try:
            clip.check_ready(_PATIENCE_S)
        except BaseException:
            clip.close()
            raise
        return Film(clip, frame, fields.creative_rect)

    def _open(self, plate: Plate, screen: Size) -> PlateFile:
        """Open a plate made for this screen.

        On its first use by this process it is hashed: a power cut can leave the right name on wrong bytes.
        """
        sha256 = plate.plate_sha256
        if sha256 not in self._verified:
            if not self._store.verify(sha256):
                raise OohError(Code.PLATE_CORRUPT, f"{sha256[:12]} is gone or not what was written")
            self._verified.add(sha256)
        path = self._store.path(sha256)
        if path is None:
            raise OohError(Code.PLATE_CORRUPT, f"{sha256[:12]} is gone")
        file = PlateFile.open(path)
        if file.plate_fields.screen_size != screen:
            file.close()
            raise OohError(Code.PLATE_CORRUPT, f"made for {file.plate_fields.screen_size}, the screen is {screen}")
        return file


def _without_plate(settings: ShowSettings, choice: Choice, snapshots: Snapshots, now: datetime) -> Staged:
    """Full-screen content, or the slate."""
    screen = settings.screen
    picture = slate(screen, settings.brand_colour)
    frame = Frame.from_bgrx(screen, picture.tobytes("raw", "BGRX"))
    if choice.kind == "slate":
        return Staged(choice, frame, frame.read, (), (), PlayLayout(None, (), None))
    backdrop = frame.copy()
    layout = compose(screen, None, offers_for(screen, with_data(settings, snapshots, now)), settings.rules)
    tiles = draw_tiles(settings, layout.panels, backdrop.read, snapshots, now)
    paint(frame, tiles)
    kinds = tuple(tile.kind for tile in tiles)
    return Staged(choice, frame, backdrop.read, layout.areas, tiles, PlayLayout(None, kinds, None))


@dataclass(frozen=True, slots=True)
class Redrawn:
    """New tiles for what is on the screen, and what must be painted first where the old ones were."""

    tiles: tuple[Tile, ...]
    ground: tuple[tuple[Rect, bytes], ...]


def redraw(settings: ShowSettings, staged: Staged, snapshots: Snapshots, now: datetime) -> Redrawn:
    """The tiles as they should be now. When panels came or went, the area is tiled anew."""
    if not staged.areas:
        return Redrawn((), ())
    places = place(settings, staged.areas, snapshots, now)
    tiles = draw_tiles(settings, places, staged.behind, snapshots, now, staged.tiles)
    moved = {(t.kind, t.rect) for t in tiles} != {(t.kind, t.rect) for t in staged.tiles}
    return Redrawn(tiles, tuple((area.rect, staged.behind(area.rect)) for area in staged.areas) if moved else ())


def apply(staged: Staged, redrawn: Redrawn) -> tuple[Rect, ...]:
    """Paint them into the staged frame; returns what changed."""
    if redrawn.ground:
        for rect, pixels in redrawn.ground:
            staged.frame.paste(rect, pixels)
        fresh: Collection[Tile] = redrawn.tiles
    else:
        fresh = [tile for tile in redrawn.tiles if not any(tile.pixels is old.pixels for old in staged.tiles)]
    paint(staged.frame, fresh)
    staged.tiles = redrawn.tiles
    return tuple(rect for rect, _ in redrawn.ground) or tuple(tile.rect for tile in fresh)


def paint(frame: Frame, tiles: Collection[Tile]) -> None:
    """Put the tiles on the frame."""
    for tile in tiles:
        frame.paste(tile.rect, tile.pixels)


def read_rect(pixels: memoryview, size: Size, rect: Rect) -> bytes:
    """A rectangle out of a whole screen's BGRX pixels, rows without gaps."""
    row, left, width = size.w * _BYTES_PER_PIXEL, rect.x * _BYTES_PER_PIXEL, rect.w * _BYTES_PER_PIXEL
    return b"".join(pixels[y * row + left : y * row + left + width] for y in range(rect.y, rect.bottom))
