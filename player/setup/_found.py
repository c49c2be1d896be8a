"""What is found on the machine: defaults that a tech need not type."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from player.machine import Connector, Roots

_GENERIC = frozenset({"", "localhost", "raspberrypi", "debian", "raspbian", "ubuntu", "kiosk", "screen", "player"})
"""Names that every new machine has: a part of the board's own number makes them its own."""
_SERIALS = ("proc/device-tree/serial-number", "sys/class/dmi/id/product_serial", "sys/class/dmi/id/board_serial")
_NO_NUMBERS = re.compile(
    r"^(0+|none|n/a|not specified|default string|to be filled.*|system serial number)$", re.IGNORECASE
)
_TAIL = 6
_MOST = 64


@dataclass(frozen=True, slots=True)
class Found:
    """Empty where nothing was found."""

    screen_id: str
    display: str
    timezone: str


def look_around(
    roots: Roots, connectors: tuple[Connector, ...], hostname: Callable[[], str] = socket.gethostname
) -> Found:
    """A name for the screen, its display, the machine's time zone."""
    there = [one for one in connectors if one.status == "connected"]
    display = ", ".join(f"{one.name}{f' {one.mode}' if one.mode else ''}" for one in there)
    return Found(_screen_id(roots, hostname()), display, _timezone(roots))


def _screen_id(roots: Roots, host: str) -> str:
    """The host's name; the name of every fresh image gets the end of the board's serial number, or of its address."""
    host = host.partition(".")[0]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", host).strip("-._")
    if plain.lower() in _GENERIC:
        tail = _serial(roots) or _address(roots)
        plain = f"screen-{tail}" if tail else plain
    return plain[:_MOST]


def _serial(roots: Roots) -> str:
    for place in _SERIALS:
        root, _, rest = place.partition("/")
        text = _read((roots.proc if root == "proc" else roots.sys) / rest)
        plain = re.sub(r"[^A-Za-z0-9]+", "", text)
        if len(plain) >= 4 and not _NO_NUMBERS.match(text):
            return plain[-_TAIL:].lower()
    return ""


def _address(roots: Roots) -> str:
    """The end of the first real network interface's own address."""
    for folder in sorted((roots.sys / "class/net").glob("*")):
        if (folder / "device").exists():
            plain = _read(folder / "address").replace(":", "")
            if plain.strip("0"):
                return plain[-_TAIL:].lower()
    return ""


def _timezone(roots: Roots) -> str:
    """By the link ``/etc/localtime``, else Debian's ``/etc/timezone``."""
    try:
        _, _, name = str((roots.etc / "localtime").readlink()).partition("zoneinfo/")
    except OSError:
        name = ""
    return name or _read(roots.etc / "timezone")


def _read(path: Path) -> str:
    try:
        return path.read_bytes()[:200].decode("ascii", "ignore").strip(" \t\r\n\0")
    except OSError:
        return ""
