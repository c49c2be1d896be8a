"""Opening the display: which SDL driver, which size, and patience when it comes late."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cache import Clock
from config import Code, OohError, ScreenConfig
from renderer.window._display import Display
from renderer.window._frame import Frame
from renderer.window._pygame import pygame
from renderer.window._windows import Wanted, gpu_is_worth_a_try, open_gpu, open_software

log = logging.getLogger("ooh.window")

_DRI = Path("/dev/dri")
_WITH_PLAIN_FRAME_BUFFER = ("x11", "offscreen", "dummy")
_HINTS = {"SDL_FRAMEBUFFER_ACCELERATION", "SDL_RENDER_VSYNC", "SDL_VIDEO_DOUBLE_BUFFER"}
_FIRST_WAIT_S = 0.25
_LONGEST_WAIT_S = 2.0
_BLACK = "#000000"


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
    """Put a driver's settings where SDL reads them, and take those of a driver tried before away.

    Without a desktop there is no libGL, only GLES. OpenGL, which SDL takes first, opens all the same, draws nothing and
    says nothing: a black panel (measured, tests/field/vm.py). A renderer that is named from outside is left to it.
    """
    wanted = hints(driver)
    for name in _HINTS - wanted.keys():
        os.environ.pop(name, None)
    os.environ.update(wanted)
    if driver == "kmsdrm":
        os.environ.setdefault("SDL_RENDER_DRIVER", "opengles2")


def open_display(
    config: ScreenConfig,
    *,
    headless: bool,
    environ: Mapping[str, str],
    clock: Clock,
    patience: Patience | None = None,
    ground: str = _BLACK,
) -> Display:
    """Open the screen, filled with the colour ``ground``; headless draws into memory.

    Waits for a display that comes late. Raises ``DISPLAY_UNAVAILABLE`` when patience is at its end.
    """
    patience = patience or Patience()
    deadline_ns = clock.monotonic_ns() + round(patience.seconds * 1e9)
    wait_s = _FIRST_WAIT_S
    while True:
        problems = []
        for driver in drivers(environ, headless=headless):
            try:
                display = _open(driver, Wanted(config, headless, ground), clock)
            except pygame.error as problem:
                pygame.display.quit()
                problems.append(f"{driver}: {problem}")
            else:
                display.show(Frame.filled(display.size, ground))
                return display
        if clock.monotonic_ns() + round(wait_s * 1e9) > deadline_ns:
            raise OohError(Code.DISPLAY_UNAVAILABLE, "; ".join(problems))
        if wait_s == _FIRST_WAIT_S:
            log.warning("display.waiting", extra={"facts": {"tried": "; ".join(problems)}})
        patience.sleep(wait_s)
        wait_s = min(_LONGEST_WAIT_S, wait_s * 2)


def _open(driver: str, wanted: Wanted, clock: Clock) -> Display:
    """Open a window by this driver, with the back end that is better here. Raises ``pygame.error``."""
    set_hints(driver)
    pygame.display.init()
    pygame.display.set_allow_screensaver(False)
    if gpu_is_worth_a_try(driver, wanted):
        try:
            return open_gpu(driver, wanted, clock)
        except pygame.error as problem:
            log.info("gpu.not_used", extra={"facts": {"driver": driver, "why": str(problem)}})
            pygame.display.quit()  # a window with a renderer cannot become one with a surface
            pygame.display.init()
            pygame.display.set_allow_screensaver(False)
    return open_software(driver, wanted, clock)
