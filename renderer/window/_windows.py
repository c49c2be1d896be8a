"""Opening one window: with a renderer where there is a GPU, with a plain surface where there is none."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cache import Clock
from config import USUAL_SIZE, ScreenConfig, Size
from renderer.window import _native
from renderer.window._canvas import Canvas
from renderer.window._display import Output
from renderer.window._evidence import Connector, connectors
from renderer.window._gpu import GpuDisplay
from renderer.window._hotplug import hotplug
from renderer.window._pygame import pygame
from renderer.window._sdl_window import ALLOWED_EVENTS, HEADLESS_DRIVERS, Opened
from renderer.window._software import SoftwareDisplay
from renderer.window._x11 import has_window_manager, root_size
from renderer.window._x11_eye import ServerEye

DRI = Path("/dev/dri")
_TITLE = "ooh-player"
_USUAL_HZ = 60.0
_WITHOUT_FRAME_BUFFER = ("kmsdrm", "wayland")
"""SDL has no plain frame buffer there and sends a surface through a texture, whole: a renderer is never worse."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the configuration and the command line say."""

    config: ScreenConfig
    headless: bool
    ground: str
    """The colour until there is a frame, ``#rrggbb``."""


def gpu_is_worth_a_try(driver: str, wanted: Wanted, dri: Path = DRI) -> bool:
    """False where a look at the machine tells that there is no GPU: opening a renderer there costs 0.2 s and 60 MB."""
    if wanted.config.output != "auto":
        return wanted.config.output == "gpu"
    return driver not in HEADLESS_DRIVERS and any(dri.glob("*"))


def open_gpu(driver: str, wanted: Wanted, clock: Clock) -> GpuDisplay:
    """A window with a renderer. Raises ``pygame.error`` when there is none, or one that is no better than a surface."""
    from pygame._sdl2.video import Renderer  # noqa: PLC0415 - where there is no GPU it is not loaded

    size = _size(wanted)
    fullscreen = _fills_the_screen(driver, wanted, size)
    if fullscreen and size == _desktop():
        window = pygame.Window(_TITLE, (size.w, size.h), fullscreen_desktop=True)
    else:
        window = pygame.Window(_TITLE, (size.w, size.h), fullscreen=fullscreen, borderless=True, position=(0, 0))
    renderer = Renderer(window, vsync=True)

    def close() -> None:
        nonlocal renderer
        del renderer
        window.destroy()
        pygame.display.quit()

    try:
        canvas = Canvas(window.id)
        _settle_window()
        _refuse_what_is_no_better(canvas, driver, wanted)
        output = _gpu_output(driver, canvas, wanted, clock)
        connection = _native.connection_of_window(window.id)
        opened = _opened(driver, wanted, canvas.panel, connection, close, output)
        return GpuDisplay(canvas, replace(opened, drm_fd=_native.drm_fd_of_window(window.id)), clock)
    except pygame.error:
        close()
        raise


def open_software(driver: str, wanted: Wanted, clock: Clock) -> SoftwareDisplay:
    """A window with a surface, without frame, cursor or screensaver. Raises ``pygame.error``."""
    pygame.display.set_caption(_TITLE)
    size, flags = _size(wanted), 0
    if not wanted.headless:
        flags = pygame.FULLSCREEN if _fills_the_screen(driver, wanted, size) else pygame.NOFRAME
    window = pygame.display.set_mode((size.w, size.h), flags)
    _settle_window()
    connection = _connection()
    output = Output(pygame.display.get_driver().lower(), "software", "surface", vsync=False, refresh_hz=_refresh_hz())
    panel = Size(*window.get_size())
    return SoftwareDisplay(window, _opened(driver, wanted, panel, connection, pygame.display.quit, output), clock)


def _connection() -> int | None:
    """Of pygame's display. Not by its ``get_wm_info``, which crashes on Wayland (pygame-ce 2.5.8)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return _native.connection_of_window(pygame.Window.from_display_module().id)


def _fills_the_screen(driver: str, wanted: Wanted, size: Size) -> bool:
    """True when SDL is to ask for full screen; on a bare X server a window of that size is all there is to it."""
    if driver == "kmsdrm":
        return True
    return not wanted.headless and size == _desktop() and (driver != "x11" or has_window_manager())


def _refuse_what_is_no_better(canvas: Canvas, driver: str, wanted: Wanted) -> None:
    logical = canvas.panel.turned(wanted.config.rotation)
    if canvas.most.w and (logical.w > canvas.most.w or logical.h > canvas.most.h):
        message = f"{canvas.api} takes textures of {canvas.most} at most"
        raise pygame.error(message)
    if wanted.config.output == "auto" and not canvas.accelerated and driver not in _WITHOUT_FRAME_BUFFER:
        message = f"{canvas.api} {canvas.hardware} is no hardware"
        raise pygame.error(message)


def _gpu_output(driver: str, canvas: Canvas, wanted: Wanted, clock: Clock) -> Output:
    """Present the ground three times: the first sets the mode, the others tell whether presenting waits."""
    refresh_hz = _refresh_hz()
    times_ns = []
    for _ in range(3):
        canvas.fill(wanted.ground)
        canvas.present()
        times_ns.append(clock.monotonic_ns())
    waits = times_ns[2] - times_ns[0] > 1e9 / refresh_hz  # two periods, when it waits for both
    renderer = f"{canvas.api} {canvas.hardware}".strip()
    return Output(driver, "gpu", renderer, vsync=waits, refresh_hz=refresh_hz)


def _opened(
    driver: str, wanted: Wanted, panel: Size, connection: int | None, close: Callable[[], None], output: Output
) -> Opened:
    found: tuple[Connector, ...] = () if wanted.headless else connectors()
    return Opened(
        output=output,
        panel=panel,
        rotation=wanted.config.rotation,
        brightness=wanted.config.brightness,
        close=close,
        connectors=found,
        connection_fd=_native.connection_fd(connection, driver),
        plugs=hotplug() if driver == "kmsdrm" and found else None,
        eye=ServerEye.open() if output.driver == "x11" and panel == _desktop_now() else None,
        root_now=_root_now(output, connection) if wanted.config.panel_size() is None else lambda: None,
        size_now=_desktop_now if wanted.config.panel_size() is None and not wanted.headless else lambda: None,
    )


def _root_now(output: Output, connection: int | None) -> Callable[[], Size | None]:
    return lambda: None if connection is None or output.driver != "x11" else root_size(connection)


def _settle_window() -> None:
    """No cursor, and only the events that mean something here."""
    pygame.mouse.set_visible(False)
    pygame.event.set_blocked(None)
    pygame.event.set_allowed(ALLOWED_EVENTS)


def _size(wanted: Wanted) -> Size:
    """The configured size, else the whole screen."""
    return wanted.config.panel_size() or (USUAL_SIZE if wanted.headless else _desktop())


def _desktop() -> Size:
    return Size(*pygame.display.get_desktop_sizes()[0])


def _desktop_now() -> Size | None:
    try:
        return _desktop()
    except (pygame.error, IndexError):
        return None  # no display is there now; what is open stays


def _refresh_hz() -> float:
    try:
        return float(pygame.display.get_desktop_refresh_rates()[0] or _USUAL_HZ)
    except (pygame.error, IndexError):
        return _USUAL_HZ
