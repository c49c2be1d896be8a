"""What a decoded picture's pixels mean, and how they become the screen's. Loads PyAV: imported by who decodes."""

from __future__ import annotations

from av.codec.context import CodecContext, Flags2
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from config import Size

_BT709, _SMPTE170M, _UNSPECIFIED = 1, 6, 2
"""Matrix coefficients (ITU-T H.273 table 4)."""
_LEAST_HD = Size(1280, 577)
_BYTES_PER_PIXEL = 4
_FAST_COLUMNS = 8
_FAST = Interpolation.BILINEAR
_ANY_WIDTH = Interpolation.BILINEAR | Interpolation.ACCURATE_RND
"""Four times slower."""
_UNKNOWN_RANGE = 0


def describe(frame: VideoFrame) -> None:
    """Fill in what the stream left unsaid: HD is BT.709 and less is BT.601, as every player takes it; limited range."""
    if frame.format.name.startswith("yuv") and frame.colorspace in (0, _UNSPECIFIED):
        hd = frame.width >= _LEAST_HD.w or frame.height >= _LEAST_HD.h
        frame.colorspace = _BT709 if hd else _SMPTE170M
    if frame.color_range == _UNKNOWN_RANGE:
        full = frame.format.is_rgb or frame.format.name.startswith("yuvj")
        frame.color_range = ColorRange.JPEG if full else ColorRange.MPEG


def is_bt709(frame: VideoFrame) -> bool:
    """Whether a described picture has BT.709's coefficients; else BT.601's."""
    return frame.colorspace == _BT709


def is_full_range(frame: VideoFrame) -> bool:
    """Whether a described picture goes from 0 to 255."""
    return frame.color_range == ColorRange.JPEG


def software_decoder(stream: VideoStream) -> VideoCodecContext:
    """A decoder of our own for a plate's video, which gives whole macroblocks: more columns and rows than are shown.

    Swscale's fast path leaves out the last columns of widths that are no multiple of 8, and FFmpeg's own context cuts
    to what the container says. Ours are cut on the right and below alone, so what is shown begins at the same pixel.
    """
    context = CodecContext.create("h264", "r")
    context.extradata = stream.codec_context.extradata
    if stream.width % _FAST_COLUMNS:
        context.flags2 |= Flags2.ignore_crop
    return context


class ToBgrx:
    """Turns pictures into BGRX at their own size, cut to ``size``: never scaled. For one thread."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._scaler = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> bytes:
        """``size`` pixels, rows without gaps (3 to 4 ms at 1080p). Raises ``ValueError`` when there are fewer."""
        w, h = self._size.w, self._size.h
        if frame.width < w or frame.height < h:
            message = f"a picture of {frame.width}x{frame.height} is smaller than {self._size}"
            raise ValueError(message)
        describe(frame)
        wide = self._scaler.reformat(
            frame,
            format="bgra",
            src_colorspace=Colorspace.ITU709 if is_bt709(frame) else Colorspace.ITU601,
            src_color_range=ColorRange(frame.color_range),
            dst_color_range=ColorRange.JPEG,
            interpolation=_FAST if frame.width % _FAST_COLUMNS == 0 else _ANY_WIDTH,
            threads=1,
        )
        plane = wide.planes[0]
        pixels = memoryview(plane)
        row = w * _BYTES_PER_PIXEL
        if plane.line_size == row:
            return bytes(pixels[: row * h])
        return b"".join(pixels[y * plane.line_size : y * plane.line_size + row] for y in range(h))
