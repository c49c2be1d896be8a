"""The display's edge: what the show may ask of a screen, whichever way it is driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from cache import DisplayState
from config import Rect, Size
from renderer.window._frame import Frame

Plane = bytes | bytearray | memoryview
"""One plane of a picture, row by row."""

WindowEvent = Literal["close", "exposed"]
"""``close``: a person closed the window. ``exposed``: what it shows was lost and must be presented again."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What was presented last: upright (rotation undone), dimming included."""

    size: Size
    bgrx: bytes


@dataclass(frozen=True, slots=True)
class Overlay:
    """One picture of a video: planar YUV 4:2:0 (8 bit), drawn scaled into ``rect`` above the frame.

    ``size`` is the luma plane's, in pixels; chroma planes have half of it, rounded up. ``pitches`` are bytes a row,
    and may be larger than a row needs. The planes are read before ``show`` returns and not kept.
    """

    rect: Rect
    size: Size
    planes: tuple[Plane, Plane, Plane]
    """Y, U (Cb), V (Cr)."""
    pitches: tuple[int, int, int]
    full_range: bool
    """True: 0 to 255 (JPEG); False: 16 to 235 (video, the usual)."""
    bt709: bool
    """True: ITU-R BT.709 (HD); False: BT.601."""


class Fade(Protocol):
    """A cross-fade under way between two frames."""

    def step(self, share: float) -> int:
        """Present the mix with ``share`` (0 to 1) of the new frame; monotonic ns after it was presented."""


class Display(Protocol):
    """One screen."""

    @property
    def size(self) -> Size:
        """The logical size, after rotation."""

    @property
    def driver(self) -> str:
        """How the pixels get out: kmsdrm, wayland, x11, offscreen or dummy."""

    @property
    def refresh_hz(self) -> float:
        """Pictures a second that make sense; 60 when unknown."""

    @property
    def pump_s(self) -> float | None:
        """How often ``pump`` must be called, at most, in seconds; None: whenever."""

    @property
    def evidence(self) -> str | None:
        """What is known of the panel itself: driver, connector, its state."""

    @property
    def state(self) -> DisplayState:
        """``off`` when it is known to be off, else ``unknown``: connected is not lit."""

    @property
    def takes_yuv(self) -> bool:
        """True when an ``Overlay`` is drawn by the GPU; when not, video is pasted into the frame as BGRX."""

    def show(self, frame: Frame, dirty: Sequence[Rect] | None = None, overlay: Overlay | None = None) -> int:
        """Present ``frame``, or only the ``dirty`` parts of it, and ``overlay`` above it.

        With an empty ``dirty`` the frame is as it was presented last, and only the overlay is new. Returns the
        monotonic nanoseconds after the present call returned. Raises ``ValueError`` for an overlay where
        ``takes_yuv`` is False.
        """

    def fade(self, old: Frame, new: Frame) -> Fade:
        """Begin a cross-fade. Its last step should be followed by ``show(new)``."""

    def capture(self) -> Capture:
        """A copy of what was presented last."""

    def pump(self) -> tuple[WindowEvent, ...]:
        """Let the window live: takes its events, never waits."""

    def close(self) -> None:
        """Give the screen back."""
