"""Makes the video of a plate: frames go in with their times, an MP4 comes out, the same bytes for the same frames.

Importing this loads PyAV and its codecs (0.1 s of CPU, 25 MB): only who makes a video does.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.codec.context import Flags
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from config import Size

THREADS = 2
"""Fixed, for x264's output depends on it: the same frames must give the same plate on every board of a fleet."""
_BYTES_PER_PIXEL = 4
_MILLISECOND = Fraction(1, 1000)
CRF = 16
_PRESET = "veryfast"
"""Measured on banner text and a photograph, 30 frames of 720p (``docs/decisions.md``): SSIM 0.992 in 286 kB; ``medium``
takes twice the CPU for 0.993 in the same bytes; ``tune=stillimage`` makes text no sharper and photographs larger."""
_MOST_FRAMES_BETWEEN_KEYS = 90
"""Where a screen that fell behind goes on: 3 s at 30 a second. 300 would save a third of a pan's bytes."""
_CAREFUL = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP | Interpolation.BITEXACT
_OPTIONS = {"preset": _PRESET, "threads": str(THREADS), "bf": "0"}
"""No B-frames: each packet gives its frame at once, so a loop begins anew without delay. It costs 4 % of the bytes."""


class VideoEncoder:
    """One MP4 being made at ``path``: H.264 High, yuv420p, BT.709 in limited range, no sound, index in front.

    ``add`` for every frame with the time from which it stands, ``finish`` with the time at which the last one ends; a
    frame stands until the next, so leave repeated frames out. An odd side of ``size`` is made even by repeating the
    last row or column: nothing is scaled. Without ``finish`` the file is not usable. Raises ``av.FFmpegError`` as the
    encoder does, ``OSError`` (also an FFmpegError) as the disk does.
    """

    def __init__(self, path: Path, size: Size, fps_hint: float = 30.0, crf: int = CRF) -> None:
        """``fps_hint``: about how many frames a second come; the encoder shares out its bits by it.

        ``crf``: x264's quality, lower is finer.
        """
        self.size = size
        self.coded_size = Size(size.w + size.w % 2, size.h + size.h % 2)
        self.frames = 0
        self._last_ms = -1
        self._end_ms = 0
        self._to_yuv = VideoReformatter()
        self._container = av.open(
            str(path), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}
        )
        self._stream = self._begin(max(1, round(fps_hint)), crf)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    def add(self, bgrx: bytes, at_ms: int) -> None:
        """A picture of ``size`` (BGRX, rows from the top, no padding) that stands from ``at_ms`` on; the first at 0."""
        if len(bgrx) != self.size.pixels * _BYTES_PER_PIXEL:
            message = f"{len(bgrx)} bytes are not {self.size} BGRX pixels"
            raise ValueError(message)
        picture = VideoFrame(self.coded_size.w, self.coded_size.h, "bgr0")
        picture.planes[0].update(_laid_out(bgrx, self.size, self.coded_size, picture.planes[0].line_size))
        yuv = self._to_yuv.reformat(
            picture,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=_CAREFUL,
            threads=1,
        )
        self.add_yuv(yuv, at_ms)

    def add_yuv(self, frame: VideoFrame, at_ms: int) -> None:
        """A picture of ``size`` or ``coded_size`` in yuv420p, BT.709 and limited range; its time is set here."""
        if at_ms <= self._last_ms or (self.frames == 0 and at_ms != 0):
            message = f"a frame at {at_ms} ms after one at {self._last_ms} ms"
            raise ValueError(message)
        frame = _made_even(frame, self.coded_size)
        frame.pts, frame.time_base, frame.pict_type = at_ms, _MILLISECOND, 0
        self._last_ms = at_ms
        self.frames += 1
        self._encode(frame)

    def finish(self, end_ms: int) -> None:
        """Write the rest and close the file; the last frame stands until ``end_ms``."""
        if self.frames == 0 or end_ms <= self._last_ms:
            message = f"{self.frames} frames, the last at {self._last_ms} ms, end at {end_ms} ms"
            raise ValueError(message)
        self._end_ms = end_ms
        self._encode(None)
        self._container.close()

    def _begin(self, frames_per_second: int, crf: int) -> VideoStream:
        stream = self._container.add_stream("libx264", rate=frames_per_second, options={**_OPTIONS, "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = self.coded_size.w, self.coded_size.h, "yuv420p"
        stream.time_base = _MILLISECOND
        context = stream.codec_context
        context.time_base = _MILLISECOND
        context.gop_size = _MOST_FRAMES_BETWEEN_KEYS
        context.flags |= Flags.bitexact
        context.color_range = ColorRange.MPEG
        context.colorspace = 1  # AVCOL_SPC_BT709 (ITU-T H.273 table 4)
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        return stream

    def _encode(self, frame: VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            if packet.pts == self._last_ms and frame is None:
                packet.duration = self._end_ms - self._last_ms  # the others last until the next one's time
            self._container.mux(packet)


def _laid_out(bgrx: bytes, size: Size, coded: Size, line_bytes: int) -> bytes:
    """The rows as the codec's frame has them: odd sides made even by repeating the edge, and gaps after the rows."""
    row = size.w * _BYTES_PER_PIXEL
    if coded == size and line_bytes == row:
        return bgrx
    rows = [bgrx[y * row : (y + 1) * row] for y in range(size.h)]
    if coded.w > size.w:
        rows = [line + line[-_BYTES_PER_PIXEL:] for line in rows]
    if coded.h > size.h:
        rows.append(rows[-1])
    return b"".join(line.ljust(line_bytes, b"\0") for line in rows)


def _made_even(frame: VideoFrame, coded: Size) -> VideoFrame:
    """An odd side made even by repeating the luma's edge; the chroma planes of both are the same size."""
    if (frame.width, frame.height) == (coded.w, coded.h):
        return frame
    wide = VideoFrame(coded.w, coded.h, "yuv420p")
    for source, target in zip(frame.planes, wide.planes, strict=True):
        pixels = bytes(source)
        rows = [pixels[y * source.line_size : y * source.line_size + source.width] for y in range(source.height)]
        if target.width > source.width:
            rows = [row + row[-1:] for row in rows]
        if target.height > source.height:
            rows.append(rows[-1])
        target.update(b"".join(row.ljust(target.line_size, b"\0") for row in rows))
    return wide
