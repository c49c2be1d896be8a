"""An opened video: what it really is, and its pictures one by one. Nothing that its header says is believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.codec.context import ThreadType
from av.container import InputContainer
from av.sidedata.sidedata import SideData
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from config import Code, OohError, Size
from renderer.prepare._limits import Limits
from renderer.prepare._video_ends import video_ends_early
from renderer.prepare._video_guard import reading_video
from renderer.prepare._video_tally import Tally, Times
from renderer.prepare._video_turn import Turn

_DECODE_IN_TWO_UP_TO_PIXELS = 1920 * 1200
"""Each decoding thread keeps pictures of its own: beyond this one must do."""
_FIELDS_IN_ONE_OF = 5
_DISPLAY_MATRIX = "DISPLAYMATRIX"
_USUAL_INTERVAL_MS = 40.0
_ERRORS_IN_A_ROW = 200


class VideoSource:
    """A video file, opened anew for each reading. Raises ``OohError`` (CREATIVE_*) or ``MemoryError``."""

    def __init__(self, path: Path, container: str, limits: Limits, max_ms: int) -> None:
        """``container``: FFmpeg's name of it, told by the first bytes; no other demuxer is let at the file."""
        self._path = path
        self._limits = limits
        self._max_ms = max_ms
        self.container = container
        self.size_bytes = path.stat().st_size
        self.cut = video_ends_early(container, path)
        """True when the file ends before it should."""
        self.warnings: list[str] = []
        """What was odd but no reason to refuse it."""
        with self.opened() as (opened, stream):
            first = self._look(opened, stream)
            self.codec, self.profile = stream.codec_context.name, stream.profile
            ratio = stream.sample_aspect_ratio or Fraction(1)
        self.stored = Size(first.width, first.height)
        self.pixel_format = first.format.name
        self.hdr = first.color_trc in (16, 18)  # PQ and HLG (ITU-T H.273 table 3)
        self.turn = Turn(_matrix(first))
        self.square = ratio == 1
        self.size = self._as_seen(ratio)
        """Turned upright, its pixels square."""
        self._limits.check_size(self.size)
        self._warn_of_looks()

    def pictures(self, tally: Tally) -> Iterator[tuple[VideoFrame, int]]:
        """Every good picture as it is stored, and from when it stands, ms from the first; ``tally`` counts along.

        Times rise strictly. Raises CREATIVE_TOO_LARGE at the first picture beyond the limit, and at the end
        CREATIVE_TRUNCATED or CREATIVE_CORRUPT when too many could not be decoded.
        """
        with self.opened() as (opened, stream):
            times = Times(_interval_ms(stream))
            for frame in _decoded(opened, stream, tally):
                self._limits.check_pixels(Size(frame.width, frame.height))
                at_ms = times.of(frame)
                if at_ms > self._max_ms:
                    raise OohError(Code.CREATIVE_TOO_LARGE, f"it is longer than {self._max_ms / 1000:g} s")
                yield frame, at_ms
            promised = stream.frames if self.container == "mov" else 0
            said_ms = (opened.duration or 0) // 1000
        tally.end_ms = times.end_ms(tally.lasting_ms if self.container == "mov" and not tally.trimmed else 0)
        if tally.end_ms > self._max_ms:
            raise OohError(Code.CREATIVE_TOO_LARGE, f"{tally.end_ms / 1000:.1f} s are over {self._max_ms / 1000:g} s")
        self._note(*tally.judged(promised, said_ms, cut=self.cut))

    @contextmanager
    def opened(self) -> Iterator[tuple[InputContainer, VideoStream]]:
        """The file and the one stream of it that counts."""
        with self._path.open("rb") as file:
            with reading_video(f"a {self.container} file", cut=self.cut):
                opened = av.open(file, "r", format=self.container)
            with opened:
                stream = _best(opened)
                small = stream.width * stream.height <= _DECODE_IN_TWO_UP_TO_PIXELS
                with reading_video("its codec"):
                    stream.codec_context.thread_count = 2 if small else 1
                    stream.codec_context.thread_type = ThreadType.AUTO
                yield opened, stream

    def _look(self, opened: InputContainer, stream: VideoStream) -> VideoFrame:
        """The first good picture, and whether the first few are made of fields."""
        if stream.width and stream.height:
            self._limits.check_pixels(Size(stream.width, stream.height))
        tally, first = Tally(), None
        self.interlaced = False
        for frame in _decoded(opened, stream, tally):
            first = first or frame
            self.interlaced = self.interlaced or frame.interlaced_frame
            if tally.good >= _FIELDS_IN_ONE_OF:
                break
        if first is None:
            code = Code.CREATIVE_TRUNCATED if self.cut else Code.CREATIVE_CORRUPT
            raise OohError(code, "no picture of it can be decoded")
        return first

    def _as_seen(self, ratio: Fraction) -> Size:
        """Only ever enlarged to make pixels square, so that no line is lost."""
        w, h = self.stored.w, self.stored.h
        if not Fraction(1, 10) <= ratio <= 10:
            self._note(f"its pixels are said to be {ratio} as wide as high: they are taken as square")
            self.square = True
        elif ratio > 1:
            w = round(w * ratio)
        elif ratio < 1:
            h = round(h / ratio)
        return Size(h, w) if self.turn.sideways else Size(w, h)

    def _warn_of_looks(self) -> None:
        if self.turn.odd:
            self._note("it asks to be turned by an odd angle: the nearest quarter turn is taken")
        if self.interlaced:
            self._note("it is interlaced: its fields are put together")
        if self.hdr:
            self._note("its high dynamic range is brought down to the screen's")
        if self.pixel_format.startswith(("yuva", "gbra", "rgba", "bgra", "argb", "ya")):
            self._note("its transparency is not shown")

    def _note(self, *warnings: str) -> None:
        self.warnings += [warning for warning in warnings if warning not in self.warnings]


