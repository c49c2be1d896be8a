"""Stills: one picture, decoded no larger than needed, upright, in sRGB and at the size asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from config import Size
from renderer.prepare._colour import in_eight_bits, in_srgb
from renderer.prepare._ends import ends_early
from renderer.prepare._guard import guarded
from renderer.prepare._limits import Limits
from renderer.prepare._orientation import orientation_of
from renderer.prepare._sniff import Format
from renderer.prepare._source import REDUCING_GAP

_DRAFT_AT_LEAST = 2
"""JPEGs are decoded at no less than twice the size needed: then the Lanczos filter still decides the sharpness."""


class StillSource:
    """A JPEG, a PNG or a WebP of one picture."""

    frames = 1

    def __init__(self, found: Format, data: bytes, limits: Limits) -> None:
        self._format, self._data = found, data
        self.warnings: list[str] = []
        image = guarded(found, data, lambda: Image.open(io.BytesIO(data), formats=[found]))
        stored = Size(*image.size)
        limits.check_size(stored)
        if found == "PNG":
            if getattr(image, "is_animated", False):
                self.warnings.append("an animated PNG is shown as its still picture")
            guarded(found, data, image.load)  # a PNG's EXIF may come after its pixels
            if ends_early(found, data):
                self.warnings.append("the PNG ends after its picture, without its closing chunk")
        self._orientation = orientation_of(image, self.warnings)
        self.size = self._orientation.seen(stored)
        self._image: Image.Image | None = image

    def still(self, target: Size) -> Image.Image:
        """See `Source`."""
        image, self._image = self._image, None  # so that the full-size pixels go as soon as they are scaled
        assert image is not None, "called twice"  # noqa: S101
        if self._format == "JPEG":
            stored = self._orientation.seen(target)
            image.draft(None, (stored.w * _DRAFT_AT_LEAST, stored.h * _DRAFT_AT_LEAST))
        guarded(self._format, self._data, image.load)
        profile = image.info.get("icc_profile")
        image = self._orientation.upright(in_eight_bits(image, self._bit_depth))
        image = image.resize((target.w, target.h), Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
        plain, warning = in_srgb(image, profile)
        if warning is not None:
            self.warnings.append(warning)
        return plain

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """See `Source`."""
        yield self.still(self.size), 0

    @property
    def _bit_depth(self) -> int:
        return self._data[24] if self._format == "PNG" else 8
