"""The one real display: an SDL window, its software surface and dirty rectangles."""

from __future__ import annotations

from collections.abc import Sequence

from cache import Clock, DisplayState
from config import Rect, Size
from renderer.window._display import Capture, Fade, Overlay, WindowEvent
from renderer.window._evidence import Connector, display_state, evidence
from renderer.window._frame import Frame, bgrx_bytes, blank_surface
from renderer.window._pygame import pygame
from renderer.window._turn import clipped, turned_rect

_FULL_BRIGHTNESS = 100
_HEADLESS_DRIVERS = ("offscreen", "dummy")
_PUMP_S = 1.0
_USUAL_HZ = 60.0


class SdlDisplay:
    """A window that is open already. Frames are turned and dimmed here, on their way out."""

    def __init__(
        self, window: pygame.Surface, clock: Clock, connectors: Sequence[Connector], rotation: int, brightness: int
    ) -> None:
        self._window = window
        self._clock = clock
        self._connectors = tuple(connectors)
        self._rotation = rotation % 360
        self._brightness = brightness
        self._panel = Size(*window.get_size())
        self.size = self._panel.turned(rotation)
        self.driver = pygame.display.get_driver().lower()
        self.refresh_hz = float(pygame.display.get_current_refresh_rate() or _USUAL_HZ)
        self.pump_s = None if self.driver in _HEADLESS_DRIVERS else _PUMP_S

    @property
    def takes_yuv(self) -> bool:
        """Never: a software surface has no planes."""
        return False

    @property
    def evidence(self) -> str | None:
        """Driver, mode and connectors, read afresh."""
        return evidence(self.driver, self._panel, [connector.now() for connector in self._connectors])

    @property
    def state(self) -> DisplayState:
        """From the kernel's connectors, where this process drives them."""
        return display_state(self.driver, [connector.now() for connector in self._connectors])

    def show(self, frame: Frame, dirty: Sequence[Rect] | None = None, overlay: Overlay | None = None) -> int:
        """Present the frame, or its dirty parts. Returns monotonic ns after the present call returned."""
        if overlay is not None:
            message = "a software surface takes no overlay: paste the picture into the frame"
            raise ValueError(message)
        if dirty is None:
            self._window.blit(self._outgoing(frame.surface), (0, 0))
            pygame.display.flip()
            return self._clock.monotonic_ns()
        parts = []
        for rect in (clipped(rect, self.size) for rect in dirty):
            if rect is not None:
                part = frame.surface.subsurface((rect.x, rect.y, rect.w, rect.h))
                place = turned_rect(rect, self.size, self._rotation)
                self._window.blit(self._outgoing(part), (place.x, place.y))
                parts.append((place.x, place.y, place.w, place.h))
        if parts:  # an empty list would mean the whole window to SDL
            pygame.display.update(parts)
        return self._clock.monotonic_ns()

    def fade(self, old: Frame, new: Frame) -> Fade:
        """Begin a cross-fade: both frames are turned and dimmed once, not at every step."""
        return _SdlFade(self._window, self._clock, self._outgoing(old.surface), self._outgoing(new.surface))

    def capture(self) -> Capture:
        """The window's surface, upright again."""
        copy = blank_surface(self._panel)
        copy.blit(self._window, (0, 0))
        upright = pygame.transform.rotate(copy, self._rotation) if self._rotation else copy
        return Capture(self.size, bgrx_bytes(upright))

    def pump(self) -> tuple[WindowEvent, ...]:
        """Take the window's events without waiting (``pygame.event.wait`` polls: it is not used)."""
        kinds = {event.type for event in pygame.event.get()}
        events: list[WindowEvent] = []
        if kinds & {pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSHOWN}:
            events.append("exposed")
        if pygame.QUIT in kinds:
            events.append("close")
        return tuple(events)

    def close(self) -> None:
        """Close the window and SDL's video."""
        pygame.display.quit()

    def _outgoing(self, surface: pygame.Surface) -> pygame.Surface:
        """The pixels as the panel wants them; the very surface when nothing is to be done."""
        if self._rotation:
            surface = pygame.transform.rotate(surface, -self._rotation)  # SDL turns counter-clockwise
        if self._brightness == _FULL_BRIGHTNESS:
            return surface
        if not self._rotation:
            surface = surface.copy()
        level = round(255 * self._brightness / _FULL_BRIGHTNESS)
        surface.fill((level, level, level), special_flags=pygame.BLEND_RGB_MULT)
        return surface


class _SdlFade:
    """Old and new, mixed straight into the window's surface (1.9 ms a step at 1080p)."""

    def __init__(self, window: pygame.Surface, clock: Clock, old: pygame.Surface, new: pygame.Surface) -> None:
        self._window = window
        self._clock = clock
        self._old = old
        self._new = new

    def step(self, share: float) -> int:
        """Present the mix; the share is clamped to 0..1."""
        alpha = round(255 * min(1.0, max(0.0, share)))
        self._window.blit(self._old, (0, 0))
        self._new.set_alpha(alpha)
        try:
            self._window.blit(self._new, (0, 0))
        finally:
            self._new.set_alpha(None)  # it is the frame's own surface: leave it as it was
        pygame.display.flip()
        return self._clock.monotonic_ns()
