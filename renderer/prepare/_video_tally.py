"""Counts a video's pictures and tells their times: what is judged is what was decoded."""

from __future__ import annotations

from dataclasses import dataclass

from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from config import Code, OohError

LEAST_GAP_MS = 15
"""60 pictures a second, with a millisecond of rounding: what comes sooner no screen shows."""
_LONGEST_INTERVAL_MS = 10_000.0
_LEAST_GOOD_SHARE = 0.9
"""Below it anybody sees that the video is broken: then it is refused."""
_SAME_DURATION_WITHIN_MS = 500
_SAME_DURATION_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Film:
    """A video as it will play."""

    frames: int
    duration_ms: int


@dataclass(slots=True)
class Tally:
    """What came out of one reading of the file."""

    good: int = 0
    bad: int = 0
    """Pictures, or packets of them, that could not be decoded whole."""
    packets: int = 0
    lasting_ms: float = 0.0
    """The sum of the packets' durations."""
    trimmed: bool = False
    """True when an edit list leaves some out."""
    end_ms: int = 0
    """When the last picture ends, from the first."""

    def take(self, packet: Packet[VideoStream]) -> None:
        """One packet more of the file."""
        if packet.size:
            self.packets += 1
            self.lasting_ms += float((packet.duration or 0) * (packet.time_base or 0) * 1000)
            self.trimmed = self.trimmed or packet.is_discard

    def count(self, frame: VideoFrame) -> None:
        """One picture more, good or not."""
        if frame.is_corrupt:
            self.bad += 1
        else:
            self.good += 1

    def judged(self, promised: int, said_ms: int, *, cut: bool) -> list[str]:
        """Warnings. ``promised``: packets by the file's own index, 0 when it has none; ``said_ms``: its duration.

        ``cut``: the file ends before it should; then what is missing of its duration is missing.

        Raises ``OohError``: CREATIVE_TRUNCATED, CREATIVE_CORRUPT.
        """
        missing = max(0, promised - self.packets)
        whole = self.good + self.bad + missing
        if self.good < _LEAST_GOOD_SHARE * whole or not self.good:
            code = Code.CREATIVE_TRUNCATED if cut or missing > self.bad else Code.CREATIVE_CORRUPT
            raise OohError(code, f"{self.good} of its {whole} pictures can be decoded")
        if cut and self.end_ms < _LEAST_GOOD_SHARE * said_ms:
            raise OohError(Code.CREATIVE_TRUNCATED, f"{self.end_ms / 1000:.1f} of its {said_ms / 1000:.1f} s are there")
        notes = [] if self.good == whole else [f"{whole - self.good} of its {whole} pictures are damaged and left out"]
        away_ms = abs(said_ms - self.end_ms)
        if said_ms and away_ms > max(_SAME_DURATION_WITHIN_MS, _SAME_DURATION_SHARE * self.end_ms):
            notes.append(f"it says that it lasts {said_ms / 1000:.1f} s, and lasts {self.end_ms / 1000:.1f} s")
        return notes


class Times:
    """From when each picture stands, ms from the first: whole, strictly rising, whatever the file's clock does."""

    def __init__(self, interval_ms: float) -> None:
        """``interval_ms``: between pictures that bear no time of their own."""
        self._interval_ms = min(_LONGEST_INTERVAL_MS, max(1.0, interval_ms))
        self._zero_ms: float | None = None
        self._last_ms = -1
        self._last_duration_ms = 0.0

    def of(self, frame: VideoFrame) -> int:
        """The time of the next picture."""
        expected_ms = 0.0 if self._last_ms < 0 else self._last_ms + self._interval_ms
        if frame.pts is None or frame.time_base is None:
            at_ms = expected_ms
        else:
            stamp_ms = float(frame.pts * frame.time_base * 1000)
            if self._zero_ms is None:
                self._zero_ms = stamp_ms
            at_ms = stamp_ms - self._zero_ms
            if at_ms < self._last_ms:  # the clock was set back: from here on it counts anew
                self._zero_ms = stamp_ms - expected_ms
                at_ms = expected_ms
        self._last_ms = max(self._last_ms + 1, round(at_ms))
        duration = frame.duration * frame.time_base * 1000 if frame.duration and frame.time_base else 0
        self._last_duration_ms = float(duration)
        return self._last_ms

    def end_ms(self, lasting_ms: float) -> int:
        """When the last picture ends: when all durations have passed, if that can be, else by its own.

        Decoders give a picture its packet's duration, which is another picture's where they are stored out of order.
        """
        if self._last_ms < lasting_ms <= self._last_ms + _LONGEST_INTERVAL_MS:
            return max(self._last_ms + 1, round(lasting_ms))
        lasts_ms = self._last_duration_ms if self._last_duration_ms > 0 else self._interval_ms
        return self._last_ms + max(1, round(min(_LONGEST_INTERVAL_MS, lasts_ms)))
