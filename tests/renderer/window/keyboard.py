"""A key on a real X server's keyboard, for whichever window has the focus: by libX11 alone (X11/Xlib.h)."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

_PRESS, _RELEASE = (2, 1), (3, 2)
"""``KeyPress`` and ``KeyRelease``: type and mask."""


class _Key(Structure):
    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("sent", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("root", c_ulong),
        ("child", c_ulong),
        ("time", c_ulong),
        *((name, c_int) for name in ("x", "y", "x_root", "y_root")),
        ("state", c_uint),
        ("keycode", c_uint),
        ("same_screen", c_int),
        ("rest", c_long * 12),
    )


def press(server: str, key: str) -> None:
    """``key``: X's name for it, such as ``i``, ``F1``, ``Escape``."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = c_void_p, (c_char_p,)
    x11.XStringToKeysym.restype, x11.XStringToKeysym.argtypes = c_ulong, (c_char_p,)
    x11.XKeysymToKeycode.argtypes = (c_void_p, c_ulong)
    x11.XGetInputFocus.argtypes = (c_void_p, POINTER(c_ulong), POINTER(c_int))
    x11.XSendEvent.argtypes = (c_void_p, c_ulong, c_int, c_long, POINTER(_Key))
    x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = c_ulong, (c_void_p,)
    x11.XSync.argtypes, x11.XCloseDisplay.argtypes = (c_void_p, c_int), (c_void_p,)
    display = x11.XOpenDisplay(server.encode())
    assert display, server
    try:
        window, revert = c_ulong(), c_int()
        x11.XGetInputFocus(display, byref(window), byref(revert))
        code = x11.XKeysymToKeycode(display, x11.XStringToKeysym(key.encode())) & 0xFF
        for kind, mask in (_PRESS, _RELEASE):
            event = _Key(kind, 0, 1, display, window, x11.XDefaultRootWindow(display), 0, 0, 1, 1, 1, 1, 0, code, 1)
            x11.XSendEvent(display, window, 1, mask, byref(event))
        x11.XSync(display, 0)
    finally:
        x11.XCloseDisplay(display)
