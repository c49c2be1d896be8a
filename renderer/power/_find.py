"""Which switch a display has, by the configuration, the driver that draws on it and what the machine offers."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from renderer.power._cec import DEVICES, Cec, cec_devices
from renderer.power._kms import KmsDpms
from renderer.power._switch import Switch, Switches
from renderer.power._wayland import Wlopm
from renderer.power._x11 import XDpms

PowerKind = Literal["auto", "cec", "dpms", "none"]


def find_switch(kind: PowerKind, driver: str, drm_fd: int | None, devices: Path = DEVICES) -> Switch | None:
    """``driver``: SDL's name; ``drm_fd``: its descriptor where it drives the display itself. None: nothing switches.

    ``auto`` takes CEC where there is an adapter: a TV that only loses its signal shows a notice of its own; then DPMS.
    A picture that is only drawn into memory has nothing to switch.
    """
    if driver in {"offscreen", "dummy"} or kind == "none":
        return None
    ways: list[Switch] = []
    if kind in {"auto", "cec"}:
        found = cec_devices(devices)
        ways += [Cec(device) for device in found or ((devices / "cec0",) if kind == "cec" else ())]
    if kind in {"auto", "dpms"}:
        ways += _dpms(driver, drm_fd)
    return Switches(tuple(ways)) if ways else None


def _dpms(driver: str, drm_fd: int | None) -> list[Switch]:
    match driver:
        case "x11":
            return [XDpms()]
        case "wayland":
            return [Wlopm()]
        case "kmsdrm" if drm_fd is not None:
            return [KmsDpms(drm_fd)]
        case _:
            return []
