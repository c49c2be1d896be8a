"""Is there a display here? Looked at without opening one."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from pathlib import Path

_X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where the X11 convention puts them
_CONNECTORS = Path("/sys/class/drm")
_LOCAL_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")


def display_at_hand(
    environ: Mapping[str, str], *, x_sockets: Path = _X_SOCKETS, connectors: Path = _CONNECTORS
) -> bool:
    """True with a Wayland or X server that answers, or a connected KMS connector."""
    return _wayland(environ) or _x11(environ, x_sockets) or _kms(connectors)


def _wayland(environ: Mapping[str, str]) -> bool:
    name = environ.get("WAYLAND_DISPLAY")
    return bool(name) and _answers(Path(environ.get("XDG_RUNTIME_DIR", "/run"), str(name)))


def _x11(environ: Mapping[str, str], sockets: Path) -> bool:
    name = environ.get("DISPLAY")
    if not name:
        return False
    local = _LOCAL_DISPLAY.fullmatch(name)
    return _answers(sockets / f"X{local[1]}") if local else True  # a forwarded display can only be tried


def _kms(connectors: Path) -> bool:
    return any(status.read_text(encoding="ascii").strip() == "connected" for status in connectors.glob("*/status"))


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
