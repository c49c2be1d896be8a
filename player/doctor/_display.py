"""Is there a display, does it take our picture, and may this user open it?"""

from __future__ import annotations

import grp
from collections.abc import Sequence
from typing import Any

from player.display import display_at_hand
from player.doctor._finding import Finding
from player.doctor._patient import Patient
from player.doctor._xserver import XServer, ask_x
from player.machine import Connector

MEMORY_DRIVERS = frozenset({"offscreen", "dummy"})
_CABLE = "Check the cable at both ends, the display's power and its input; then: ooh-player doctor"
_STALE_S = 60.0


def look_at_display(patient: Patient) -> Finding:
    """The running screen's word first; without one, what is plugged in."""
    board = patient.board("screen")
    if board is not None and board.get("driver"):
        return _of_screen(patient, board)
    x = ask_x(patient.environ)
    if x is not None:
        return _of_x(x)
    if display_at_hand(patient.environ, connectors=patient.roots.sys / "class/drm"):
        there = [one for one in patient.machine().connectors if one.status == "connected"]
        return Finding("display", "ok", f"{_told(there) or 'a Wayland display'} is connected")
    return _none(patient, patient.machine().connectors)


def _of_screen(patient: Patient, board: dict[str, Any]) -> Finding:
    size, driver = board.get("size"), board["driver"]
    if driver in MEMORY_DRIVERS:
        step = "Start it without --headless, on a machine with a display; on a server this is as it should be."
        return Finding("display", "warn", f"the screen draws {size} into memory ({driver}), no display shows it", step)
    if board.get("display") == "off":
        evidence = board.get("display_evidence") or driver
        return Finding("display", "warn", f"the display says that it is off or unplugged ({evidence})", _CABLE)
    age_s = frame_age_s(patient, board)
    if age_s is not None and age_s > _STALE_S:
        step = "It is opened again by itself; if not: sudo systemctl restart ooh-player.target"
        return Finding("display", "fail", f"no frame was presented for {age_s:.0f} s ({driver})", step)
    return Finding("display", "ok", f"the screen presents {size} by {driver}")


def frame_age_s(patient: Patient, board: dict[str, Any]) -> float | None:
    """Seconds since the last presented frame; None when the screen does not say."""
    last = board.get("last_frame_ns")
    if not isinstance(last, int) or isinstance(last, bool):
        return None
    return max(0.0, (patient.clock.monotonic_ns() - last) / 1e9)


def _of_x(x: XServer) -> Finding:
    if x.state == "answers":
        return Finding("display", "ok", f"the X server {x.display} answers{f', {x.size}' if x.size else ''}")
    if x.state == "far":
        return Finding("display", "ok", f"the X server {x.display} is on another machine and can only be tried")
    if x.state == "refuses":
        step = "Run as the user of the desktop, or allow this one there: xhost +si:localuser:ooh-player"
        return Finding("display", "fail", f"the X server {x.display} does not let this user in", step)
    step = "Start the desktop, or take DISPLAY out of the environment to use the display without one."
    return Finding("display", "fail", f"DISPLAY is {x.display}, but no X server answers there", step)


def _none(patient: Patient, connectors: Sequence[Connector]) -> Finding:
    if connectors:
        names = ", ".join(connector.name for connector in connectors)
        return Finding("display", "fail", f"no display: nothing is plugged in at {names}", _CABLE)
    if not list((patient.dev / "dri").glob("card*")):
        step = "On a Raspberry Pi: dtoverlay=vc4-kms-v3d in /boot/firmware/config.txt, then reboot. Else start X."
        return Finding("display", "fail", "no display: no X, no Wayland, and the kernel has no graphics device", step)
    return Finding("display", "fail", "no display: no Wayland, X or connected KMS display", _CABLE)


def _told(connectors: Sequence[Connector]) -> str:
    return ", ".join(f"{one.name}{f' ({one.mode})' if one.mode else ''}" for one in connectors)


def look_at_permissions(patient: Patient) -> Finding:
    """May the player's user open the display?"""
    user = patient.user
    if user.uid == 0 or patient.environ.get("DISPLAY") or patient.environ.get("WAYLAND_DISPLAY"):
        return Finding("permissions", "ok", "nothing more is needed for this display")
    missing = [name for name in ("video", "render") if not _is_in(user.groups, name)]
    if missing:
        step = f"sudo usermod -aG {','.join(missing)} {user.name}, then log in again (or restart the service)."
        return Finding("permissions", "warn", f"{user.name} is not in {' and '.join(missing)}", step)
    return Finding("permissions", "ok", f"{user.name} may open the display")


def _is_in(groups: frozenset[int], name: str) -> bool:
    """True as well where there is no such group: then nothing asks for it."""
    try:
        return grp.getgrnam(name).gr_gid in groups
    except KeyError:
        return True
