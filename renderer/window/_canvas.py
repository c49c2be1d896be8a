"""The GPU's canvas: SDL's renderer, its textures, and drawing them turned, dimmed and mixed."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from config import Rect, Size
from renderer.window import _native
from renderer.window._display import Overlay
from renderer.window._pygame import pygame
from renderer.window._turn import turned_rect

_BYTES_PER_PIXEL = 4
_OPAQUE = 255
_RGB = (2, 1, 0)
"""Where red, green and blue lie in a pixel that was read back."""
_SOFTWARE_GL = ("llvmpipe", "softpipe", "swrast", "software rasterizer", "swiftshader")


class Texture:
    """Pixels in the GPU's memory. Raises ``pygame.error`` where SDL refuses."""

    def __init__(self, renderer: int, pixel_format: int, access: int, size: Size, scaling: int) -> None:
        self.size = size
        self._sdl = _native.library()
        self.handle = self._sdl.SDL_CreateTexture(renderer, pixel_format, access, size.w, size.h)
        if not self.handle:
            raise pygame.error(_native.error())
        self._sdl.SDL_SetTextureScaleMode(self.handle, scaling)

    def upload(self, surface: pygame.Surface, rect: Rect) -> None:
        """Take over the pixels of ``surface`` (as large as this, BGRX) at ``rect``, and no others."""
        pitch = surface.get_pitch()
        start = surface._pixels_address + rect.y * pitch + rect.x * _BYTES_PER_PIXEL  # noqa: SLF001 - pygame's own name for it
        place = _native.IntRect(rect.x, rect.y, rect.w, rect.h)
        _must(self._sdl.SDL_UpdateTexture(self.handle, ctypes.byref(place), start, pitch))

    def upload_planes(self, overlay: Overlay, yuv_mode: int) -> None:
        """Take over the planes of a video's picture. Where SDL imitates planes, it converts them here."""
        rows = overlay.pitches
        self._sdl.SDL_SetYUVConversionMode(yuv_mode)
        with ExitStack() as held:
            y, u, v = (held.enter_context(_native.address(plane)) for plane in overlay.planes)
            _must(self._sdl.SDL_UpdateYUVTexture(self.handle, None, y, rows[0], u, rows[1], v, rows[2]))

    def close(self) -> None:
        """Give the memory back."""
        if self.handle:
            self._sdl.SDL_DestroyTexture(self.handle)
            self.handle = None


@dataclass(frozen=True, slots=True)
class Layer:
    """A texture on its way out: where on the logical screen, and how much of it (0 to 255)."""

    texture: Texture
    rect: Rect
    alpha: int = _OPAQUE
    yuv_mode: int | None = None


