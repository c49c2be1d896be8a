"""What the doctor looks at on the machine itself: display, clock, disk, fonts, temperature, rights."""

from __future__ import annotations

import grp
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import psutil
from PIL import ImageFont, features

from cache import Board, Clock, Folders
from player.display import display_at_hand
from player.doctor._finding import Check, Finding
from renderer.panels import FONTS
from renderer.prepare import browser_path, can_filter_calls

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No honest clock is before this version was made."""

_LEAST_FREE_BYTES = 200_000_000
_HOT_C = 80.0


def machine_checks(folders: Folders, clock: Clock, environ: Mapping[str, str]) -> tuple[Check, ...]:
    """Everything that needs no network."""
    return (
        Check("display", lambda: _display(folders, environ)),
        Check("clock", lambda: _clock(clock)),
        Check("disk", lambda: _disk(folders)),
        Check("fonts", _fonts),
        Check("browser", lambda: _browser(environ)),
        Check("box", _box),
        Check("temperature", _temperature),
        Check("permissions", lambda: _permissions(environ)),
    )


def _display(folders: Folders, environ: Mapping[str, str]) -> Finding:
    board = Board.read(folders.run, "screen")
    if board and isinstance(board.get("pid"), int) and psutil.pid_exists(board["pid"]):
        return Finding("display", "ok", f"the screen presents {board.get('size')} by {board.get('driver')}")
    if display_at_hand(environ):
        return Finding("display", "ok", "a display is connected; the screen process is not running")
    step = "Check the cable and the display's power; over ssh this is normal while nothing is connected."
    return Finding("display", "fail", "no Wayland, X or connected KMS display", step)


def _clock(clock: Clock) -> Finding:
    state, now = clock.state(), clock.now()
    if now < RELEASED:
        step = "Connect the network and wait for time synchronisation, or set the clock: timedatectl set-time."
        return Finding("clock", "fail", f"{now:%Y-%m-%d} is before this version was made", step)
    if state.synced:
        return Finding("clock", "ok", f"synchronised by {state.source}")
    step = "Turn on time synchronisation: timedatectl set-ntp true."
    return Finding("clock", "warn", "it is not known to be synchronised", step)


def _disk(folders: Folders) -> Finding:
    probe = folders.state / f".doctor-{os.getpid()}"
    try:
        probe.write_bytes(b"probe")
        probe.unlink()
        free = shutil.disk_usage(folders.state).free
    except OSError as error:
        step = "The card may be worn or the file system read-only: look at dmesg, then replace the card."
        if isinstance(error, PermissionError):
            step = "It belongs to another user: run this as the user that the player runs as, or set cache.dir."
        return Finding("disk", "fail", f"{folders.state} cannot be written: {error.strerror}", step)
    if free < _LEAST_FREE_BYTES:
        step = "Free some space, or lower cache.max_bytes."
        return Finding("disk", "fail", f"only {free / 1e6:.0f} MB free under {folders.state}", step)
    return Finding("disk", "ok", f"{free / 1e9:.1f} GB free under {folders.state}")


def _fonts() -> Finding:
    fonts = sorted([*FONTS.glob("*.ttf"), *FONTS.glob("*.otf")])
    try:
        for font in fonts:
            ImageFont.truetype(str(font), 109)  # the only size of the emoji's bitmaps
    except OSError as error:
        return Finding("fonts", "fail", f"a bundled font cannot be read: {error}", "Install the player again.")
    if not fonts:
        return Finding("fonts", "fail", "the bundled fonts are missing", "Install the player again.")
    if not features.check("raqm"):
        step = "Run: sudo apt-get install libfribidi0"
        return Finding("fonts", "warn", "no text shaping: figures may not align", step)
    return Finding("fonts", "ok", f"{len(fonts)} bundled fonts")


def _browser(environ: Mapping[str, str]) -> Finding:
    found = browser_path(environ)
    if found is None:
        step = "Run: sudo apt-get install chromium-headless-shell"
        return Finding("browser", "warn", "none: exchanges are told that HTML5 creatives cannot be shown", step)
    return Finding("browser", "ok", f"{found} draws HTML5 creatives")


def _box() -> Finding:
    if can_filter_calls():
        return Finding("box", "ok", "creatives are decoded under limits and a filter of system calls")
    step = "Use a kernel with seccomp on a 64-bit system (x86-64 or ARM) where there is one."
    return Finding("box", "warn", "creatives are decoded under limits only: no filter of system calls here", step)


def _temperature() -> Finding:
    sensors = psutil.sensors_temperatures() if hasattr(psutil, "sensors_temperatures") else {}
    readings = [reading.current for group in sensors.values() for reading in group]
    if not readings:
        return Finding("temperature", "ok", "this machine has no sensor")
    hottest = max(readings)
    if hottest >= _HOT_C:
        return Finding("temperature", "warn", f"{hottest:.0f} °C", "Give the board air or a heat sink: it slows down.")
    return Finding("temperature", "ok", f"{hottest:.0f} °C")


def _permissions(environ: Mapping[str, str]) -> Finding:
    if os.getuid() == 0 or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        return Finding("permissions", "ok", "nothing more is needed for this display")
    missing = _missing_groups(("video", "render"))
    if missing:
        step = f"sudo usermod -aG {','.join(missing)} $USER, then log in again."
        return Finding("permissions", "warn", f"this user is not in {' and '.join(missing)}", step)
    return Finding("permissions", "ok", "this user may open the display")


def _missing_groups(names: Sequence[str]) -> list[str]:
    mine = {*os.getgroups(), os.getgid()}
    there = {group.gr_name: group.gr_gid for group in grp.getgrall()}
    return [name for name in names if name in there and there[name] not in mine]
