"""SDL's own functions where pygame binds none: called by ctypes on the very library that pygame has loaded.

Names and numbers are those of SDL 2's headers (SDL_render.h, SDL_pixels.h, SDL_blendmode.h, SDL_syswm.h).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_ssize_t, c_uint8, c_uint32, c_void_p
from functools import cache
from pathlib import Path

ARGB8888 = 0x16362004
RGB888 = 0x16161804
"""32 bits a pixel, in memory B, G, R, X."""
IYUV = 0x56555949

STATIC, STREAMING, TARGET = 0, 1, 2
NO_BLEND, BLEND = 0, 1
NEAREST, LINEAR = 0, 1
YUV_JPEG, YUV_BT601, YUV_BT709 = 0, 1, 2

ACCELERATED = 0x2
_MAPS = Path("/proc/self/maps")
_GL_RENDERER = 0x1F01
_KMSDRM = 13
"""``SDL_SYSWM_KMSDRM``."""


class RendererInfo(ctypes.Structure):
    """``SDL_RendererInfo``."""

    _fields_ = (
        ("name", c_char_p),
        ("flags", c_uint32),
        ("formats", c_uint32),
        ("texture_formats", c_uint32 * 16),
        ("most_width", c_int),
        ("most_height", c_int),
    )


class IntRect(ctypes.Structure):
    """``SDL_Rect``."""

    _fields_ = (("x", c_int), ("y", c_int), ("w", c_int), ("h", c_int))


class FloatRect(ctypes.Structure):
    """``SDL_FRect``."""

    _fields_ = (("x", c_float), ("y", c_float), ("w", c_float), ("h", c_float))


class _Buffer(ctypes.Structure):
    """``Py_buffer`` of CPython's stable ABI, as much of it as is read here."""

    _fields_ = (("buf", c_void_p), ("obj", c_void_p), ("len", c_ssize_t), ("rest", c_uint8 * 128))


class WindowInfo(ctypes.Structure):
    """``SDL_SysWMinfo`` as X11 and Wayland fill it: a version, the subsystem, then the connection."""

    _fields_ = (
        ("version", c_uint8 * 3),
        ("subsystem", c_int),
        ("display", c_void_p),
        ("rest", c_uint8 * 64),
    )


_CONNECTIONS = {
    "x11": ("libX11.so.6", "XConnectionNumber"),
    "wayland": ("libwayland-client.so.0", "wl_display_get_fd"),
}
_SIGNATURES = {
    "SDL_GetError": (c_char_p, ()),
    "SDL_GetWindowFromID": (c_void_p, (c_uint32,)),
    "SDL_GetWindowWMInfo": (c_int, (c_void_p, POINTER(WindowInfo))),
    "SDL_GetRenderer": (c_void_p, (c_void_p,)),
    "SDL_GetRendererInfo": (c_int, (c_void_p, POINTER(RendererInfo))),
    "SDL_GetRendererOutputSize": (c_int, (c_void_p, POINTER(c_int), POINTER(c_int))),
    "SDL_GL_GetProcAddress": (c_void_p, (c_char_p,)),
    "SDL_CreateTexture": (c_void_p, (c_void_p, c_uint32, c_int, c_int, c_int)),
    "SDL_DestroyTexture": (None, (c_void_p,)),
    "SDL_UpdateTexture": (c_int, (c_void_p, POINTER(IntRect), c_void_p, c_int)),
    "SDL_UpdateYUVTexture": (
        c_int,
        (c_void_p, POINTER(IntRect), c_void_p, c_int, c_void_p, c_int, c_void_p, c_int),
    ),
    "SDL_SetYUVConversionMode": (None, (c_int,)),
    "SDL_SetTextureBlendMode": (c_int, (c_void_p, c_int)),
    "SDL_SetTextureScaleMode": (c_int, (c_void_p, c_int)),
    "SDL_SetTextureAlphaMod": (c_int, (c_void_p, c_uint8)),
    "SDL_SetTextureColorMod": (c_int, (c_void_p, c_uint8, c_uint8, c_uint8)),
    "SDL_SetRenderTarget": (c_int, (c_void_p, c_void_p)),
    "SDL_SetRenderDrawColor": (c_int, (c_void_p, c_uint8, c_uint8, c_uint8, c_uint8)),
    "SDL_RenderClear": (c_int, (c_void_p,)),
    "SDL_RenderCopyExF": (
        c_int,
        (c_void_p, c_void_p, POINTER(IntRect), POINTER(FloatRect), c_double, c_void_p, c_int),
    ),
    "SDL_RenderCopy": (c_int, (c_void_p, c_void_p, POINTER(IntRect), POINTER(IntRect))),
    "SDL_RenderReadPixels": (c_int, (c_void_p, POINTER(IntRect), c_uint32, c_void_p, c_int)),
    "SDL_RenderPresent": (None, (c_void_p,)),
}


