"""Another mode on a real X server, as a person sets it with xrandr: RandR 1.3 by ctypes (X11/extensions/Xrandr.h)."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint, c_ulong, c_ushort, c_void_p

from config import Size

_UPRIGHT = 1
_RETAIN = 1


class _Resources(Structure):
    _fields_ = (
        ("timestamp", c_ulong),
        ("configured", c_ulong),
        ("crtc_count", c_int),
        ("crtcs", POINTER(c_ulong)),
        ("output_count", c_int),
        ("outputs", POINTER(c_ulong)),
        ("mode_count", c_int),
        ("modes", c_void_p),
    )


class _Mode(Structure):
    _fields_ = (
        ("id", c_ulong),
        ("width", c_uint),
        ("height", c_uint),
        ("dot_clock", c_ulong),
        *((name, c_uint) for name in ("h_start", "h_end", "h_total", "h_skew", "v_start", "v_end", "v_total")),
        ("name", c_char_p),
        ("name_length", c_uint),
        ("flags", c_ulong),
    )


@contextmanager
def session(server: str) -> Iterator[None]:
    """Somebody else on that server, as on a desktop: alone, SDL's leaving would reset it to its first mode."""
    x11, _ = _libraries()
    display = x11.XOpenDisplay(server.encode())
    assert display, server
    try:
        yield
    finally:
        x11.XCloseDisplay(display)


def set_mode(server: str, size: Size) -> None:
    """Make such a mode, give it to the one output and switch to it. No larger than the server began with."""
    x11, randr = _libraries()
    display = x11.XOpenDisplay(server.encode())
    assert display, server
    try:
        root = x11.XDefaultRootWindow(display)
        held = randr.XRRGetScreenResourcesCurrent(display, root)
        crtc, output = held.contents.crtcs[0], held.contents.outputs[0]
        name = str(size).encode()
        mode = _Mode(
            0, size.w, size.h, 60 * size.pixels, size.w, size.w, size.w, 0, size.h, size.h, size.h, name, len(name), 0
        )
        made = randr.XRRCreateMode(display, root, byref(mode))
        randr.XRRAddOutputMode(display, output, made)
        outputs = (c_ulong * 1)(output)
        randr.XRRSetCrtcConfig(display, held, crtc, 0, 0, 0, 0, _UPRIGHT, None, 0)
        randr.XRRSetScreenSize(display, root, size.w, size.h, round(size.w / 4), round(size.h / 4))
        status = randr.XRRSetCrtcConfig(display, held, crtc, 0, 0, 0, made, _UPRIGHT, outputs, 1)
        assert status == 0, status
        x11.XSetCloseDownMode(display, _RETAIN)  # else the mode goes with the client that made it
        x11.XSync(display, 0)
    finally:
        x11.XCloseDisplay(display)


def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    x11, randr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = c_void_p, (c_char_p,)
    x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = c_ulong, (c_void_p,)
    x11.XCloseDisplay.argtypes = (c_void_p,)
    x11.XSync.argtypes = x11.XSetCloseDownMode.argtypes = (c_void_p, c_int)
    randr.XRRGetScreenResourcesCurrent.restype = POINTER(_Resources)
    randr.XRRGetScreenResourcesCurrent.argtypes = (c_void_p, c_ulong)
    randr.XRRCreateMode.restype, randr.XRRCreateMode.argtypes = c_ulong, (c_void_p, c_ulong, POINTER(_Mode))
    randr.XRRAddOutputMode.argtypes = (c_void_p, c_ulong, c_ulong)
    randr.XRRSetScreenSize.argtypes = (c_void_p, c_ulong, c_int, c_int, c_int, c_int)
    randr.XRRSetCrtcConfig.argtypes = (
        *(c_void_p, POINTER(_Resources), c_ulong, c_ulong, c_int, c_int, c_ulong),
        *(c_ushort, POINTER(c_ulong), c_int),
    )
    return x11, randr
