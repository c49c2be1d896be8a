"""The SDL window that both back ends draw into: its events, its connectors, its turning and dimming."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cache import Clock, DisplayState
from config import Size
from renderer.watchdog import Glance
from renderer.window._display import Output, WindowEvent
from renderer.window._evidence import Connector, ConnectorState, display_state, evidence
from renderer.window._hotplug import News
from renderer.window._places import Places
from renderer.window._pygame import pygame

log = logging.getLogger("ooh.window")

HEADLESS_DRIVERS = ("offscreen", "dummy")
FULL_LEVEL = 255
_FULL_BRIGHTNESS = 100
_BLIND_PUMP_S = 1.0
"""Without an ear at the window's connection, its events are looked for this often."""
_X11_PUMP_S = 60.0
"""SDL keeps X's screen saver away when it pumps; X's own default is to blank after ten minutes."""
_EXPOSED = frozenset({pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSHOWN})
_LOST = frozenset({pygame.RENDER_TARGETS_RESET, pygame.RENDER_DEVICE_RESET})
_RESIZED = frozenset({pygame.WINDOWSIZECHANGED, pygame.WINDOWDISPLAYCHANGED})
_KEYS: dict[int, WindowEvent] = {
    pygame.K_s: "status",
    pygame.K_F1: "status",
    pygame.K_i: "identify",
    pygame.K_t: "pattern",
    pygame.K_ESCAPE: "resume",
}
"""What a tech with a keyboard may ask for: docs/display.md."""
ALLOWED_EVENTS = (pygame.QUIT, pygame.KEYDOWN, *sorted(_EXPOSED | _LOST | _RESIZED))


class Eye(Protocol):
    """Something that sees what a server really shows."""

    size: Size

    def read(self, places: Places) -> bytes | None:
        """Three bytes (red, green, blue) a place; None when it cannot be read."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A window that is open, and what was found out about it."""

    output: Output
    panel: Size
    """Its size as the panel is mounted, before rotation."""
    rotation: int
    brightness: int
    close: Callable[[], None]
    connectors: tuple[Connector, ...] = ()
    connection_fd: int | None = None
    """The window's connection to X or Wayland."""
    plugs: News | None = None
    eye: Eye | None = None
    """What the X server shows."""
    drm_fd: int | None = None
    """SDL's, on KMSDRM."""
    root_now: Callable[[], Size | None] = lambda: None
    """How large X's whole desktop is; None where there is no X, or where that changes nothing."""
    size_now: Callable[[], Size | None] = lambda: None
    """Which size a window would be given now; None when it cannot become another one."""


