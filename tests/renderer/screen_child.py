"""The real screen process, started by the tests: ``python -m tests.renderer.screen_child ROOT JSON``.

The JSON says what the tests vary: size, plays, loop, captures, faults. Events go to standard error, one JSON object a
line. SIGUSR1 lets a fault that was asked for happen, SIGUSR2 ends it.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from cache import ClockState, Folders, SystemClock
from config import Config, ConfigError, LayoutConfig, Problem, ProofConfig, Size, SlotConfig, WatchdogConfig
from renderer.screen import ScreenOptions, run_screen
from renderer.video import Picture, Videos
from renderer.watchdog import _watch
from tests.renderer.show.shapes import SET_UP

_VM_PAGES = Path("/proc/self/statm")
_FULL_DISK_BYTES = 4096
_PICTURE_BYTES = 8_000_000


class Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        error = str(record.exc_info[1]) if record.exc_info else None
        return json.dumps({"event": record.getMessage(), "error": error, **getattr(record, "facts", {})}, default=str)


class JumpingClock(SystemClock):
    """The machine's clock, with its wall set forth or back by the seconds in a file, synchronised when told so."""

    def __init__(self, offset: Path, *, synced: bool) -> None:
        self._offset = offset
        self._synced = synced

    def state(self) -> ClockState:
        return ClockState(synced=True, source="test", offset_ms=None) if self._synced else super().state()

    def now(self) -> datetime:
        try:
            seconds = float(self._offset.read_text())
        except (OSError, ValueError):
            seconds = 0.0
        return super().now() + timedelta(seconds=seconds)


def on_signals(begin: Any, end: Any) -> None:
    signal.signal(signal.SIGUSR1, lambda *_: begin())
    signal.signal(signal.SIGUSR2, lambda *_: end())


def limit(what: int, soft: int) -> None:
    resource.setrlimit(what, (soft, resource.getrlimit(what)[1]))


def no_memory() -> None:
    """Between SIGUSR1 and SIGUSR2 there is none for another whole picture, nor for the one that is freed meanwhile."""
    pages = int(_VM_PAGES.read_text().split()[0])
    limit(resource.RLIMIT_AS, pages * resource.getpagesize() - _PICTURE_BYTES)


def full_disk() -> None:
    """Between SIGUSR1 and SIGUSR2 no file can grow."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit(resource.RLIMIT_FSIZE, _FULL_DISK_BYTES)


def read_only() -> None:
    """Every database refuses to be written from now on, as on a disk that the kernel has made read-only."""
    connect = sqlite3.connect

    def refusing(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **kwargs)
        connection.execute("PRAGMA query_only=ON")
        return connection

    sqlite3.connect = refusing  # type: ignore[assignment]


def resized(size: Path) -> None:
    """SIGUSR1: the desktop has the size in the file now, and SDL tells so."""
    from renderer.window import _windows
    from renderer.window._pygame import pygame

    def now(wanted: _windows.Wanted | None = None) -> Size:  # noqa: ARG001 - what is wanted is what the file says
        return Size.parse(size.read_text())

    _windows._size = now
    _windows._desktop_now = now
    on_signals(lambda: pygame.event.post(pygame.event.Event(pygame.WINDOWSIZECHANGED)), lambda: None)


def for_ever(*_args: Any, **_named: Any) -> Any:
    logging.getLogger("ooh.test").info("hangs")
    while True:
        time.sleep(3600)


def present_hangs() -> None:
    """SIGUSR1: whatever is presented from now on never returns."""
    from renderer.window._pygame import pygame

    def begin() -> None:
        pygame.display.flip = pygame.display.update = for_ever

    on_signals(begin, lambda: None)


def surface_is_emptied(file: Path) -> None:
    """While the file is there, the surface is empty when it goes out; SIGUSR1 empties it once."""
    from renderer.window._pygame import pygame

    flip = pygame.display.flip

    def emptied() -> None:
        window = pygame.display.get_surface()
        assert window is not None
        window.fill("#000000")
        flip()

    pygame.display.flip = lambda: emptied() if file.exists() else flip()
    on_signals(emptied, lambda: None)


def worker_hangs() -> None:
    """SIGUSR1: what is staged next is never done."""
    from renderer.show import Stager

    def begin() -> None:
        Stager.stage = for_ever  # type: ignore[method-assign]

    on_signals(begin, lambda: None)


class HangingDecoder:
    """Gives the pictures of half a second, and then nothing, as a codec does whose hardware has stopped."""

    def __init__(self, size: Size) -> None:
        self._size = size

    def frames(self, from_ms: int = 0) -> Iterator[tuple[bytes, int]]:
        for at_ms in range(from_ms, 500, 50):
            yield bytes((at_ms % 256, 128, 128, 255)) * self._size.pixels, at_ms
        for_ever()

    def picture(self, frame: bytes, at_ns: int) -> Picture:
        return Picture(at_ns, frame)

    def close(self) -> None:
        """It holds nothing."""


def decoders_hang() -> None:
    Videos._decoder = lambda _self, _video, size: HangingDecoder(size)  # type: ignore[assignment, method-assign]


def break_things(root: Path, fault: str | None) -> None:
    match fault:
        case "memory":
            on_signals(no_memory, lambda: limit(resource.RLIMIT_AS, resource.RLIM_INFINITY))
        case "disk":
            on_signals(full_disk, lambda: limit(resource.RLIMIT_FSIZE, resource.RLIM_INFINITY))
        case "read-only":
            read_only()
        case "mode":
            resized(root / "desktop")
        case "present":
            present_hangs()
        case "surface":
            surface_is_emptied(root / "fault")
        case "worker":
            worker_hangs()
        case "decoder":
            decoders_hang()
        case _:
            pass


def again(config: Config, brand: Path) -> Config:
    """The configuration as it is now: its brand's colour is in a file, which may be wrong."""
    colour = brand.read_text()
    if not colour.startswith("#"):
        raise ConfigError([Problem("player.toml", 1, "layout.brand_colour", colour)])
    return replace(config, layout=replace(config.layout, brand_colour=colour))


def main() -> int:
    root, wanted = Path(sys.argv[1]), json.loads(sys.argv[2])
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    break_things(root, wanted.get("fault"))
    if "beat" in wanted:
        _watch._BEAT_NS = round(wanted["beat"] * 1e9)
    more: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in wanted.get("screen", {}).items()}
    config = replace(
        SET_UP,
        screen=replace(
            SET_UP.screen,
            rotation=wanted.get("rotation", 0),
            output=wanted.get("output", "auto"),
            **more,
        ),
        loop=tuple(SlotConfig(**slot) for slot in wanted["loop"]),
        layout=LayoutConfig(
            panels=tuple(wanted.get("panels", ["weather", "scores", "clock"])),
            brand_colour=wanted.get("brand", "#10151f"),
        ),
        proof=ProofConfig(stream="plays"),
        watchdog=WatchdogConfig(seconds=wanted.get("seconds", 20)),
    )
    options = ScreenOptions(
        headless=not wanted.get("display"),
        size=Size.parse(wanted["size"]) if "size" in wanted else None,
        max_plays=wanted.get("plays"),
        capture_dir=root / "captures" if wanted.get("captures") else None,
    )
    faulthandler.enable()
    clock = JumpingClock(root / "offset", synced=bool(wanted.get("synced")))
    reload = partial(again, config, root / "brand") if wanted.get("reloads") else None
    return run_screen(config, Folders(root / "state", root / "run"), clock, options, "0.0-test", reload)


if __name__ == "__main__":
    sys.exit(main())
