"""Is there a window manager on this X server? Without one, asking for full screen waits 0.1 s for nobody's answer."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_ubyte, c_ulong, c_void_p

_WINDOW = 33
"""``XA_WINDOW`` (X11/Xatom.h)."""


def has_window_manager(library: str = "libX11.so.6") -> bool:
    """What ``_NET_SUPPORTING_WM_CHECK`` on the root window says (Extended Window Manager Hints 1.5).

    True as well where it cannot be asked: then SDL is left to find out.
    """
    try:
        x11 = ctypes.CDLL(library)
    except OSError:
        return True
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = c_void_p, (c_char_p,)
    x11.XInternAtom.restype, x11.XInternAtom.argtypes = c_ulong, (c_void_p, c_char_p, c_int)
    x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = c_ulong, (c_void_p,)
    x11.XCloseDisplay.argtypes = x11.XFree.argtypes = (c_void_p,)
    x11.XGetWindowProperty.argtypes = (
        *(c_void_p, c_ulong, c_ulong, c_long, c_long, c_int, c_ulong),
        *(POINTER(c_ulong), POINTER(c_int), POINTER(c_ulong), POINTER(c_ulong), POINTER(POINTER(c_ubyte))),
    )
    display = x11.XOpenDisplay(None)
    if not display:
        return True
    try:
        return _is_named(x11, display)
    finally:
        x11.XCloseDisplay(display)


def _is_named(x11: ctypes.CDLL, display: int) -> bool:
    kind, bits, count, rest = c_ulong(), c_int(), c_ulong(), c_ulong()
    value = POINTER(c_ubyte)()
    atom = x11.XInternAtom(display, b"_NET_SUPPORTING_WM_CHECK", 0)
    found = (byref(kind), byref(bits), byref(count), byref(rest), byref(value))
    x11.XGetWindowProperty(display, x11.XDefaultRootWindow(display), atom, 0, 1, 0, _WINDOW, *found)
    if ctypes.cast(value, c_void_p).value is not None:
        x11.XFree(value)
    return count.value > 0
