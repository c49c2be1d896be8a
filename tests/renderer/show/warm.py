"""A warm cache, as the agent leaves it: real plates in a real store, leases in a real journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cache import Cache, Clock, Folders, HouseAd, Identity, Journal, Plate, SystemClock
from config import Rect, Size
from renderer.plate import PlateFields, PlateWriter
from renderer.show import Lookout, Seen
from tests.renderer.show.shapes import lease

BUDGET_BYTES = 500_000_000
IDENTITY = Identity("screen-1", "venue-1", "0.0-test")


def solid(colour: tuple[int, int, int], size: Size) -> bytes:
    """A whole picture of one colour (red, green, blue), as BGRX."""
    red, green, blue = colour
    return bytes((blue, green, red, 255)) * size.pixels


@dataclass
class WarmCache:
    """Folders, cache and journal under one temporary folder; the clock is the machine's."""

    folders: Folders
    cache: Cache
    journal: Journal
    clock: SystemClock
    screen: Size

    @classmethod
    def at(cls, folder: Path, screen: Size) -> WarmCache:
        folders = Folders(folder / "state", folder / "run")
        for made in (folders.state, folders.run):
            made.mkdir(parents=True, exist_ok=True)
        clock = SystemClock()
        cache = Cache.open(folders, clock, BUDGET_BYTES)
        return cls(folders, cache, Journal.open(folders.state, clock, IDENTITY), clock, screen)

    def plate(
        self,
        key: str,
        colour: tuple[int, int, int],
        *,
        panels: Rect | None = None,
        frames: Sequence[tuple[tuple[int, int, int], int]] = (),
    ) -> Plate:
        """A creative of one flat colour; ``frames``: (colour, delay in ms) of an animation, the first in the base."""
        creative = Rect(0, 0, panels.x if panels is not None else self.screen.w, self.screen.h)
        fields = PlateFields(
            creative_sha256="c" * 64,
            kind="animation" if frames else "still",
            source_size=Size(100, 100),
            screen_size=self.screen,
            creative_rect=creative,
            panel_rects=(),
            panel_area=panels,
            scale=1.0,
            frames=len(frames) or 1,
            duration_ms=sum(delay for _, delay in frames),
        )
        path = self.folders.state / f"{key}.part"
        with PlateWriter(path, self.screen) as writer:
            writer.write_base([solid(colour, self.screen)])
            for index in [*range(1, len(frames)), *([0] if frames else [])]:
                writer.write_change(index, creative, frames[index][1], solid(frames[index][0], creative.size))
            writer.finish(fields)
        return self.keep(path, fields, key)

    def keep(self, path: Path, fields: PlateFields, key: str) -> Plate:
        """Put a plate's file into the store, under this key."""
        size_bytes = path.stat().st_size
        sha256 = self.cache.store.put_file(path, "plate")
        plate = Plate(
            key=key,
            plate_sha256=sha256,
            creative_sha256=fields.creative_sha256,
            kind=fields.kind,
            source_size=fields.source_size,
            screen_size=fields.screen_size,
            creative_rect=fields.creative_rect,
            panel_rects=fields.panel_rects,
            panel_area=fields.panel_area,
            scale=fields.scale,
            frames=fields.frames,
            duration_ms=fields.duration_ms,
            size_bytes=size_bytes,
            loops=fields.loops,
        )
        self.cache.save_plate(plate)
        return plate

    def ad(self, lease_id: str, plate: Plate, duration_ms: int) -> None:
        """A paid ad, prepared."""
        self.journal.offer(lease(lease_id, duration_ms, now=self.clock.now() - timedelta(seconds=1)))
        self.journal.cached(lease_id, plate.creative_sha256)
        self.journal.prepared(lease_id, plate)

    def house(self, *ads: tuple[str, Plate]) -> None:
        """The operator's own."""
        self.cache.set_house([HouseAd(name, plate) for name, plate in ads])

    def remove_plate(self, plate: Plate) -> None:
        self.cache.store.remove(plate.plate_sha256)


def lookout_at(folders: Folders, clock: Clock) -> Lookout:
    """A lookout with connections of its own."""
    return Lookout(
        lambda: Journal.open(folders.state, clock, IDENTITY, check=False),
        lambda: Cache.open(folders, clock, BUDGET_BYTES),
        clock,
        lambda: None,
    )


def looked(lookout: Lookout) -> Seen:
    """What is there now."""
    assert lookout.wait(lookout.look(), 10)
    return lookout.seen
