"""Opening the display: which SDL driver, which size, and patience when it comes late."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cache import Clock
from config import USUAL_SIZE, Code, OohError, ScreenConfig, Size
from renderer.window._display import Display
from renderer.window._evidence import connectors
from renderer.window._pygame import pygame
from renderer.window._sdl import SdlDisplay

log = logging.getLogger("ooh.window")

_DRI = Path("/dev/dri")
_WITH_PLAIN_FRAME_BUFFER = ("x11", "offscreen", "dummy")
_HINTS = {"SDL_FRAMEBUFFER_ACCELERATION", "SDL_RENDER_VSYNC", "SDL_VIDEO_DOUBLE_BUFFER"}
_FIRST_WAIT_S = 0.25
_LONGEST_WAIT_S = 2.0
_ALLOWED_EVENTS = (pygame.QUIT, pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSHOWN)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a display that is not there yet: ``/dev/dri`` can appear seconds after the boot."""

    seconds: float = 30.0
    sleep: Callable[[float], None] = time.sleep


def drivers(environ: Mapping[str, str], *, headless: bool, dri: Path = _DRI) -> tuple[str, ...]:
    """The SDL drivers to try, best first. ``SDL_VIDEODRIVER`` names the only one."""
    if headless:
        return ("offscreen", "dummy")
    if named := environ.get("SDL_VIDEODRIVER"):
        return (named,)
    found = []
    if environ.get("WAYLAND_DISPLAY"):
        found.append("wayland")
    if environ.get("DISPLAY"):
        found.append("x11")
    if not found or any(dri.glob("card*")):
        found.append("kmsdrm")
    return tuple(found)


def hints(driver: str) -> dict[str, str]:
    """SDL's settings for a driver, as environment variables.

    The plain frame buffer is 11 times cheaper than SDL's default under X (measured); KMSDRM and Wayland have none:
    there the picture goes through a texture, on KMSDRM with two buffers (fewer pending-flip hangs on a Pi).
    """
    common = {"SDL_VIDEODRIVER": driver, "SDL_NO_SIGNAL_HANDLERS": "1", "SDL_VIDEO_WINDOW_POS": "0,0"}
    if driver in _WITH_PLAIN_FRAME_BUFFER:
        return common | {"SDL_FRAMEBUFFER_ACCELERATION": "0"}
    return common | {"SDL_RENDER_VSYNC": "1", "SDL_VIDEO_DOUBLE_BUFFER": "1"}


def set_hints(driver: str) -> None:
    """Put a driver's settings where SDL reads them, and take those of a driver tried before away."""
    wanted = hints(driver)
    for name in _HINTS - wanted.keys():
        os.environ.pop(name, None)
    os.environ.update(wanted)


def open_display(
    config: ScreenConfig,
    *,
    headless: bool,
    environ: Mapping[str, str],
    clock: Clock,
    patience: Patience | None = None,
) -> Display:
    """Open the screen; headless draws into memory.

    Waits for a display that comes late. Raises ``DISPLAY_UNAVAILABLE`` when patience is at its end.
    """
    patience = patience or Patience()
    deadline_ns = clock.monotonic_ns() + round(patience.seconds * 1e9)
    wait_s = _FIRST_WAIT_S
    while True:
        problems = []
        for driver in drivers(environ, headless=headless):
            try:
                window = _open_window(driver, config.panel_size(), headless=headless)
            except pygame.error as problem:
                pygame.display.quit()
                problems.append(f"{driver}: {problem}")
            else:
                found = () if headless else connectors()
                return SdlDisplay(window, clock, found, config.rotation, config.brightness)
        if clock.monotonic_ns() + round(wait_s * 1e9) > deadline_ns:
            raise OohError(Code.DISPLAY_UNAVAILABLE, "; ".join(problems))
        if wait_s == _FIRST_WAIT_S:
            log.warning("display.waiting", extra={"facts": {"tried": "; ".join(problems)}})
        patience.sleep(wait_s)
        wait_s = min(_LONGEST_WAIT_S, wait_s * 2)


def _open_window(driver: str, size: Size | None, *, headless: bool) -> pygame.Surface:
    """A window without frame, cursor or screensaver; without a size it takes the whole screen.

    Raises ``pygame.error`` when the driver does not work here.
    """
    set_hints(driver)
    pygame.display.init()
    pygame.display.set_caption("ooh-player")
    pygame.display.set_allow_screensaver(False)
    if headless:
        wanted, flags = size or USUAL_SIZE, 0
    else:
        desktop = Size(*pygame.display.get_desktop_sizes()[0])
        wanted = size or desktop
        flags = pygame.FULLSCREEN if driver == "kmsdrm" or wanted == desktop else pygame.NOFRAME
    window = pygame.display.set_mode((wanted.w, wanted.h), flags)
    pygame.mouse.set_visible(False)
    pygame.event.set_blocked(None)
    pygame.event.set_allowed(_ALLOWED_EVENTS)
    return window