@cache
def library() -> ctypes.CDLL:
    """The loaded SDL, its functions typed. Raises ``OSError`` when none is loaded."""
    for line in _MAPS.read_text(encoding="utf-8", errors="replace").splitlines():
        path = line.partition("/")[2]
        if path.rpartition("/")[2].startswith(("libSDL2-2", "libSDL2.so")):
            loaded = ctypes.CDLL(f"/{path}")
            for name, (result, arguments) in _SIGNATURES.items():
                function = getattr(loaded, name)
                function.restype, function.argtypes = result, arguments
            return loaded
    message = "no SDL is loaded"
    raise OSError(message)


def error() -> str:
    """What SDL says of its last failure."""
    text: bytes = library().SDL_GetError()
    return text.decode("utf-8", "replace")


@contextmanager
def address(data: bytes | bytearray | memoryview) -> Iterator[int]:
    """Where the bytes lie in memory, for as long as the block lasts; they may be read-only."""
    buffer = _Buffer()
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(data), ctypes.byref(buffer), 0)  # 0: PyBUF_SIMPLE
    try:
        yield int(buffer.buf or 0)
    finally:
        ctypes.pythonapi.PyBuffer_Release(ctypes.byref(buffer))


def gl_renderer() -> str:
    """What the current OpenGL context calls its hardware; empty without one."""
    address = library().SDL_GL_GetProcAddress(b"glGetString")
    if not address:
        return ""
    text = ctypes.CFUNCTYPE(c_char_p, c_uint32)(address)(_GL_RENDERER)
    return text.decode("ascii", "replace") if text else ""


def connection_of_window(window_id: int) -> int | None:
    """Xlib's ``Display*`` or Wayland's ``wl_display*`` of a window; None where there is neither."""
    info = WindowInfo()
    info.version[0] = 2  # SDL fills in what this version knows
    window = library().SDL_GetWindowFromID(window_id)
    if not window or not library().SDL_GetWindowWMInfo(window, ctypes.byref(info)):
        return None
    connection: int | None = info.display
    return connection


def drm_fd_of_window(window_id: int) -> int | None:
    """The descriptor by which SDL drives the graphics card (it is DRM master); None but on KMSDRM."""
    info = WindowInfo()
    info.version[:] = (2, 32, 0)  # from 2.0.15 on it is told
    window = library().SDL_GetWindowFromID(window_id)
    if not window or not library().SDL_GetWindowWMInfo(window, ctypes.byref(info)) or info.subsystem != _KMSDRM:
        return None
    told = (c_int * 2).from_buffer(info, WindowInfo.display.offset)  # dev_index, drm_fd
    return int(told[1])


def connection_fd(connection: int | None, driver: str) -> int | None:
    """The descriptor of a connection to X or Wayland: it can be read when there are events."""
    if connection is None or driver not in _CONNECTIONS:
        return None
    file, name = _CONNECTIONS[driver]
    try:
        asked = getattr(ctypes.CDLL(file), name)
    except (OSError, AttributeError):
        return None
    asked.restype, asked.argtypes = c_int, (c_void_p,)
    fd = int(asked(connection))
    return fd if fd >= 0 else None
