"""The shelf: what was drawn over a plate is kept for the next time that it is shown, within a budget."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.show._settings import ShowSettings
from renderer.show._tiles import Tile

_BYTES_PER_PIXEL = 4
_SCREENS = 1.6
"""13 MB at 1080p: the weather and a clock beside four banners, or beside ten that leave less."""
_LONG_AGO = 200
"""Stagings: half an hour of 10 s slots. What was not wanted for so long makes room."""


@dataclass(frozen=True, slots=True)
class _Kept:
    tiles: tuple[Tile, ...]
    used: int
    """At which staging, the first is 1."""


class Shelf:
    """A loop shows the same creatives again and again, beside a weather that stays for an hour.

    A full shelf takes nothing new until something on it was not wanted for long: a loop that is too large for it finds
    a part of its tiles there, where one that dropped the oldest would find none. Used from one thread at a time.
    """

    def __init__(self, screens: float = _SCREENS) -> None:
        """``screens``: the budget, in pictures of the whole screen."""
        self._screens = screens
        self._most_bytes = 0
        self._settings: ShowSettings | None = None
        self._kept: dict[str, _Kept] = {}
        self._staged = 0

    def tiles(self, settings: ShowSettings, plate_sha256: str) -> tuple[Tile, ...]:
        """Those that were drawn over this plate last, by these very settings."""
        self._staged += 1
        if settings is not self._settings:
            self._settings = settings
            self._most_bytes = round(self._screens * settings.screen.pixels * _BYTES_PER_PIXEL)
            self._kept.clear()
        kept = self._kept.get(plate_sha256)
        return () if kept is None else kept.tiles

    def keep(self, plate_sha256: str, tiles: tuple[Tile, ...]) -> None:
        """Keep these in the place of what was kept for this plate, if there is room."""
        self._kept.pop(plate_sha256, None)
        wanted = sum(len(tile.pixels) for tile in tiles)
        if self._size_bytes + wanted > self._most_bytes:
            lately = self._staged - _LONG_AGO
            self._kept = {key: each for key, each in self._kept.items() if each.used > lately}
        if tiles and self._size_bytes + wanted <= self._most_bytes:
            self._kept[plate_sha256] = _Kept(tiles, self._staged)

    @property
    def _size_bytes(self) -> int:
        return sum(len(tile.pixels) for each in self._kept.values() for tile in each.tiles)
