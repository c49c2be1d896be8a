"""CEC: a TV turned off and on over its HDMI cable, by the kernel's own interface (``/dev/cec*``, linux/cec.h).

No program is needed. Messages are those of HDMI 1.4b, supplement 1 (CEC): Standby, Image View On, Active Source, Give
Device Power Status. Every wait is the kernel's and bounded: an attempt to send gives up after five tries by itself.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cache import DisplayState
from config import Code, OohError

DEVICES = Path("/dev")

# struct cec_msg: tx_ts, rx_ts, len, timeout (ms), sequence, flags, msg[16], reply, then seven bytes of status.
_MESSAGE = struct.Struct("=QQIIII16sBBBBBBBx")
# struct cec_log_addrs: log_addr[4], mask, version, count, vendor, flags, osd_name[15], primary type[4], type[4],
# all types[4], features[4][12].
_ADDRESSES = struct.Struct("=4sHBBII15s4s4s4s48sx")
_CAPS = struct.Struct("=32s32sIII")


def _request(direction: int, number: int, size: int) -> int:
    """An ioctl's number (asm-generic/ioctl.h): direction 1 writes, 2 reads, 3 both; CEC's letter is ``a``."""
    return direction << 30 | size << 16 | ord("a") << 8 | number


_G_CAPS = _request(3, 0, _CAPS.size)
_G_PHYS_ADDR = _request(2, 1, 2)
_G_LOG_ADDRS = _request(2, 3, _ADDRESSES.size)
_S_LOG_ADDRS = _request(3, 4, _ADDRESSES.size)
_TRANSMIT = _request(3, 5, _MESSAGE.size)

_CAN_TAKE_ADDRESS = 1 << 1
_CAN_TRANSMIT = 1 << 2
_NO_ADDRESS = 0xFFFF
_SENT, _NOT_ACKNOWLEDGED = 1 << 0, 1 << 2
_ANSWERED = 1 << 0
_TV, _EVERYBODY = 0x0, 0xF
_VERSION_1_4 = 5
_PLAYBACK_PRIMARY, _PLAYBACK_ADDRESS, _PLAYBACK_TYPE = 4, 3, 0x10

STANDBY = 0x36
IMAGE_VIEW_ON = 0x04
ACTIVE_SOURCE = 0x82
GIVE_POWER_STATUS = 0x8F
REPORT_POWER_STATUS = 0x90
_STATES: dict[int, DisplayState] = {0: "on", 1: "off", 2: "on", 3: "off"}
"""On, standby, on its way to on, on its way to standby."""
_ANSWER_MS = 1_000
"""CEC 9.2: a device answers within one second."""

Ioctl = Callable[[int, int, bytearray], object]


def _ioctl(fd: int, request: int, data: bytearray) -> object:
    return fcntl.ioctl(fd, request, data)


class Cec:
    """The TV at the end of one HDMI cable."""

    name = "cec"

    def __init__(self, device: Path, ioctl: Ioctl = _ioctl) -> None:
        self._device = device
        self._ioctl = ioctl

    def turn(self, *, on: bool) -> DisplayState:
        """See `Switch`."""
        with self._open() as fd:
            me, place = self._address(fd)
            if on:
                self._send(fd, me, _TV, bytes((IMAGE_VIEW_ON,)))
                self._send(fd, me, _EVERYBODY, bytes((ACTIVE_SOURCE, place >> 8, place & 0xFF)))
            else:
                self._send(fd, me, _TV, bytes((STANDBY,)))
            return self._state(fd, me)

    @contextmanager
    def _open(self) -> Iterator[int]:
        try:
            fd = os.open(self._device, os.O_RDWR | os.O_CLOEXEC)
            try:
                yield fd
            finally:
                os.close(fd)
        except OSError as error:
            raise _failed(f"{self._device}: {error.strerror or error}") from error

    def _address(self, fd: int) -> tuple[int, int]:
        """Our place on the bus, logical and physical; taken as a playback device when nobody has one yet."""
        physical = bytearray(2)
        self._ioctl(fd, _G_PHYS_ADDR, physical)
        place = int.from_bytes(physical, "little")
        if place == _NO_ADDRESS:
            message = f"{self._device}: no TV is connected"
            raise _failed(message)
        taken = bytearray(_ADDRESSES.size)
        self._ioctl(fd, _G_LOG_ADDRS, taken)
        if not _mask(taken):
            self._take_address(fd, taken)
        if not _mask(taken):
            message = f"{self._device}: no place on the bus"
            raise _failed(message)
        return taken[0], place

    def _take_address(self, fd: int, taken: bytearray) -> None:
        caps = bytearray(_CAPS.size)
        self._ioctl(fd, _G_CAPS, caps)
        can = _CAPS.unpack(caps)[3]
        if not can & _CAN_TAKE_ADDRESS or not can & _CAN_TRANSMIT:
            message = f"{self._device}: cannot send"
            raise _failed(message)
        wish = (bytes(4), 0, _VERSION_1_4, 1, 0, 0, b"ooh-player")
        kinds = (bytes((_PLAYBACK_PRIMARY,)), bytes((_PLAYBACK_ADDRESS,)), bytes((_PLAYBACK_TYPE,)), bytes(48))
        taken[:] = _ADDRESSES.pack(*wish, *kinds)
        self._ioctl(fd, _S_LOG_ADDRS, taken)  # waits until it has one

    def _send(self, fd: int, me: int, to: int, body: bytes) -> None:
        sent, _ = self._transmit(fd, me, to, body)
        if not sent & _SENT:
            why = "nobody took it" if sent & _NOT_ACKNOWLEDGED else "the bus is disturbed"
            message = f"{self._device}: message {body[0]:02x}: {why}"
            raise _failed(message)

    def _state(self, fd: int, me: int) -> DisplayState:
        """What the TV reports of itself."""
        _, answer = self._transmit(fd, me, _TV, bytes((GIVE_POWER_STATUS,)), REPORT_POWER_STATUS)
        return "unknown" if len(answer) < 3 else _STATES.get(answer[2], "unknown")

    def _transmit(self, fd: int, me: int, to: int, body: bytes, reply: int = 0) -> tuple[int, bytes]:
        """What became of a message, and the answer to it; empty without one."""
        words = bytes((me << 4 | to, *body))
        data = bytearray(_MESSAGE.pack(0, 0, len(words), _ANSWER_MS if reply else 0, 0, 0, words, reply, *bytes(6)))
        self._ioctl(fd, _TRANSMIT, data)
        _, _, length, _, _, _, message, _, heard, sent, *_ = _MESSAGE.unpack(data)
        return sent, message[: min(length, 16)] if reply and heard & _ANSWERED else b""


def cec_devices(folder: Path = DEVICES) -> tuple[Path, ...]:
    """Every CEC adapter of the machine."""
    return tuple(sorted(folder.glob("cec[0-9]*")))


def _mask(addresses: bytearray) -> int:
    mask: int = _ADDRESSES.unpack(addresses)[1]
    return mask


def _failed(detail: str) -> OohError:
    return OohError(Code.DISPLAY_NOT_SWITCHED, detail)
