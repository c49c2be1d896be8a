"""Does an X server let this user in, and how large is its screen? Asked by the protocol's own first message.

X Window System Protocol, version 11, section 8 "Connection Setup"; the cookie is read as Xau(3) writes it.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from config import Size

X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where the X11 convention puts them
_LOCAL_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_TIMEOUT_S = 3.0
_MOST_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class XServer:
    """``absent``: nothing answers there. ``refuses``: it does not let this user in. ``far``: not on this machine."""

    display: str
    state: Literal["answers", "refuses", "absent", "far"]
    size: Size | None = None


def ask_x(environ: Mapping[str, str], sockets: Path = X_SOCKETS) -> XServer | None:
    """The server that ``$DISPLAY`` names; None when it names none."""
    name = environ.get("DISPLAY")
    if not name:
        return None
    local = _LOCAL_DISPLAY.fullmatch(name)
    if local is None:
        return XServer(name, "far")
    try:
        reply = _greet(sockets / f"X{local[1]}", _cookie(environ, local[1]))
    except (OSError, struct.error):
        return XServer(name, "absent")
    if reply[:1] != b"\x01":
        return XServer(name, "refuses")
    return XServer(name, "answers", _screen_size(reply))


def _greet(path: Path, cookie: bytes) -> bytes:
    method = _COOKIE if cookie else b""
    hello = struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(method), len(cookie)) + _padded(method) + _padded(cookie)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(_TIMEOUT_S)
        link.connect(str(path))
        link.sendall(hello)
        head = _read(link, 8)
        return head + _read(link, 4 * struct.unpack_from("<H", head, 6)[0])


def _read(link: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count and (piece := link.recv(count - len(got))):
        got += piece
    return got


def _screen_size(reply: bytes) -> Size | None:
    """Of the first screen: behind 40 fixed bytes stand the vendor's name and 8 bytes for each pixmap format."""
    try:
        vendor, formats = struct.unpack_from("<H", reply, 24)[0], reply[29]
        screen = 40 + len(_padded(b" " * vendor)) + 8 * formats
        width, height = struct.unpack_from("<HH", reply, screen + 20)
    except (struct.error, IndexError):
        return None
    return Size(width, height)


def _cookie(environ: Mapping[str, str], number: str) -> bytes:
    """Of ``$XAUTHORITY``, else ``~/.Xauthority``: family, address, display, method and data, big-endian lengths."""
    path = Path(environ.get("XAUTHORITY") or Path(environ.get("HOME", "/"), ".Xauthority"))
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)
    except OSError:
        return b""
    at = 0
    while at + 2 < len(data):
        at, fields = at + 2, []
        for _ in range(4):
            if at + 2 > len(data):
                return b""
            length = struct.unpack_from(">H", data, at)[0]
            fields.append(data[at + 2 : at + 2 + length])
            at += 2 + length
        if fields[1] in {number.encode(), b""} and fields[2] == _COOKIE:
            return fields[3]
    return b""


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