def _best(opened: InputContainer) -> VideoStream:
    """The largest stream of moving pictures; a cover of a sound file is none."""
    videos = [s for s in opened.streams.video if not s.disposition & Disposition.attached_pic]
    if not videos:
        what = "sound without a picture" if opened.streams.audio else "a file without a video in it"
        raise OohError(Code.CREATIVE_UNSUPPORTED, what)
    known = [s for s in videos if getattr(s, "codec_context", None) is not None]
    if not known:
        raise OohError(Code.CREATIVE_UNSUPPORTED, "a video codec that this player does not know")
    return max(known, key=lambda s: s.width * s.height)


def _decoded(opened: InputContainer, stream: VideoStream, tally: Tally) -> Iterator[VideoFrame]:
    """Every good picture; what cannot be decoded is counted and left out."""
    packets = opened.demux(stream)
    errors = 0
    while errors < _ERRORS_IN_A_ROW:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            tally.take(packet)
            frames = packet.decode()
        except MemoryError:
            raise
        except av.error.PatchWelcomeError as error:
            raise OohError(Code.CREATIVE_UNSUPPORTED, f"{stream.codec_context.name}: {error.strerror}") from error
        except av.FFmpegError:  # a damaged packet, or a file that ends within one
            tally.bad += 1
            errors += 1
            continue
        errors = 0
        for frame in frames:
            tally.count(frame)
            if not frame.is_corrupt:
                yield frame


def _interval_ms(stream: VideoStream) -> float:
    rate = stream.guessed_rate or stream.average_rate
    return float(1000 / rate) if rate else _USUAL_INTERVAL_MS


def _matrix(frame: VideoFrame) -> bytes | None:
    kept: Iterable[SideData] = frame.side_data  # type: ignore[assignment]  # PyAV's stub knows only motion vectors
    return next((bytes(data) for data in kept if data.type.name == _DISPLAY_MATRIX), None)
