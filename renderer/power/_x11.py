"""DPMS under X: the server's extension, asked through libraries that every X desktop has. No program is needed."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_ubyte, c_ushort, c_void_p

from cache import DisplayState
from config import Code, OohError

_ON, _OFF = 0, 3
"""``DPMSModeOn``, ``DPMSModeOff`` (X11/extensions/dpmsconst.h)."""


class XDpms:
    """The displays of one X server, by a connection of its own."""

    name = "dpms"

    def __init__(self, display: str | None = None) -> None:
        """``display``: such as ``:0``; None: what ``$DISPLAY`` says."""
        self._display = display

    def turn(self, *, on: bool) -> DisplayState:
        """See `Switch`."""
        try:
            x11, extension = _libraries()
        except (OSError, AttributeError) as error:
            raise OohError(Code.DISPLAY_NOT_SWITCHED, str(error)) from error
        connection = x11.XOpenDisplay(None if self._display is None else self._display.encode())
        if not connection:
            raise OohError(Code.DISPLAY_NOT_SWITCHED, "no X server answers")
        try:
            return _force(x11, extension, connection, on=on)
        finally:
            x11.XCloseDisplay(connection)


def _force(x11: ctypes.CDLL, extension: ctypes.CDLL, connection: int, *, on: bool) -> DisplayState:
    event, error = c_int(), c_int()
    if not extension.DPMSQueryExtension(connection, byref(event), byref(error)) or not extension.DPMSCapable(
        connection
    ):
        raise OohError(Code.DISPLAY_NOT_SWITCHED, "this X server has no DPMS")
    # While DPMS is disabled, forcing a level is an error that ends the process (BadMatch).
    extension.DPMSEnable(connection)
    extension.DPMSSetTimeouts(connection, 0, 0, 0)
    extension.DPMSForceLevel(connection, _ON if on else _OFF)
    x11.XSync(connection, 0)
    level, enabled = c_ushort(), c_ubyte()
    if not extension.DPMSInfo(connection, byref(level), byref(enabled)):
        return "unknown"
    return "on" if level.value == _ON else "off"


def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    """libX11 and libXext, typed. Raises ``OSError``, ``AttributeError``."""
    x11, extension = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXext.so.6")
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = c_void_p, (c_char_p,)
    x11.XSync.argtypes, x11.XCloseDisplay.argtypes = (c_void_p, c_int), (c_void_p,)
    extension.DPMSQueryExtension.argtypes = (c_void_p, POINTER(c_int), POINTER(c_int))
    extension.DPMSSetTimeouts.argtypes = (c_void_p, c_ushort, c_ushort, c_ushort)
    extension.DPMSForceLevel.argtypes = (c_void_p, c_ushort)
    extension.DPMSInfo.argtypes = (c_void_p, POINTER(c_ushort), POINTER(c_ubyte))
    for name in ("DPMSCapable", "DPMSEnable"):
        getattr(extension, name).argtypes = (c_void_p,)
    return x11, extension