class SdlWindow(ABC):
    """What a display is, whichever back end draws. ``show_again`` is the back end's."""

    def __init__(self, opened: Opened, clock: Clock) -> None:
        self._opened = opened
        self.clock = clock
        self.output = opened.output
        self.panel = opened.panel
        self.rotation = opened.rotation % 360
        self.size = opened.panel.turned(opened.rotation)
        self.level = _level(opened.brightness)
        self.shown_ns = clock.monotonic_ns()
        self._blind = False
        """True while the own eye fails: told of once."""
        self._root = opened.root_now()
        self._plugged = {state.plug for state in self._connectors() if state.connected}

    @property
    def ears(self) -> tuple[int, ...]:
        """The window's connection, and the kernel's news of plugs."""
        plugs = self._opened.plugs
        ears = (self._opened.connection_fd, None if plugs is None else plugs.fileno())
        return tuple(fd for fd in ears if fd is not None)

    @property
    def pump_s(self) -> float | None:
        """None where no events come but by the ears: in memory, on KMSDRM (no window manager), on Wayland."""
        if self.output.driver in (*HEADLESS_DRIVERS, "kmsdrm"):
            return None
        if self._opened.connection_fd is None:
            return _BLIND_PUMP_S
        return _X11_PUMP_S if self.output.driver == "x11" else None

    @property
    def drm_fd(self) -> int | None:
        """On KMSDRM, as long as the window is open."""
        return self._opened.drm_fd

    @property
    def evidence(self) -> str | None:
        """Driver, mode and connectors, read afresh."""
        return evidence(self.output.driver, self.panel, self._connectors())

    @property
    def state(self) -> DisplayState:
        """From the kernel's connectors, where this process drives them."""
        return display_state(self.output.driver, self._connectors())

    def set_brightness(self, percent: int) -> None:
        """Dim what is shown now and from now on."""
        before, self.level = self.level, _level(percent)
        if self.level != before:
            self.show_again()

    def presented(self) -> int:
        """Called when a present call has returned."""
        self.shown_ns = self.clock.monotonic_ns()
        return self.shown_ns

    def glance(self, turn: int) -> tuple[Glance, ...]:
        """The back end's own eye, and the server's where there is one."""
        places = Places.of(self.panel, turn)
        try:
            own = self._glance(places)
        except pygame.error:
            if not self._blind:
                log.exception("glance.failed")
            self._blind = True
            return ()
        self._blind = False
        if own is None:
            return ()
        seen = self._server_sees(places)
        return (own,) if seen is None else (own, Glance("server", seen, own.meant))

    @abstractmethod
    def _glance(self, places: Places) -> Glance | None:
        """What the back end itself holds there. Raises ``pygame.error``."""

    def _server_sees(self, places: Places) -> bytes | None:
        """None where nothing can be read: no X, another size, or a frame that is on its way."""
        eye = self._opened.eye
        if eye is None or eye.size != self.panel or not self._is_out():
            return None
        return eye.read(places)

    def _is_out(self) -> bool:
        """True when what was presented must have reached the server."""
        return True

    @abstractmethod
    def show_again(self) -> None:
        """Present what is shown once more, whole."""

    def pump(self) -> tuple[WindowEvent, ...]:
        """Take the window's events without waiting (``pygame.event.wait`` polls: it is not used)."""
        taken = pygame.event.get()
        kinds = {event.type for event in taken}
        pressed = [getattr(event, "key", None) for event in taken if event.type == pygame.KEYDOWN]
        keys = [_KEYS[key] for key in pressed if key in _KEYS]
        events: list[WindowEvent] = keys[-1:]
        if kinds & (_EXPOSED | _LOST):
            events.append("exposed")
        if (kinds & _RESIZED and self._has_another_size()) or self._has_another_desktop() or self._was_plugged_in():
            events.append("changed")
        if pygame.QUIT in kinds:
            events.append("close")
        return tuple(events)

    def close(self) -> None:
        """Close the window and SDL's video."""
        if self._opened.plugs is not None:
            self._opened.plugs.close()
        if self._opened.eye is not None:
            self._opened.eye.close()
        self._opened.close()

    def _has_another_size(self) -> bool:
        now = self._opened.size_now()
        return now is not None and now != self.panel

    def _has_another_desktop(self) -> bool:
        """True once X has another mode: its news wake us, but SDL keeps to the sizes that it knew at its start."""
        if self._root is None:
            return False
        before, now = self._root, self._opened.root_now()
        self._root = now or before
        return self._root != before

    def _was_plugged_in(self) -> bool:
        """True when a display is connected that was not, on a driver that does not set its mode by itself."""
        plugs = self._opened.plugs
        if plugs is None or not plugs.drain():
            return False
        before = self._plugged
        self._plugged = {state.plug for state in self._connectors() if state.connected}
        return self.output.driver == "kmsdrm" and bool(self._plugged - before)

    def _connectors(self) -> list[ConnectorState]:
        return [connector.now() for connector in self._opened.connectors]


def _level(percent: int) -> int:
    return round(FULL_LEVEL * min(_FULL_BRIGHTNESS, max(0, percent)) / _FULL_BRIGHTNESS)
