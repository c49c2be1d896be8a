"""The two sources of pixels: GIFs, put together by this player, and what Pillow opens whole."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from typing import Protocol

from PIL import Image

from config import Size
from renderer.prepare._colour import in_eight_bits, in_srgb
from renderer.prepare._ends import ends_early
from renderer.prepare._gif import compose_frames, read_gif
from renderer.prepare._guard import guarded
from renderer.prepare._limits import Limits
from renderer.prepare._sniff import Format

_EXIF_ORIENTATION = 0x0112
_TURNS: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each orientation (Exif 2.32, 4.6.4, tag 0x0112)."""
_SIDEWAYS = (5, 6, 7, 8)
_LOOKUP_ERRORS = (KeyError, IndexError, AttributeError)
_EXIF_ERRORS = (SyntaxError, ValueError, TypeError, OSError, OverflowError, struct.error, *_LOOKUP_ERRORS)
_DRAFT_AT_LEAST = 2
"""JPEGs are decoded at no less than twice the size needed: then the Lanczos filter still decides the sharpness."""
_REDUCING_GAP = 3.0
"""Large pictures are first reduced by boxes to three times the size needed, which nobody can see."""


class Source(Protocol):
    """An opened creative."""

    @property
    def size(self) -> Size:
        """As it is seen: after its EXIF orientation."""

    @property
    def frames(self) -> int:
        """1 for a still."""

    @property
    def warnings(self) -> list[str]:
        """What was odd but no reason to refuse it; complete once the pixels were decoded."""

    def still(self, target: Size) -> Image.Image:
        """The first picture, upright, scaled to ``target`` with Lanczos: RGB or RGBA in sRGB. Call it once."""

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """What a viewer sees at each frame, at its own size and upright, RGB or RGBA, and its delay in ms as given.

        The image is used again for the next frame: copy what you keep.
        """


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
        return picture.resize((target.w, target.h), Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """See `Source`."""
        composed = compose_frames(self._gif)
        for frame in self._gif.frames:
            yield guarded("GIF", self._gif.data, lambda: next(composed)), frame.delay_ms


class ImageSource:
    """A JPEG, a PNG, a WebP still or a WebP animation."""

    def __init__(self, found: Format, data: bytes, limits: Limits) -> None:
        self._format, self._data = found, data
        self.warnings: list[str] = []
        image = guarded(found, data, lambda: Image.open(io.BytesIO(data), formats=[found]))
        stored = Size(*image.size)
        limits.check_size(stored)
        self.frames = int(getattr(image, "n_frames", 1)) if found == "WEBP" else 1
        if found == "PNG":
            if getattr(image, "is_animated", False):
                self.warnings.append("an animated PNG is shown as its still picture")
            guarded(found, data, image.load)  # a PNG's EXIF may come after its pixels
            if ends_early(found, data):
                self.warnings.append("the PNG ends after its picture, without its closing chunk")
        orientation = self._orientation(image)
        self._turn = _TURNS.get(orientation)
        self._stored_turned = orientation in _SIDEWAYS
        self.size = stored.turned(90) if self._stored_turned else stored
        self._image: Image.Image | None = image

    def still(self, target: Size) -> Image.Image:
        """See `Source`."""
        image, self._image = self._image, None  # so that the full-size pixels go as soon as they are scaled
        assert image is not None, "called twice"  # noqa: S101
        if self._format == "JPEG":
            stored = target.turned(90) if self._stored_turned else target
            image.draft(None, (stored.w * _DRAFT_AT_LEAST, stored.h * _DRAFT_AT_LEAST))
        guarded(self._format, self._data, image.load)
        profile = image.info.get("icc_profile")
        image = self._upright(in_eight_bits(image, self._bit_depth))
        image = image.resize((target.w, target.h), Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)
        return self._coloured(image, profile)

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """See `Source`."""
        image = self._image
        assert image is not None, "called after still"  # noqa: S101
        profile = image.info.get("icc_profile")
        for index in range(self.frames):
            guarded(self._format, self._data, lambda index=index: _go_to(image, index))  # type: ignore[misc]
            plain = self._coloured(in_eight_bits(image, self._bit_depth), profile)
            yield self._upright(plain), int(image.info.get("duration", 0))

    @property
    def _bit_depth(self) -> int:
        return self._data[24] if self._format == "PNG" else 8

    def _coloured(self, image: Image.Image, profile: bytes | None) -> Image.Image:
        plain, warning = in_srgb(image, profile)
        if warning is not None and warning not in self.warnings:
            self.warnings.append(warning)
        return plain

    def _upright(self, image: Image.Image) -> Image.Image:
        return image if self._turn is None else image.transpose(self._turn)

    def _orientation(self, image: Image.Image) -> int:
        raw = image.info.get("exif")
        if not raw:
            return 1
        exif = Image.Exif()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a half-broken block may still hold the orientation
                exif.load(raw)
                orientation = exif.get(_EXIF_ORIENTATION, 1)
        except _EXIF_ERRORS as error:
            self.warnings.append(f"its EXIF block is ignored: {error}")
            return 1
        return orientation if isinstance(orientation, int) else 1


def _go_to(image: Image.Image, index: int) -> None:
    image.seek(index)
    image.load()
