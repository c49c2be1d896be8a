"""DPMS on the bare kernel: the connectors' property, set through SDL's own descriptor, for only it may (DRM master).

Names and layouts are those of drm/drm_mode.h. The legacy property works with atomic drivers too: the kernel turns the
CRTC off and keeps mode and buffers. While it is off nothing is to be presented: a flip would be refused.
"""

from __future__ import annotations

import ctypes
import fcntl
import struct
from collections.abc import Callable, Iterator

from cache import DisplayState
from config import Code, OohError

_RESOURCES = struct.Struct("=QQQQIIIIIIII")
_CONNECTOR = struct.Struct("=QQQQIIIIIIIIIIII")
_PROPERTY = struct.Struct("=QQII32sII")
_SET_PROPERTY = struct.Struct("=QII")


def _request(number: int, size: int) -> int:
    """An ioctl that reads and writes; DRM's letter is ``d``."""
    return 3 << 30 | size << 16 | ord("d") << 8 | number


_GET_RESOURCES = _request(0xA0, _RESOURCES.size)
_GET_CONNECTOR = _request(0xA7, _CONNECTOR.size)
_GET_PROPERTY = _request(0xAA, _PROPERTY.size)
_SET = _request(0xAB, _SET_PROPERTY.size)
_CONNECTED = 1
_ON, _OFF = 0, 3
"""``DRM_MODE_DPMS_ON``, ``DRM_MODE_DPMS_OFF``."""

Ioctl = Callable[[int, int, bytearray], object]


def _ioctl(fd: int, request: int, data: bytearray) -> object:
    return fcntl.ioctl(fd, request, data)


class KmsDpms:
    """The displays that SDL drives without a desktop."""

    name = "dpms"

    def __init__(self, drm_fd: int, ioctl: Ioctl = _ioctl) -> None:
        """``drm_fd``: SDL's; not closed here."""
        self._fd = drm_fd
        self._ioctl = ioctl

    def turn(self, *, on: bool) -> DisplayState:
        """See `Switch`."""
        level = _ON if on else _OFF
        try:
            switches = list(self._switches())
            for connector, property_id, _ in switches:
                self._ioctl(self._fd, _SET, bytearray(_SET_PROPERTY.pack(level, property_id, connector)))
            now = [value for _, _, value in self._switches()]
        except OSError as error:
            raise OohError(Code.DISPLAY_NOT_SWITCHED, f"DPMS: {error.strerror or error}") from error
        if not switches:
            raise OohError(Code.DISPLAY_NOT_SWITCHED, "no display is connected")
        return "on" if _ON in now else "off"

    def _switches(self) -> Iterator[tuple[int, int, int]]:
        """Connector, property and value, for each display that is connected."""
        for connector in self._connectors():
            count = self._ask_connector(connector, None)
            if not count:
                continue
            ids, values = (ctypes.c_uint32 * count)(), (ctypes.c_uint64 * count)()
            self._ask_connector(connector, (ctypes.addressof(ids), ctypes.addressof(values), count))
            for property_id, value in zip(ids, values, strict=True):
                if self._name(property_id) == b"DPMS":
                    yield connector, property_id, value

    def _connectors(self) -> list[int]:
        asked = bytearray(_RESOURCES.pack(*bytes(12)))
        self._ioctl(self._fd, _GET_RESOURCES, asked)
        count = _RESOURCES.unpack(asked)[6]
        ids = (ctypes.c_uint32 * count)()
        room = (0, 0, ctypes.addressof(ids), 0, 0, 0, count, *bytes(5))
        self._ioctl(self._fd, _GET_RESOURCES, bytearray(_RESOURCES.pack(*room)))
        return list(ids)

    def _ask_connector(self, connector: int, room: tuple[int, int, int] | None) -> int:
        """How many properties it has, 0 when nothing is connected; written into ``room`` (addresses and count)."""
        ids, values, count = room or (0, 0, 0)
        # One mode's room keeps the kernel from probing the cable anew, which takes 0.1 s and more.
        modes = (ctypes.c_uint8 * 68)()
        asked = bytearray(
            _CONNECTOR.pack(0, ctypes.addressof(modes), ids, values, 1, count, 0, 0, connector, *bytes(7))
        )
        self._ioctl(self._fd, _GET_CONNECTOR, asked)
        told = _CONNECTOR.unpack(asked)
        return told[5] if told[11] == _CONNECTED else 0

    def _name(self, property_id: int) -> bytes:
        asked = bytearray(_PROPERTY.pack(0, 0, property_id, 0, bytes(32), 0, 0))
        self._ioctl(self._fd, _GET_PROPERTY, asked)
        name: bytes = _PROPERTY.unpack(asked)[4]
        return name.rstrip(b"\0")
