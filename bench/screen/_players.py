"""The three that are compared, each started on an X server of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.screen._loop import SIZE, SLOT_S, Loop
from tests.renderer.window.xserver import XServer


@dataclass(frozen=True)
class Player:
    """What to start: ``{folder}`` is a folder that stays from start to start."""

    name: str
    argv: tuple[str, ...]


def ours(toml: Path, name: str = "ooh-player") -> Player:
    """The real screen process."""
    return Player(name, (sys.executable, "-m", "player", "screen", "--config", str(toml)))


def players(loop: Loop) -> tuple[Player, ...]:
    """Ours and its peers."""
    chromium = (
        *("chromium", "--kiosk", "--no-first-run", "--no-default-browser-check", "--disable-extensions"),
        *("--disable-component-update", "--disable-background-networking", "--password-store=basic"),
        *(f"--window-size={SIZE.w},{SIZE.h}", "--window-position=0,0", "--user-data-dir={folder}"),
        *(("--no-sandbox",) if os.geteuid() == 0 else ()),
        loop.page.as_uri(),
    )
    mpv = (
        *(
            "mpv",
            "--no-config",
            "--vo=x11",
            "--fullscreen",
            "--no-osc",
            "--no-input-default-bindings",
            "--really-quiet",
        ),
        *(f"--image-display-duration={SLOT_S}", "--loop-playlist=inf", "--no-audio"),
        *map(str, loop.pictures),
    )
    return ours(loop.toml), Player("Chromium kiosk", chromium), Player("mpv slideshow", mpv)


@contextmanager
def server(folder: Path) -> Iterator[XServer]:
    """An X server as large as the loop."""
    folder.mkdir(exist_ok=True)
    running = XServer(folder, SIZE)
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def started(player: Player, display: XServer, folder: Path) -> Iterator[psutil.Process]:
    """The player, until the block ends."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SDL_", "WAYLAND"))}
    argv = [word.replace("{folder}", str(folder / "profile")) for word in player.argv]
    process = subprocess.Popen(
        argv,
        env={**environment, "DISPLAY": display.name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """It and all it has started."""
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in family:
        if child.is_running():
            child.kill()


def wait_for_picture(display: XServer, colours: dict[tuple[int, int], tuple[int, ...]], seconds: float = 30) -> float:
    """When the display shows these colours (B, G, R, give or take 12), by the monotonic clock."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if all(
            max(abs(a - b) for a, b in zip(display.pixel(*place), colour, strict=True)) <= 12
            for place, colour in colours.items()
        ):
            return time.monotonic()
        time.sleep(0.002)
    message = "the first ad never came"
    raise TimeoutError(message)
