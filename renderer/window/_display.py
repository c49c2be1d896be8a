"""The display's edge: what the show may ask of a screen, whichever way it is driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from cache import DisplayState
from config import Rect, Size
from renderer.watchdog import Glance
from renderer.window._frame import Frame

Plane = bytes | bytearray | memoryview
"""One plane of a picture, row by row."""

WindowEvent = Literal["close", "exposed", "changed", "status", "identify", "pattern", "resume"]
"""``close``: a person closed the window. ``exposed``: what it shows was lost and must be presented again.
``changed``: the display has another size or was plugged in again: it must be opened anew.
The others are keys that a tech pressed.
"""


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


BackEnd = Literal["gpu", "software"]
"""``gpu``: textures, drawn by SDL's renderer. ``software``: a surface in memory, of which dirty parts are sent."""

Movement = Literal["fade", "slide"]
"""``fade``: the new frame over the old, more and more of it. ``slide``: it comes from the right and pushes the old."""


@dataclass(frozen=True, slots=True)
class Output:
    """How the pixels get out, as it was found at the opening."""

    driver: str
    """SDL's: kmsdrm, wayland, x11, offscreen or dummy."""
    back_end: BackEnd
    renderer: str
    """What draws: ``opengles2 V3D 4.2``, or ``surface``."""
    vsync: bool
    """True when presenting was seen to wait for the panel."""
    refresh_hz: float
    """Pictures a second that make sense; 60 when unknown."""


class Crossing(Protocol):
    """One frame on its way to take the place of another."""

    def step(self, share: float) -> int:
        """Present it with ``share`` (0 to 1) of the way done; monotonic ns after it was presented."""


class Display(Protocol):
    """One screen."""

    @property
    def size(self) -> Size:
        """The logical size, after rotation."""

    @property
    def output(self) -> Output:
        """Driver, back end, vsync and refresh rate."""

    @property
    def ears(self) -> tuple[int, ...]:
        """Descriptors that can be read when ``pump`` has something to take: wait for them, not by the clock."""

    @property
    def pump_s(self) -> float | None:
        """How often ``pump`` must be called, at most, in seconds; None: whenever."""

    @property
    def drm_fd(self) -> int | None:
        """SDL's own descriptor of the graphics card, where it drives the display without a desktop."""

    @property
    def evidence(self) -> str | None:
        """What is known of the panel itself: driver, connector, its state."""

    @property
    def state(self) -> DisplayState:
        """``off`` when it is known to be off, else ``unknown``: connected is not lit."""

    @property
    def takes_yuv(self) -> bool:
        """True when an ``Overlay`` is drawn by the GPU; when not, video is pasted into the frame as BGRX."""

    @property
    def shown_ns(self) -> int:
        """When anything was presented last: monotonic ns after the present call returned."""

    def show(self, frame: Frame, dirty: Sequence[Rect] | None = None, overlay: Overlay | None = None) -> int:
        """Present ``frame``, or only the ``dirty`` parts of it, and ``overlay`` above it.

        With an empty ``dirty`` the frame is as it was presented last, and only the overlay is new. An overlay stays
        above its frame until another one comes or another frame is shown. Returns the monotonic nanoseconds after
        the present call returned. Raises ``ValueError`` for an overlay where ``takes_yuv`` is False.
        """

    def make_ready(self, frame: Frame) -> None:
        """Do ahead what presenting this frame takes; it must not change until it is shown."""

    def cross(self, old: Frame, new: Frame, movement: Movement) -> Crossing:
        """Begin to bring ``new`` on in the place of ``old``. The last step should be followed by ``show(new)``."""

    def set_brightness(self, percent: int) -> None:
        """Dim what is shown now and from now on; 100 is undimmed."""

    def capture(self, most_width: int | None = None) -> Capture:
        """A copy of what was presented last, scaled down to be no wider than ``most_width``."""

    def glance(self, turn: int) -> tuple[Glance, ...]:
        """A few pixels of what is out now, by each eye there is, elsewhere at every ``turn``; never raises."""

    def show_again(self) -> None:
        """Present what is shown once more, whole."""

    def pump(self) -> tuple[WindowEvent, ...]:
        """Let the window live: takes its events, never waits."""

    def close(self) -> None:
        """Give the screen back."""
