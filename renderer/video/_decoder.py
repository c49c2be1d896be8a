"""Decodes the video of a plate, run after run, without ever opening it again. Loads PyAV."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction

import av
from av.codec.context import CodecContext, ThreadType
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from config import Code, OohError, Size
from renderer.plate import SpanReader
from renderer.video._picture import Picture, Planes
from renderer.video.pixels import ToBgrx, describe, is_bt709, is_full_range, software_decoder

SOFTWARE = "h264"
_MOST_THREADS = 4
_ONE_THREAD_UP_TO_PIXELS = 1280 * 720
_READ_BYTES = 1 << 17
_MS_NS = 1_000_000


class ClipDecoder:
    """An open video. For one thread; ``close`` lets go of file, codec and threads."""

    def __init__(self, file: SpanReader, size: Size, *, planar: bool, codec: str = SOFTWARE) -> None:
        """``planar``: give planes, else BGRX. Raises ``OohError(PLATE_CORRUPT)`` when it is no video."""
        self._file = file
        self._size = size
        self._planar = planar
        self._bgrx = ToBgrx(size)
        self._planes = VideoReformatter()
        with _sound():
            self._container = av.open(file, "r", format="mp4", buffer_size=_READ_BYTES)
        try:
            with _sound():
                self._stream = self._container.streams.video[0]
                self._context = self._ready(codec)
        except BaseException:
            self.close()
            raise
        self._time_base = self._stream.time_base or Fraction(1, 1000)
        self._first_pts: int | None = None

    def frames(self, from_ms: int = 0) -> Iterator[tuple[VideoFrame, int]]:
        """One run from its beginning, or from the first key picture at ``from_ms`` or later: frame and time, ms.

        Nothing when there is no such key picture. Raises ``OohError(PLATE_CORRUPT)``.
        """
        with _sound():
            yield from self._run(from_ms)

    def picture(self, frame: VideoFrame, at_ns: int) -> Picture:
        """What the display takes of it. Raises ``OohError(PLATE_CORRUPT)`` when it is smaller than its place."""
        with _sound():
            if not self._planar:
                return Picture(at_ns, self._bgrx(frame))
            if frame.width < self._size.w or frame.height < self._size.h:
                message = f"{frame.width}x{frame.height} is smaller than {self._size}"
                raise ValueError(message)
            describe(frame)
            full, bt709 = is_full_range(frame), is_bt709(frame)
            if frame.format.name not in ("yuv420p", "yuvj420p"):
                frame = self._planes.reformat(frame, format="yuv420p", threads=1)
            y, u, v = frame.planes
            pitches = (y.line_size, u.line_size, v.line_size)
            return Picture(at_ns, Planes((memoryview(y), memoryview(u), memoryview(v)), pitches, full, bt709))

    def close(self) -> None:
        """Let go of everything."""
        with suppress(av.FFmpegError):
            self._container.close()
        self._file.close()

    def _ready(self, codec: str) -> VideoCodecContext:
        if codec == SOFTWARE:
            context = software_decoder(self._stream)
            small = self._stream.width * self._stream.height <= _ONE_THREAD_UP_TO_PIXELS
            context.thread_count = 1 if small else min(_MOST_THREADS, os.cpu_count() or 1)
            context.thread_type = ThreadType.AUTO
            return context
        board = CodecContext.create(codec, "r")
        if not isinstance(board, VideoCodecContext):
            raise _corrupt(f"{codec} is no video codec")
        board.extradata = self._stream.codec_context.extradata
        board.width, board.height = self._stream.width, self._stream.height
        return board

    def _run(self, from_ms: int) -> Iterator[tuple[VideoFrame, int]]:
        self._context.flush_buffers()
        zero = self._first_pts or 0
        self._container.seek(zero + round(Fraction(from_ms, 1000) / self._time_base), stream=self._stream)
        begun = from_ms == 0
        for packet in self._container.demux(self._stream):
            if not begun and packet.size:
                late_enough = packet.pts is not None and (packet.pts - zero) * self._time_base * 1000 >= from_ms
                if not (packet.is_keyframe and late_enough):
                    continue
                begun = True
            for frame in self._context.decode(packet if packet.size else None):
                if self._first_pts is None:
                    self._first_pts = frame.pts or 0
                pts = frame.pts if frame.pts is not None else 0
                yield frame, round((pts - self._first_pts) * self._time_base * 1000)


@contextmanager
def _sound() -> Iterator[None]:
    """What a damaged video throws becomes one error of ours."""
    try:
        yield
    except MemoryError:
        raise
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise _corrupt(str(error)) from error


def _corrupt(why: str) -> OohError:
    return OohError(Code.PLATE_CORRUPT, f"its video: {why}")
