"""An animation kept at its creative's own size: its frames are enlarged when they are shown.

FFmpeg's scaler takes the planes of red, green and blue one by one, with the same Lanczos filter as the rest of a plate:
a third of Pillow's time. The whole picture is enlarged each time, so no seam can show around what changed.
Importing this loads PyAV (0.1 s of CPU, 25 MB): only who shows or makes such a plate does.
"""

from __future__ import annotations

from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from config import Rect, Size
from renderer.plate._shapes import BYTES_PER_PIXEL

_LANCZOS = (
    Interpolation.LANCZOS
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INP
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.BITEXACT
)


class Enlarger:
    """Enlarges BGRX pictures from one size to another."""

    def __init__(self, source: Size, target: Size) -> None:
        self._source, self._target = source, target
        self._apart, self._enlarge, self._together = VideoReformatter(), VideoReformatter(), VideoReformatter()

    def enlarged(self, pixels: bytes | bytearray) -> bytes:
        """``pixels``: BGRX of the source's size, rows from the top, no padding; so is what comes back."""
        frame = VideoFrame(self._source.w, self._source.h, "bgr0")
        frame.planes[0].update(_with_gaps(pixels, self._source.w * BYTES_PER_PIXEL, frame.planes[0].line_size))
        planes = self._apart.reformat(frame, format="gbrp", interpolation=_LANCZOS, threads=1)
        large = self._enlarge.reformat(
            planes, width=self._target.w, height=self._target.h, interpolation=_LANCZOS, threads=1
        )
        packed = self._together.reformat(large, format="bgr0", interpolation=_LANCZOS, threads=1)
        plane = packed.planes[0]
        return _without_gaps(memoryview(plane), self._target.w * BYTES_PER_PIXEL, plane.line_size, self._target.h)


class NativeCanvas:
    """The creative at its own size, as the changes so far have left it."""

    def __init__(self, size: Size, opening: bytes, target: Size) -> None:
        """``opening``: frame 0, BGRX."""
        self._width = size.w
        self._pixels = bytearray(opening)
        self._enlarger = Enlarger(size, target)
        self.frame = 0
        """Which frame it shows."""

    def paint(self, frame: int, rect: Rect, pixels: bytes) -> None:
        """Make it show ``frame``, which differs from the one before in ``rect``."""
        self.frame = frame
        row, width = self._width * BYTES_PER_PIXEL, rect.w * BYTES_PER_PIXEL
        start = rect.y * row + rect.x * BYTES_PER_PIXEL
        for y in range(rect.h):
            self._pixels[start + y * row : start + y * row + width] = pixels[y * width : (y + 1) * width]

    def picture(self) -> bytes:
        """BGRX of the target's size."""
        return self._enlarger.enlarged(self._pixels)


def _with_gaps(pixels: bytes | bytearray, row: int, line: int) -> bytes:
    """Rows of ``line`` bytes, as the codec's frames have them."""
    if line == row:
        return bytes(pixels)
    return b"".join(bytes(pixels[at : at + row]).ljust(line, b"\0") for at in range(0, len(pixels), row))


def _without_gaps(lines: memoryview, row: int, line: int, rows: int) -> bytes:
    if line == row:
        return bytes(lines[: row * rows])
    return b"".join(lines[y * line : y * line + row] for y in range(rows))