class Canvas:
    """The renderer of one window. Everything happens in the thread that made it."""

    def __init__(self, window_id: int) -> None:
        """Raises ``pygame.error`` when the window has no renderer."""
        self._sdl = _native.library()
        self._renderer = self._sdl.SDL_GetRenderer(self._sdl.SDL_GetWindowFromID(window_id))
        info = _native.RendererInfo()
        if not self._renderer or self._sdl.SDL_GetRendererInfo(self._renderer, ctypes.byref(info)):
            raise pygame.error(_native.error())
        width, height = ctypes.c_int(), ctypes.c_int()
        _must(self._sdl.SDL_GetRendererOutputSize(self._renderer, ctypes.byref(width), ctypes.byref(height)))
        self.panel = Size(width.value, height.value)
        self.api = bytes(info.name).decode("ascii", "replace")
        self.hardware = _native.gl_renderer() if self.api.startswith("opengl") else ""
        """What OpenGL calls it; empty where that is not known."""
        self.most = Size(info.most_width, info.most_height)
        """The largest texture; zeros: any."""
        self.accelerated = bool(info.flags & _native.ACCELERATED) and not self._is_imitated()

    def texture(self, size: Size) -> Texture:
        """For a frame: shown pixel by pixel."""
        return Texture(self._renderer, _native.RGB888, _native.STREAMING, size, _native.NEAREST)

    def planes(self, size: Size) -> Texture:
        """For a video: scaled smoothly."""
        return Texture(self._renderer, _native.IYUV, _native.STREAMING, size, _native.LINEAR)

    def draw(self, layers: Sequence[Layer], logical: Size, rotation: int, level: int) -> None:
        """Draw the layers, the first at the bottom, on black; ``level`` dims (255: not)."""
        self._sdl.SDL_SetRenderDrawColor(self._renderer, 0, 0, 0, _OPAQUE)
        _must(self._sdl.SDL_RenderClear(self._renderer))
        for layer in layers:
            handle = layer.texture.handle
            if layer.yuv_mode is not None:
                self._sdl.SDL_SetYUVConversionMode(layer.yuv_mode)
            self._sdl.SDL_SetTextureColorMod(handle, level, level, level)
            self._sdl.SDL_SetTextureAlphaMod(handle, layer.alpha)
            self._sdl.SDL_SetTextureBlendMode(handle, _native.NO_BLEND if layer.alpha == _OPAQUE else _native.BLEND)
            place = ctypes.byref(_unturned(layer.rect, logical, rotation))
            _must(self._sdl.SDL_RenderCopyExF(self._renderer, handle, None, place, rotation, None, 0))

    def fill(self, colour: str) -> None:
        """One flat colour, ``#rrggbb``."""
        red, green, blue = bytes.fromhex(colour[1:])
        self._sdl.SDL_SetRenderDrawColor(self._renderer, red, green, blue, _OPAQUE)
        _must(self._sdl.SDL_RenderClear(self._renderer))

    def present(self) -> None:
        """Show what was drawn; with vsync it returns when the panel has taken it."""
        self._sdl.SDL_RenderPresent(self._renderer)

    def read(self, layers: Sequence[Layer], logical: Size, size: Size, level: int) -> bytes:
        """The layers, upright and scaled to ``size``: BGRX, rows without gaps."""
        target = Texture(self._renderer, _native.ARGB8888, _native.TARGET, size, _native.LINEAR)
        try:
            _must(self._sdl.SDL_SetRenderTarget(self._renderer, target.handle))
            scaled = [_scaled(layer, logical, size) for layer in layers]
            self._smooth(layers, smooth=size != logical)
            self.draw(scaled, size, 0, level)
            return self.read_back(Rect(0, 0, size.w, size.h))
        finally:
            self._smooth(layers, smooth=False)
            self._sdl.SDL_SetRenderTarget(self._renderer, None)
            target.close()

    def sample(self, texture: Texture, pixels: Sequence[tuple[int, int]], level: int) -> bytes:
        """Some of a texture's pixels as they are drawn: three bytes (red, green, blue) each. One read for all."""
        target = Texture(self._renderer, _native.ARGB8888, _native.TARGET, Size(len(pixels), 1), _native.NEAREST)
        try:
            _must(self._sdl.SDL_SetRenderTarget(self._renderer, target.handle))
            self._sdl.SDL_SetTextureColorMod(texture.handle, level, level, level)
            self._sdl.SDL_SetTextureBlendMode(texture.handle, _native.NO_BLEND)
            for number, (x, y) in enumerate(pixels):
                source, place = _native.IntRect(x, y, 1, 1), _native.IntRect(number, 0, 1, 1)
                _must(
                    self._sdl.SDL_RenderCopy(self._renderer, texture.handle, ctypes.byref(source), ctypes.byref(place))
                )
            bgrx = self.read_back(Rect(0, 0, len(pixels), 1))
        finally:
            self._sdl.SDL_SetRenderTarget(self._renderer, None)
            target.close()
        return bytes(bgrx[at + channel] for at in range(0, len(bgrx), _BYTES_PER_PIXEL) for channel in _RGB)

    def read_back(self, rect: Rect) -> bytes:
        """What was drawn and not presented yet, as the panel is mounted: BGRX, rows without gaps."""
        pixels = (ctypes.c_uint8 * (rect.size.pixels * _BYTES_PER_PIXEL))()
        place = ctypes.byref(_native.IntRect(rect.x, rect.y, rect.w, rect.h))
        row = rect.w * _BYTES_PER_PIXEL
        _must(self._sdl.SDL_RenderReadPixels(self._renderer, place, _native.RGB888, pixels, row))
        return bytes(pixels)

    def _smooth(self, layers: Sequence[Layer], *, smooth: bool) -> None:
        for layer in layers:
            if layer.yuv_mode is None:
                mode = _native.LINEAR if smooth else _native.NEAREST
                self._sdl.SDL_SetTextureScaleMode(layer.texture.handle, mode)

    def _is_imitated(self) -> bool:
        """SDL calls any OpenGL accelerated; Mesa's software rasterisers are not."""
        return any(name in self.hardware.lower() for name in _SOFTWARE_GL)


def _unturned(rect: Rect, logical: Size, rotation: int) -> _native.FloatRect:
    """SDL turns a rectangle about its middle: where it must lie before that."""
    turned = turned_rect(rect, logical, rotation)
    x, y = turned.x + turned.w / 2 - rect.w / 2, turned.y + turned.h / 2 - rect.h / 2
    return _native.FloatRect(x, y, rect.w, rect.h)


def _scaled(layer: Layer, logical: Size, size: Size) -> Layer:
    x, y = layer.rect.x * size.w // logical.w, layer.rect.y * size.h // logical.h
    right, bottom = -(-layer.rect.right * size.w // logical.w), -(-layer.rect.bottom * size.h // logical.h)
    return Layer(layer.texture, Rect(x, y, right - x, bottom - y), layer.alpha, layer.yuv_mode)


def _must(status: int) -> None:
    if status:
        raise pygame.error(_native.error())
