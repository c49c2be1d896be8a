"""What SDL does not tell of an X server: whether it has a window manager, and how large its desktop is now."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_ubyte, c_uint, c_ulong, c_void_p

from config import Size

_WINDOW = 33
"""``XA_WINDOW`` (X11/Xatom.h)."""


def root_size(connection: int, library: str = "libX11.so.6") -> Size | None:
    """The root window's size, by a connection that is open (``Display*``) and used in this thread; one round trip."""
    try:
        x11 = ctypes.CDLL(library)
    except OSError:
        return None
    x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = c_ulong, (c_void_p,)
    x11.XGetGeometry.argtypes = (
        *(c_void_p, c_ulong, POINTER(c_ulong), POINTER(c_int), POINTER(c_int)),
        *(POINTER(c_uint), POINTER(c_uint), POINTER(c_uint), POINTER(c_uint)),
    )
    root, x, y = c_ulong(), c_int(), c_int()
    width, height, border, depth = c_uint(), c_uint(), c_uint(), c_uint()
    window = x11.XDefaultRootWindow(connection)
    told = (byref(root), byref(x), byref(y), byref(width), byref(height), byref(border), byref(depth))
    return Size(width.value, height.value) if x11.XGetGeometry(connection, window, *told) else None


def has_window_manager(library: str = "libX11.so.6") -> bool:
    """Without one, asking for full screen waits 0.1 s for nobody's answer.

    What ``_NET_SUPPORTING_WM_CHECK`` on the root window says (Extended Window Manager Hints 1.5).

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
