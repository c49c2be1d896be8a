"""A frame: one whole picture of the screen in memory, before rotation and dimming."""

from __future__ import annotations

from typing import Self

from config import Rect, Size
from renderer import heap
from renderer.window._pygame import pygame

_BYTES_PER_PIXEL = 4

Pixels = bytes | bytearray | memoryview


def blank_surface(size: Size) -> pygame.Surface:
    """A black surface whose pixels lie in memory as B, G, R, X. Raises ``MemoryError``."""
    memory = heap.picture(size.pixels * _BYTES_PER_PIXEL)
    return opaque(pygame.image.frombuffer(memory, (size.w, size.h), "BGRA"))


def opaque(surface: pygame.Surface) -> pygame.Surface:
    """The same surface, blitted as it is: its fourth byte is padding, not transparency."""
    surface.set_alpha(None)
    return surface


class Frame:
    """Pixels of the logical screen (what the layout sees). ``surface`` is for ``renderer/window`` alone."""

    __slots__ = ("size", "surface")

    def __init__(self, size: Size) -> None:
        self.size = size
        self.surface = blank_surface(size)

    @classmethod
    def from_bgrx(cls, size: Size, pixels: Pixels) -> Self:
        """Copy ``size.w * size.h * 4`` bytes. Raises ``ValueError`` when there are fewer or more."""
        frame = cls(size)
        frame.paste(Rect(0, 0, size.w, size.h), pixels)
        return frame

    @classmethod
    def filled(cls, size: Size, colour: str) -> Self:
        """One flat colour, ``#rrggbb``."""
        frame = cls(size)
        frame.surface.fill(pygame.Color(colour))
        return frame

    def copy(self) -> Frame:
        """Another frame with the same pixels."""
        twin = Frame(self.size)
        twin.surface.blit(self.surface, (0, 0))
        return twin

    def paste(self, rect: Rect, pixels: Pixels) -> None:
        """Put ``rect.w * rect.h * 4`` bytes (BGRX, rows without gaps) at ``rect``; what lies outside is cut off.

        Raises ``ValueError`` when the bytes are not as many as the rectangle needs.
        """
        self.surface.blit(opaque(pygame.image.frombuffer(pixels, (rect.w, rect.h), "BGRA")), (rect.x, rect.y))

    def read(self, rect: Rect) -> bytes:
        """The pixels at ``rect`` as BGRX rows without gaps. Raises ``ValueError`` when it is not inside."""
        part = blank_surface(rect.size)
        part.blit(opaque(self.surface.subsurface((rect.x, rect.y, rect.w, rect.h))), (0, 0))
        return bgrx_bytes(part)


def bgrx_bytes(surface: pygame.Surface) -> bytes:
    """A surface of this module's own format as bytes, rows without gaps."""
    raw: bytes = surface.get_buffer().raw
    row, pitch = surface.get_width() * _BYTES_PER_PIXEL, surface.get_pitch()
    if pitch == row:
        return raw
    return b"".join(raw[y * pitch : y * pitch + row] for y in range(surface.get_height()))
