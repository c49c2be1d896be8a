"""Small print: the attribution that a feed's licence asks for."""

from __future__ import annotations

from renderer.panels._tile import Tile
from renderer.panels._type import Face, fitting, shortened, width

_SIZE = 0.6
"""In labels: small, and legible as the rest of the screen is."""


def attribution_height(label: float, words: str) -> float:
    """What it takes of the inner box; most of it stands in the margin."""
    return label * _SIZE if words else 0.0


def attribution(tile: Tile, words: str, pages: int = 1) -> None:
    """In the lower corner where lines end; ``pages`` of dots keep the other one."""
    size = max(8.0, tile.label * _SIZE)
    room = tile.inner.w - (tile.label * (0.62 * pages + 0.4) if pages > 1 else 0.0)
    if width(words, Face.TEXT, size) > room:
        size = fitting(words, Face.TEXT, room, size, max(5.0, size * 0.75))
        words = shortened(words, Face.TEXT, size, room)
    under = tile.image.height - tile.inner.bottom
    tile.write((tile.inner.right, tile.inner.bottom + under * 0.40), words, Face.TEXT, size, tile.inks.third, "r")
