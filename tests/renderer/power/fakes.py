"""Displays that are not there: switches that answer as a test wants, a CEC bus, a kernel's connectors."""

from __future__ import annotations

import ctypes
import errno
import struct
import threading
from dataclasses import dataclass, field

from cache import DisplayState
from config import Code, OohError
from renderer.power import _cec, _kms


@dataclass
class FakeSwitch:
    """Answers by a script, then as it was told last; may hang."""

    name: str = "cec"
    answers: list[DisplayState | Exception] = field(default_factory=list)
    asked: list[bool] = field(default_factory=list)
    hang: threading.Event | None = None

    def turn(self, *, on: bool) -> DisplayState:
        self.asked.append(on)
        if self.hang is not None:
            self.hang.wait(60)
        answer: DisplayState | Exception = self.answers.pop(0) if self.answers else ("on" if on else "off")
        if isinstance(answer, Exception):
            raise answer
        return answer


def refused(detail: str = "no") -> OohError:
    """A switch that cannot."""
    return OohError(Code.DISPLAY_NOT_SWITCHED, detail)


@dataclass
class FakeBus:
    """A CEC adapter with a TV, as the kernel shows both: by the same ioctls, packed as linux/cec.h has it."""

    physical: int = 0x1000
    mask: int = 0
    can: int = 0b110
    tv: int | None = 1
    """Its power status (0 on, 1 standby); None: no TV acknowledges."""
    deaf: bool = False
    """It acknowledges and says nothing."""
    sent: list[bytes] = field(default_factory=list)

    def ioctl(self, fd: int, request: int, data: bytearray) -> None:
        assert fd >= 0
        size = request >> 16 & 0x3FFF
        assert size == len(data), hex(request)
        match request & 0xFF:
            case 0:
                data[:] = struct.pack("=32s32sIII", b"vc4_hdmi", b"vc4", 4, self.can, 0)
            case 1:
                data[:] = self.physical.to_bytes(2, "little")
            case 3:
                data[:] = bytes((4, 0xFF, 0xFF, 0xFF)) + struct.pack("=H", self.mask) + bytes(86)
            case 4:
                assert data[7] == 1
                assert data[16:26] == b"ooh-player"
                self.mask = 1 << 4
                data[0], data[4:6] = 4, struct.pack("=H", self.mask)
            case 5:
                self._transmit(data)
            case number:
                raise OSError(errno.ENOTTY, f"ioctl {number}")

    def _transmit(self, data: bytearray) -> None:
        length = struct.unpack_from("=I", data, 16)[0]
        message = bytes(data[32 : 32 + length])
        self.sent.append(message)
        to = message[0] & 0xF
        if self.tv is None and to == 0:
            data[50] = 1 << 2 | 1 << 5
            return
        data[50] = 1
        match message[1]:
            case _cec.STANDBY:
                self.tv = 1
            case _cec.IMAGE_VIEW_ON:
                self.tv = 0
            case _cec.GIVE_POWER_STATUS if not self.deaf and self.tv is not None:
                struct.pack_into("=I", data, 16, 3)
                data[32:35] = bytes((0x04, _cec.REPORT_POWER_STATUS, self.tv))
                data[49] = 1


@dataclass
class FakeCard:
    """A graphics card's connectors: id → properties by id (name, value), or None where nothing is plugged in."""

    connectors: dict[int, dict[int, tuple[bytes, int]] | None]
    denied: bool = False

    def ioctl(self, fd: int, request: int, data: bytearray) -> None:
        assert fd >= 0
        assert request >> 16 & 0x3FFF == len(data)
        match request & 0xFF:
            case 0xA0:
                self._resources(data)
            case 0xA7:
                self._connector(data)
            case 0xAA:
                wanted = struct.unpack_from("=I", data, 16)[0]
                names = {key: name for held in self.connectors.values() if held for key, (name, _) in held.items()}
                data[24:56] = names[wanted].ljust(32, b"\0")
            case 0xAB:
                if self.denied:
                    raise OSError(errno.EACCES, "Permission denied")
                value, key, connector = struct.unpack("=QII", data)
                held = self.connectors[connector]
                assert held is not None
                held[key] = (held[key][0], value)

    def _resources(self, data: bytearray) -> None:
        address, room = struct.unpack_from("=Q", data, 16)[0], struct.unpack_from("=I", data, 40)[0]
        if address and room >= len(self.connectors):
            (ctypes.c_uint32 * len(self.connectors)).from_address(address)[:] = list(self.connectors)
        struct.pack_into("=I", data, 40, len(self.connectors))

    def _connector(self, data: bytearray) -> None:
        fields = list(_kms._CONNECTOR.unpack(data))
        held = self.connectors[fields[8]]
        if held is not None and fields[2] and fields[5] >= len(held):
            (ctypes.c_uint32 * len(held)).from_address(fields[2])[:] = list(held)
            (ctypes.c_uint64 * len(held)).from_address(fields[3])[:] = [value for _, value in held.values()]
        fields[5], fields[11] = len(held or {}), 1 if held is not None else 2
        data[:] = _kms._CONNECTOR.pack(*fields)
