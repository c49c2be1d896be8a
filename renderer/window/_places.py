"""The places of a glance: a grid over the panel that is elsewhere each time, and the pixels that are meant there."""

from __future__ import annotations

from dataclasses import dataclass

from config import Size
from renderer.window._frame import Frame
from renderer.window._pygame import pygame
from renderer.window._turn import upright

_ROWS, _COLUMNS = 8, 12
_STEP = 0.6180339887
"""The golden ratio's: successive grids never fall into each other's lines."""
_FULL = 255


@dataclass(frozen=True, slots=True)
class Places:
    """Rows and columns on the panel as it is mounted."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]

    @classmethod
    def of(cls, panel: Size, turn: int) -> Places:
        """The grid of the ``turn``-th glance."""
        return cls(_lines(panel.h, _ROWS, turn * _STEP % 1), _lines(panel.w, _COLUMNS, turn * _STEP * _STEP % 1))

    def meant(self, frame: Frame, rotation: int, level: int) -> bytes:
        """What a frame has there once it is turned and dimmed: three bytes (red, green, blue) each."""
        get_at, logical = frame.surface.get_at, frame.size
        found = bytearray()
        for y in self.rows:
            for x in self.columns:
                found += bytes(get_at(upright(x, y, logical, rotation))[:3])
        return bytes(found) if level == _FULL else bytes(channel * level // _FULL for channel in found)

    def on(self, surface: pygame.Surface) -> bytes:
        """What a surface of the panel's size has there."""
        get_at = surface.get_at
        return b"".join(bytes(get_at((x, y))[:3]) for y in self.rows for x in self.columns)


def _lines(length: int, count: int, phase: float) -> tuple[int, ...]:
    return tuple(min(length - 1, int((number + phase) * length / count)) for number in range(count))
