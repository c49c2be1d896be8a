"""The screen itself: frames in memory, and the SDL window that presents them."""

from renderer.window._display import Capture, Crossing, Display, Movement, Output, Overlay, WindowEvent
from renderer.window._frame import Frame
from renderer.window._open import Patience, open_display
from renderer.window._pygame import library_versions

__all__ = [
    "Capture",
    "Crossing",
    "Display",
    "Frame",
    "Movement",
    "Output",
    "Overlay",
    "Patience",
    "WindowEvent",
    "library_versions",
    "open_display",
]
