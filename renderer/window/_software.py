"""The software way: a surface in memory, of which only the dirty rectangles are sent."""

from __future__ import annotations

from collections.abc import Sequence

from cache import Clock
from config import Rect
from renderer.watchdog import Glance
from renderer.window._display import Capture, Crossing, Movement, Overlay
from renderer.window._frame import Frame, bgrx_bytes, blank_surface, opaque
from renderer.window._places import Places
from renderer.window._pygame import pygame
from renderer.window._sdl_window import FULL_LEVEL, Opened, SdlWindow
from renderer.window._turn import clipped, moved, narrowed, turned_rect

_OPAQUE = 255


class SoftwareDisplay(SdlWindow):
    """A window's surface. Frames are turned and dimmed here, on their way out."""

    takes_yuv = False

    def __init__(self, window: pygame.Surface, opened: Opened, clock: Clock) -> None:
        super().__init__(opened, clock)
        self._window = window
        self._shown: Frame | None = None
        self._ready: tuple[Frame, pygame.Surface] | None = None

    def show(self, frame: Frame, dirty: Sequence[Rect] | None = None, overlay: Overlay | None = None) -> int:
        """Present the frame, or its dirty parts. Returns monotonic ns after the present call returned."""
        if overlay is not None:
            message = "a software surface takes no overlay: paste the picture into the frame"
            raise ValueError(message)
        if dirty is None or frame is not self._shown:
            self._window.blit(self._take(frame), (0, 0))
            self._shown = frame
            pygame.display.flip()
            return self.presented()
        parts = []
        for rect in (clipped(rect, self.size) for rect in dirty):
            if rect is not None:
                part = opaque(frame.surface.subsurface((rect.x, rect.y, rect.w, rect.h)))
                place = turned_rect(rect, self.size, self.rotation)
                self._window.blit(self._outgoing(part), (place.x, place.y))
                parts.append((place.x, place.y, place.w, place.h))
        if parts:  # an empty list would mean the whole window to SDL
            pygame.display.update(parts)
        return self.presented()

    def make_ready(self, frame: Frame) -> None:
        """Turn and dim it ahead."""
        if self._ready is None or self._ready[0] is not frame:
            self._ready = (frame, self._outgoing(frame.surface))

    def cross(self, old: Frame, new: Frame, movement: Movement) -> Crossing:
        """Both frames are turned and dimmed once, not at every step."""
        self.make_ready(new)
        kind = _Fade if movement == "fade" else _Slide
        return kind(self, self._outgoing(old.surface), self._take(new, keep=True))

    def present(self, layers: Sequence[tuple[pygame.Surface, Rect]]) -> int:
        """Put surfaces, turned and dimmed already, at their places on the logical screen, and present all."""
        for surface, rect in layers:
            place = turned_rect(rect, self.size, self.rotation)
            self._window.blit(surface, (place.x, place.y))
        pygame.display.flip()
        return self.presented()

    def capture(self, most_width: int | None = None) -> Capture:
        """The window's surface, upright again."""
        size = narrowed(self.size, most_width)
        copy = blank_surface(self.panel)
        copy.blit(self._window, (0, 0))
        if size != self.size:
            across = size.turned(self.rotation)
            copy = pygame.transform.smoothscale(copy, (across.w, across.h))
        upright = pygame.transform.rotate(copy, self.rotation) if self.rotation else copy
        return Capture(size, bgrx_bytes(upright))

    def _glance(self, places: Places) -> Glance | None:
        if self._shown is None:
            return None
        return Glance("surface", places.on(self._window), places.meant(self._shown, self.rotation, self.level))

    def show_again(self) -> None:
        """Present what is shown once more, whole."""
        self._ready = None
        if self._shown is not None:
            self.show(self._shown)

    def _take(self, frame: Frame, *, keep: bool = False) -> pygame.Surface:
        """The frame as the panel wants it, made ready before or now."""
        if self._ready is not None and self._ready[0] is frame:
            surface = self._ready[1]
            self._ready = self._ready if keep else None
            return surface
        return self._outgoing(frame.surface)

    def _outgoing(self, surface: pygame.Surface) -> pygame.Surface:
        """The pixels as the panel wants them; the very surface when nothing is to be done."""
        if self.rotation:
            surface = opaque(pygame.transform.rotate(surface, -self.rotation))  # SDL turns counter-clockwise
        if self.level == FULL_LEVEL:
            return surface
        if not self.rotation:
            surface = opaque(surface.copy())
        surface.fill((self.level, self.level, self.level), special_flags=pygame.BLEND_RGB_MULT)
        return surface


class _Slide:
    """The new comes from the right and pushes the old. Both are turned and dimmed once, not at every step."""

    def __init__(self, display: SoftwareDisplay, old: pygame.Surface, new: pygame.Surface) -> None:
        self._display = display
        self._old = old
        self._new = new
        self._whole = Rect(0, 0, display.size.w, display.size.h)

    def step(self, share: float) -> int:
        """Present how far they have come; the share is clamped to 0..1."""
        way = round(self._whole.w * min(1.0, max(0.0, share)))
        return self._display.present(
            [(self._old, moved(self._whole, -way)), (self._new, moved(self._whole, self._whole.w - way))]
        )


class _Fade(_Slide):
    """The new over the old, more and more of it, mixed straight into the window's surface.

    Each step adds what is missing to the mix that is there (0.8 ms at 1080p; old and new anew: 2 ms). The share goes
    into the fourth byte of the new picture, its padding: with that one, and not with a surface's own alpha, pygame
    mixes by vectors. Rounding leaves a mix off by 6 of 255 at most, halfway; what is the same in both stays the same.
    """

    def __init__(self, display: SoftwareDisplay, old: pygame.Surface, new: pygame.Surface) -> None:
        super().__init__(display, old, new)
        self._alpha = 0
        self._new.fill((255, 255, 255, 0), special_flags=pygame.BLEND_RGBA_MULT)
        self._left = 0.0
        """How much of the old is in the window; 0: it must be put there first."""

    def step(self, share: float) -> int:
        """Present the mix; the share is clamped to 0..1."""
        left = 1.0 - min(1.0, max(0.0, share))
        layers = [(self._new, self._whole)]
        if left > self._left:
            layers.insert(0, (self._old, self._whole))
            self._left = 1.0
        self._set_alpha(round(_OPAQUE * (1.0 - left / self._left)) if self._left else _OPAQUE)
        self._left *= 1.0 - self._alpha / _OPAQUE
        self._new.set_alpha(_OPAQUE)  # mix it by its fourth bytes
        try:
            return self._display.present(layers)
        finally:
            opaque(self._new)  # it is the frame's own surface: leave it as it was

    def _set_alpha(self, alpha: int) -> None:
        change = pygame.BLEND_RGBA_ADD if alpha > self._alpha else pygame.BLEND_RGBA_SUB
        self._new.fill((0, 0, 0, abs(alpha - self._alpha)), special_flags=change)
        self._alpha = alpha
