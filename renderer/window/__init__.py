"""The screen itself: frames in memory, and the SDL window that presents them."""

from renderer.window._display import Capture, Display, Fade, Overlay, WindowEvent
from renderer.window._frame import Frame
from renderer.window._open import Patience, open_display

__all__ = [
    "Capture",
    "Display",
    "Fade",
    "Frame",
    "Overlay",
    "Patience",
    "WindowEvent",
    "open_display",
]
