"""What moves on the screen: animations and videos behind one interface, paced by the presentation clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from config import OohError, Rect
from renderer.plate import PlateFile
from renderer.video import LATE_NS, Clip, Picture
from renderer.window import Frame, Overlay


@dataclass(frozen=True, slots=True)
class Moved:
    """What is to be presented: the parts of the frame that changed, the picture above it, and how many came late."""

    dirty: tuple[Rect, ...] = ()
    overlay: Overlay | None = None
    late: int = 0

    @property
    def is_new(self) -> bool:
        """True when there is something to present."""
        return bool(self.dirty) or self.overlay is not None


class Motion(Protocol):
    """An animation or a video that is on the screen."""

    @property
    def due_ns(self) -> int | None:
        """When to advance it next, monotonic; None when its last picture stays."""

    @property
    def error(self) -> OohError | None:
        """Why it stands still although it should move."""

    def begin(self, started_ns: int) -> None:
        """Its first picture was presented at ``started_ns``: everything else is due from then on."""

    def advance(self, now_ns: int) -> Moved:
        """Paint what is due into its frame. Raises ``OohError`` when the plate cannot be read."""

    def close(self) -> None:
        """Let go of what it holds."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The changes to apply now, in order. All but the last are dropped: applied, but never presented."""

    frames: tuple[int, ...]
    late: int


class Pace:
    """Runs through an animation's frames by their delays from ``started_ns`` (frame 0 presented). Pure."""

    def __init__(self, delays_ms: Sequence[int], started_ns: int, loops: int = 0) -> None:
        """``delays_ms``: how long each frame stands, at least 1 ms; ``loops``: runs until the last one stays, 0: none.

        Raises ``ValueError`` for fewer than two frames.
        """
        if len(delays_ms) < 2:
            message = "an animation has at least two frames"
            raise ValueError(message)
        self._delays_ns = [max(1, delay) * 1_000_000 for delay in delays_ms]
        self._cycle_ns = sum(self._delays_ns)
        self._next = 1
        self._steps_left = loops * len(delays_ms) - 1 if loops else None
        self._due_ns = started_ns + self._delays_ns[0]

    @property
    def due_ns(self) -> int | None:
        """When the next frame is due; None when the last one of the last run is on."""
        return None if self._steps_left == 0 else self._due_ns

    def advance(self, now_ns: int) -> Steps:
        """Every frame that is due by now. Dropped frames count as late, and so does the last when it is."""
        skipped = self._skip_whole_cycles(now_ns)
        frames: list[int] = []
        last_due_ns = self._due_ns
        while self._due_ns <= now_ns and self._steps_left != 0:
            frames.append(self._next)
            last_due_ns = self._due_ns
            self._step(1)
            self._due_ns += self._delays_ns[self._next]
            self._next = (self._next + 1) % len(self._delays_ns)
        if not frames:
            return Steps((), skipped)
        late = len(frames) - 1 + (now_ns - last_due_ns > LATE_NS)
        return Steps(tuple(frames), skipped + late)

    def _skip_whole_cycles(self, now_ns: int) -> int:
        """After a long stop (a suspended machine) whole rounds are left out, not caught up with."""
        frames = len(self._delays_ns)
        cycles = max(0, now_ns - self._due_ns) // self._cycle_ns
        if self._steps_left is not None:
            cycles = min(cycles, self._steps_left // frames)
        self._due_ns += cycles * self._cycle_ns
        self._step(cycles * frames)
        return cycles * frames

    def _step(self, steps: int) -> None:
        if self._steps_left is not None:
            self._steps_left -= steps


class Animation:
    """The frames of a plate, painted one over the other into its frame."""

    error: OohError | None = None

    def __init__(self, file: PlateFile, frame: Frame) -> None:
        self._file = file
        self._frame = frame
        self._pace: Pace | None = None

    @property
    def due_ns(self) -> int | None:
        """See `Motion`."""
        return None if self._pace is None else self._pace.due_ns

    def begin(self, started_ns: int) -> None:
        """See `Motion`."""
        self._pace = Pace(self._file.delays_ms, started_ns, self._file.plate_fields.loops)

    def advance(self, now_ns: int) -> Moved:
        """See `Motion`."""
        if self._pace is None:
            return Moved()
        steps = self._pace.advance(now_ns)
        changed: Rect | None = None
        for index in self._file.needed(steps.frames):
            rect, pixels = self._file.frame(index)
            if pixels:
                self._frame.paste(rect, pixels)
                changed = rect if changed is None else _around(changed, rect)
        return Moved((changed,) if changed is not None else (), None, steps.late)

    def close(self) -> None:
        """See `Motion`: the plate's file is its stage's."""


class Film:
    """A plate's video: drawn by the display above the frame where it can, else pasted into it."""

    def __init__(self, clip: Clip, frame: Frame, place: Rect) -> None:
        self._clip = clip
        self._frame = frame
        self._place = place

    @property
    def due_ns(self) -> int | None:
        """See `Motion`."""
        return self._clip.due_ns

    @property
    def error(self) -> OohError | None:
        """See `Motion`."""
        return self._clip.error

    def begin(self, started_ns: int) -> None:
        """See `Motion`."""
        self._clip.begin(started_ns)

    def advance(self, now_ns: int) -> Moved:
        """See `Motion`."""
        step = self._clip.advance(now_ns)
        return Moved(late=step.late) if step.picture is None else self._painted(step.picture, step.late)

    def close(self) -> None:
        """See `Motion`."""
        self._clip.close()

    def _painted(self, picture: Picture, late: int) -> Moved:
        if isinstance(picture.pixels, bytes):
            self._frame.paste(self._place, picture.pixels)
            return Moved((self._place,), None, late)
        yuv = picture.pixels
        overlay = Overlay(self._place, self._place.size, yuv.planes, yuv.pitches, yuv.full_range, yuv.bt709)
        return Moved((), overlay, late)


def _around(one: Rect, other: Rect) -> Rect:
    """The smallest rectangle around both."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Rect(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)
