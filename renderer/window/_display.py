"""The display's edge: what the show may ask of a screen, whichever way it is driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from cache import DisplayState
from config import Rect, Size
from renderer.window._frame import Frame

WindowEvent = Literal["close", "exposed"]
"""``close``: a person closed the window. ``exposed``: what it shows was lost and must be presented again."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What was presented last: upright (rotation undone), dimming included."""

    size: Size
    bgrx: bytes


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

    def show(self, frame: Frame, dirty: Sequence[Rect] | None = None) -> int:
        """Present ``frame``, or only the ``dirty`` parts of it.

        Returns the monotonic nanoseconds after the present call returned.
        """

    def fade(self, old: Frame, new: Frame) -> Fade:
        """Begin a cross-fade. Its last step should be followed by ``show(new)``."""

    def capture(self) -> Capture:
        """A copy of what was presented last."""

    def pump(self) -> tuple[WindowEvent, ...]:
        """Let the window live: takes its events, never waits."""

    def close(self) -> None:
        """Give the screen back."""
