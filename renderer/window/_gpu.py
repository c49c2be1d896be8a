"""The GPU's way: frames are textures, of which only what changed is uploaded; the GPU turns, dims and mixes."""

from __future__ import annotations

from collections.abc import Sequence

from cache import Clock
from config import Rect, Size
from renderer.watchdog import Glance
from renderer.window import _native
from renderer.window._canvas import Canvas, Layer, Texture
from renderer.window._display import Capture, Crossing, Movement, Overlay
from renderer.window._frame import Frame
from renderer.window._places import Places
from renderer.window._sdl_window import Opened, SdlWindow
from renderer.window._turn import clipped, moved, narrowed, upright

_FULL = 255
_ON_ITS_WAY_NS = 250_000_000


class GpuDisplay(SdlWindow):
    """A window with a renderer. Two textures take turns: one is shown while the next frame is uploaded."""

    takes_yuv = True

    def __init__(self, canvas: Canvas, opened: Opened, clock: Clock) -> None:
        super().__init__(opened, clock)
        self._canvas = canvas
        self._whole = Rect(0, 0, self.size.w, self.size.h)
        self._shown = _Held(canvas.texture(self.size))
        self._coming = _Held(canvas.texture(self.size))
        self._planes: Texture | None = None
        self._overlay: Overlay | None = None

    def show(self, frame: Frame, dirty: Sequence[Rect] | None = None, overlay: Overlay | None = None) -> int:
        """Upload what changed, draw, present. Returns monotonic ns after the present call returned."""
        if overlay is not None:
            check(overlay)
        self._bring(frame, dirty)
        if overlay is not None:
            self._take(overlay)
        return self._present(self._layers())

    def make_ready(self, frame: Frame) -> None:
        """Upload it into the texture that is not shown."""
        if frame is not self._shown.frame and frame is not self._coming.frame:
            self._coming.upload(frame, self._whole)

    def cross(self, old: Frame, new: Frame, movement: Movement) -> Crossing:
        """Both are textures: a step uploads nothing."""
        if old is not self._shown.frame:
            self._bring(old, None)
        self.make_ready(new)
        return _GpuCrossing(self, movement)

    def step(self, movement: Movement, share: float) -> int:
        """Present one step of a crossing from what is shown to what is ready."""
        new = self._coming.texture
        if movement == "fade":
            layers = [*self._layers(), Layer(new, self._whole, round(_FULL * share))]
        else:
            away = round(share * self.size.w)
            layers = [*(_moved(layer, -away) for layer in self._layers())]
            layers.append(Layer(new, moved(self._whole, self.size.w - away)))
        return self._present(layers)

    def capture(self, most_width: int | None = None) -> Capture:
        """Drawn once more by the GPU, upright, from the very textures that were presented."""
        size = narrowed(self.size, most_width)
        return Capture(size, self._canvas.read(self._layers(), self.size, size, self.level))

    def _glance(self, places: Places) -> Glance | None:
        """The texture's pixels, as the renderer draws them; of a video only the frame that lies below it."""
        frame = self._shown.frame
        if frame is None:
            return None
        pixels = [upright(x, y, self.size, self.rotation) for y in places.rows for x in places.columns]
        seen = self._canvas.sample(self._shown.texture, pixels, self.level)
        return Glance("texture", seen, places.meant(frame, self.rotation, self.level))

    def _is_out(self) -> bool:
        """A server shows what was drawn by the GPU a moment later, and nothing here knows a video's pixels."""
        return self._overlay is None and self.clock.monotonic_ns() - self.shown_ns > _ON_ITS_WAY_NS

    def show_again(self) -> None:
        """Present what is shown; textures may have been lost."""
        if self._shown.frame is not None:
            self._shown.upload(self._shown.frame, self._whole)
            self._present(self._layers())

    def close(self) -> None:
        """Give back the textures, the renderer and the window."""
        for texture in (self._shown.texture, self._coming.texture, self._planes):
            if texture is not None:
                texture.close()
        super().close()

    def _bring(self, frame: Frame, dirty: Sequence[Rect] | None) -> None:
        if frame is self._shown.frame:
            for rect in (self._whole,) if dirty is None else dirty:
                self._shown.upload(frame, clipped(rect, self.size))
            return
        if frame is not self._coming.frame:
            self._coming.upload(frame, self._whole)
        self._shown, self._coming = self._coming, self._shown
        self._coming.frame = None
        self._overlay = None

    def _take(self, overlay: Overlay) -> None:
        if self._planes is None or self._planes.size != overlay.size:
            if self._planes is not None:
                self._planes.close()
            self._planes = self._canvas.planes(overlay.size)
        self._planes.upload_planes(overlay, _mode(overlay))
        self._overlay = overlay

    def _layers(self) -> list[Layer]:
        layers = [Layer(self._shown.texture, self._whole)]
        if self._overlay is not None and self._planes is not None:
            layers.append(Layer(self._planes, self._overlay.rect, yuv_mode=_mode(self._overlay)))
        return layers

    def _present(self, layers: Sequence[Layer]) -> int:
        self._canvas.draw(layers, self.size, self.rotation, self.level)
        self._canvas.present()
        return self.presented()


class _Held:
    """A texture and the frame it holds."""

    def __init__(self, texture: Texture) -> None:
        self.texture = texture
        self.frame: Frame | None = None

    def upload(self, frame: Frame, rect: Rect | None) -> None:
        if rect is not None:
            self.texture.upload(frame.surface, rect)
        self.frame = frame


class _GpuCrossing:
    def __init__(self, display: GpuDisplay, movement: Movement) -> None:
        self._display = display
        self._movement = movement

    def step(self, share: float) -> int:
        """Present the mix; the share is clamped to 0..1."""
        return self._display.step(self._movement, min(1.0, max(0.0, share)))


def check(overlay: Overlay) -> None:
    """Raises ``ValueError`` when a plane has fewer bytes than its rows need: SDL would read past its end."""
    half = Size((overlay.size.w + 1) // 2, (overlay.size.h + 1) // 2)
    for plane, pitch, size in zip(overlay.planes, overlay.pitches, (overlay.size, half, half), strict=True):
        if min(size.w, size.h) < 1 or pitch < size.w or memoryview(plane).nbytes < pitch * (size.h - 1) + size.w:
            message = f"a plane of {memoryview(plane).nbytes} bytes in rows of {pitch} is not {size}"
            raise ValueError(message)


def _mode(overlay: Overlay) -> int:
    """SDL 2 knows full range only as JPEG has it (BT.601)."""
    if overlay.full_range:
        return _native.YUV_JPEG
    return _native.YUV_BT709 if overlay.bt709 else _native.YUV_BT601


def _moved(layer: Layer, by: int) -> Layer:
    return Layer(layer.texture, moved(layer.rect, by), layer.alpha, layer.yuv_mode)
