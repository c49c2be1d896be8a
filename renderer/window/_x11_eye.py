"""What an X server really shows: a few lines of its root window, with all that lies above it."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_uint, c_ulong, c_void_p
from typing import Self

from config import Size
from renderer.window._places import Places

_ALL_PLANES = 0xFFFFFFFF
_Z_PIXMAP = 2
_BITS = 32
_LITTLE_ENDIAN = 0
_RGB = (2, 1, 0)
"""Where red, green and blue lie in a pixel of such an image."""
_ErrorHandler = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)


class _Image(ctypes.Structure):
    """``XImage`` (Xlib.h), as much of it as is read here."""

    _fields_ = (
        *((name, c_int) for name in ("width", "height", "xoffset", "format")),
        ("data", c_void_p),
        *((name, c_int) for name in ("byte_order", "bitmap_unit", "bitmap_bit_order", "bitmap_pad")),
        *((name, c_int) for name in ("depth", "bytes_per_line", "bits_per_pixel")),
    )


class ServerEye:
    """A connection of its own: replies that are waited for here keep no event from the window."""

    def __init__(self, x11: ctypes.CDLL, connection: int, size: Size) -> None:
        self._x11 = x11
        self._connection = connection
        self._root = x11.XDefaultRootWindow(connection)
        self.size = size
        self._forgive = _ErrorHandler(lambda *_: 0)

    @classmethod
    def open(cls, library: str = "libX11.so.6") -> Self | None:
        """On the server that ``$DISPLAY`` names; None where there is none."""
        try:
            x11 = _typed(ctypes.CDLL(library))
        except (OSError, AttributeError):
            return None
        connection = x11.XOpenDisplay(None)
        if not connection:
            return None
        return cls(x11, connection, Size(x11.XDisplayWidth(connection, 0), x11.XDisplayHeight(connection, 0)))

    def read(self, places: Places) -> bytes | None:
        """Three bytes (red, green, blue) a place. None when it cannot be read, or in colours that are no bytes."""
        # Without a handler of its own Xlib ends the process at the first error, such as for a screen that has shrunk.
        before = self._x11.XSetErrorHandler(self._forgive)
        try:
            lines = [self._line(y, places.columns) for y in places.rows]
            self._x11.XSync(self._connection, 1)  # and let go of events that nobody here wants
        finally:
            self._x11.XSetErrorHandler(ctypes.cast(before, _ErrorHandler) if before else _ErrorHandler())
        return None if None in lines else b"".join(line for line in lines if line is not None)

    def close(self) -> None:
        """End the connection."""
        self._x11.XCloseDisplay(self._connection)

    def _line(self, y: int, columns: tuple[int, ...]) -> bytes | None:
        image = self._x11.XGetImage(self._connection, self._root, 0, y, self.size.w, 1, _ALL_PLANES, _Z_PIXMAP)
        if not image:
            return None
        try:
            said = image.contents
            if said.bits_per_pixel != _BITS or said.byte_order != _LITTLE_ENDIAN or said.depth not in (24, 32):
                return None
            row = ctypes.string_at(said.data, said.bytes_per_line)
        finally:
            self._x11.XDestroyImage(image)
        return bytes(row[4 * x + channel] for x in columns for channel in _RGB)


def _typed(x11: ctypes.CDLL) -> ctypes.CDLL:
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = c_void_p, (c_char_p,)
    x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = c_ulong, (c_void_p,)
    x11.XDisplayWidth.argtypes = x11.XDisplayHeight.argtypes = x11.XSync.argtypes = (c_void_p, c_int)
    x11.XCloseDisplay.argtypes = (c_void_p,)
    x11.XSetErrorHandler.restype, x11.XSetErrorHandler.argtypes = c_void_p, (_ErrorHandler,)
    x11.XDestroyImage.argtypes = (POINTER(_Image),)
    x11.XGetImage.restype = POINTER(_Image)
    x11.XGetImage.argtypes = (c_void_p, c_ulong, c_int, c_int, c_uint, c_uint, c_ulong, c_int)
    return x11
