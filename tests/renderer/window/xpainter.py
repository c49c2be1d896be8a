"""Another program on the X server: ``python -m tests.renderer.window.xpainter DISPLAY cover|stay|paint``.

``cover``: a window of one colour above everything, until it is killed. ``stay``: the same, and above all that comes
after it. ``paint``: draws once over all windows there
are, and ends. It says ``done`` when the server has done it.
"""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from pathlib import Path
from typing import Any

COLOUR = 0x00C0C000
_OVERRIDE_REDIRECT = 1 << 9
_BACK_PIXEL = 1 << 1


class _Attributes(ctypes.Structure):
    """``XSetWindowAttributes`` (Xlib.h)."""

    _fields_ = (
        *(("background_pixmap", c_ulong), ("background_pixel", c_ulong), ("border_pixmap", c_ulong)),
        *(("border_pixel", c_ulong), ("bit_gravity", c_int), ("win_gravity", c_int), ("backing_store", c_int)),
        *(
            ("backing_planes", c_ulong),
            ("backing_pixel", c_ulong),
            ("save_under", c_int),
            ("event_mask", c_long),
        ),
        *(("do_not_propagate_mask", c_long), ("override_redirect", c_int)),
        *(("colormap", c_ulong), ("cursor", c_ulong)),
    )


def painter(name: str, how: str) -> subprocess.Popen[bytes]:
    """Start it; returns when the server has done what was asked."""
    root = Path(__file__).parents[3]
    argv = [sys.executable, "-m", "tests.renderer.window.xpainter", name, how]
    process = subprocess.Popen(argv, cwd=root, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"done\n"
    return process


def _windows(x11: Any, display: c_void_p, root: int) -> list[int]:
    parent, count, found = c_ulong(), c_uint(), POINTER(c_ulong)()
    x11.XQueryTree(display, root, byref(c_ulong()), byref(parent), byref(found), byref(count))
    return [found[number] for number in range(count.value)]


def main() -> None:
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = c_void_p, (c_char_p,)
    x11.XDefaultRootWindow.restype = x11.XCreateWindow.restype = c_ulong
    x11.XCreateGC.restype = c_void_p
    display = c_void_p(x11.XOpenDisplay(sys.argv[1].encode()))
    assert display.value
    root = x11.XDefaultRootWindow(display)
    width, height = x11.XDisplayWidth(display, 0), x11.XDisplayHeight(display, 0)
    if sys.argv[2] != "paint":
        wanted = _Attributes(background_pixel=COLOUR, override_redirect=1)
        window = x11.XCreateWindow(
            *(display, c_ulong(root), 0, 0, width, height, 0, 0, 1, c_void_p(0)),
            *(c_ulong(_BACK_PIXEL | _OVERRIDE_REDIRECT), byref(wanted)),
        )
        x11.XMapRaised(display, c_ulong(window))
    else:
        for window in _windows(x11, display, root):
            pen = c_void_p(x11.XCreateGC(display, c_ulong(window), c_ulong(0), None))
            x11.XSetForeground(display, pen, c_ulong(COLOUR))
            x11.XFillRectangle(display, c_ulong(window), pen, 0, 0, width, height)
    x11.XSync(display, 0)
    sys.stdout.write("done\n")
    sys.stdout.flush()
    if sys.argv[2] == "cover":
        signal.pause()
    while sys.argv[2] == "stay":
        time.sleep(0.05)
        x11.XRaiseWindow(display, c_ulong(window))
        x11.XSync(display, 0)


if __name__ == "__main__":
    main()
