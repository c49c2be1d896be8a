"""The animated sources of pixels: GIFs, put together by this player, and WebP animations."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from config import Size
from renderer.prepare._colour import in_eight_bits, in_srgb
from renderer.prepare._gif import compose_frames, read_gif
from renderer.prepare._guard import guarded
from renderer.prepare._limits import Limits
from renderer.prepare._orientation import orientation_of
from renderer.prepare._source import REDUCING_GAP


class GifSource:
    """A GIF, still or animated."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._gif = read_gif(data, limits)
        self.size = self._gif.canvas
        self.frames = len(self._gif.frames)
        self.warnings = [] if self._gif.whole else ["the GIF ends without its closing byte"]

    def still(self, target: Size) -> Image.Image:
        """See `Source`."""
        picture, _ = next(self.pictures())
        return picture.resize((target.w, target.h), Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """See `Source`."""
        composed = compose_frames(self._gif)
        for frame in self._gif.frames:
            yield guarded("GIF", self._gif.data, lambda: next(composed)), frame.delay_ms


class WebpAnimation:
    """A WebP whose header says that it is animated (RFC 9649 2.7)."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self.warnings: list[str] = []
        self._image = guarded("WEBP", data, lambda: Image.open(io.BytesIO(data), formats=["WEBP"]))
        stored = Size(*self._image.size)
        limits.check_size(stored)
        self.frames = int(getattr(self._image, "n_frames", 1))
        self._orientation = orientation_of(self._image, self.warnings)
        self.size = self._orientation.seen(stored)

    def still(self, target: Size) -> Image.Image:
        """See `Source`."""
        picture, _ = next(self.pictures())
        return picture.resize((target.w, target.h), Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """See `Source`."""
        image = self._image
        profile = image.info.get("icc_profile")
        for index in range(self.frames):
            guarded("WEBP", self._data, lambda index=index: _go_to(image, index))  # type: ignore[misc]
            plain, warning = in_srgb(in_eight_bits(image, 8), profile)
            if warning is not None and warning not in self.warnings:
                self.warnings.append(warning)
            yield self._orientation.upright(plain), int(image.info.get("duration", 0))


def _go_to(image: Image.Image, index: int) -> None:
    image.seek(index)
    image.load()
