"""Stills: one picture, decoded no larger than needed, upright, in sRGB and at the size asked for."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import AvifImagePlugin, Image

from config import Code, OohError, Size
from renderer.prepare._avif import avif_profile
from renderer.prepare._bmp import decode_bmp, read_bmp
from renderer.prepare._colour import flattened, ground_for, in_eight_bits, in_srgb
from renderer.prepare._deblock import deblocked
from renderer.prepare._enlarge import enlarged
from renderer.prepare._guard import guarded
from renderer.prepare._jpeg import read_jpeg
from renderer.prepare._jpeg_cut import lacks_blocks
from renderer.prepare._limits import Limits
from renderer.prepare._orientation import Orientation, orientation_in
from renderer.prepare._png import has_every_row, read_png
from renderer.prepare._sniff import Format, header_size
from renderer.prepare._source import REDUCING_GAP
from renderer.prepare._webp import decode_reduced, webp_metadata

_DRAFT_AT_LEAST = 1.25
"""JPEGs are decoded at no less than this times the size needed: then the Lanczos filter still decides the sharpness."""
_LARGE_WEBP_PIXELS = 12_000_000
"""From here on FFmpeg unpacks a WebP: Pillow takes 16 bytes a pixel for it."""


@dataclass(slots=True)
class _Opened:
    """A still whose header was read and held against the limits."""

    size: Size
    """As stored."""
    image: Image.Image | None
    """Not unpacked yet; None: unpacked by this player."""
    profile: bytes | None = None
    exif: bytes | None = None
    bit_depth: int = 8
    notes: list[str] = field(default_factory=list)


class StillSource:
    """A JPEG, PNG, WebP, AVIF or BMP of one picture."""

    frames = 1
    loops = 1

    def __init__(self, found: Format, data: bytes, limits: Limits) -> None:
        self._format, self._data = found, data
        self._opened: _Opened | None = _open(found, data, limits)
        self.warnings: list[str] = self._opened.notes
        self._orientation: Orientation = orientation_in(self._opened.exif, self.warnings)
        self.size = self._orientation.seen(self._opened.size)

    def still(self, target: Size) -> Image.Image:
        """See `Source`."""
        opened, self._opened = self._opened, None  # so that the full-size pixels go as soon as they are scaled
        assert opened is not None, "called twice"  # noqa: S101
        image = guarded(self._format, self._data, lambda: self._unpacked(opened, self._orientation.seen(target)))
        opened.image = None
        if self._format == "JPEG" and lacks_blocks(image, self._data):
            raise OohError(Code.CREATIVE_TRUNCATED, "a JPEG that lacks rows before its end marker")
        grows = target.w > self.size.w or target.h > self.size.h
        if grows and self._format == "JPEG":
            image = guarded(self._format, self._data, lambda image=image: deblocked(image))  # type: ignore[misc]
        self._data = b""  # a camera's picture is several megabytes
        image = self._orientation.upright(in_eight_bits(image, opened.bit_depth))
        if not grows:
            image = image.resize((target.w, target.h), Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
        plain, warning = in_srgb(image, opened.profile)
        if warning is not None:
            self.warnings.append(warning)
        if plain.mode == "RGBA" and plain.getchannel("A").getextrema() == (0, 0):
            self.warnings.append("nothing of it can be seen: it is transparent throughout")
        return enlarged(flattened(plain, ground_for(plain)), target) if grows else plain

    def pictures(self) -> Iterator[tuple[Image.Image, int]]:
        """See `Source`."""
        yield self.still(self.size), 0

    def _unpacked(self, opened: _Opened, needed: Size) -> Image.Image:
        """The pixels, already smaller where the decoder can do that, but no smaller than ``needed`` (as stored)."""
        enough = Size(math.ceil(needed.w * _DRAFT_AT_LEAST), math.ceil(needed.h * _DRAFT_AT_LEAST))
        if self._format == "BMP":
            return decode_bmp(self._data, read_bmp(self._data))
        if opened.image is None:
            return decode_reduced(self._data, enough)
        if self._format == "JPEG":
            opened.image.draft(None, (enough.w, enough.h))
        opened.image.load()
        return opened.image


def _open(found: Format, data: bytes, limits: Limits) -> _Opened:
    match found:
        case "JPEG":
            return _open_jpeg(data, limits)
        case "PNG":
            return _open_png(data, limits)
        case "WEBP":
            return _open_webp(data, limits)
        case "BMP":
            bmp = read_bmp(data)
            limits.check_size(bmp.size)
            return _Opened(bmp.size, None, bmp.profile)
        case _:
            return _open_avif(data, limits)


def _open_jpeg(data: bytes, limits: Limits) -> _Opened:
    limits.check_size(read_jpeg(data).size)
    image = _by_pillow("JPEG", data)
    return _Opened(Size(*image.size), image, image.info.get("icc_profile"), image.info.get("exif"))


def _open_png(data: bytes, limits: Limits) -> _Opened:
    png = read_png(data)
    limits.check_size(png.size)
    if not has_every_row(png):
        raise OohError(Code.CREATIVE_TRUNCATED, "PNG: rows are missing")
    notes = list(png.warnings)
    if png.animated:
        notes.append("an animated PNG is shown as its still picture")
    if not png.whole:
        notes.append("the PNG ends after its picture, without its closing chunk")
    return _Opened(png.size, _by_pillow("PNG", png.lean), png.profile, png.exif, png.bit_depth, notes)


def _open_webp(data: bytes, limits: Limits) -> _Opened:
    size = header_size("WEBP", data)
    assert size is not None  # noqa: S101
    limits.check_size(size)
    profile, exif = webp_metadata(data)
    if size.pixels >= _LARGE_WEBP_PIXELS:
        return _Opened(size, None, profile, exif)
    image = _by_pillow("WEBP", data)
    return _Opened(Size(*image.size), image, profile, exif)


def _open_avif(data: bytes, limits: Limits) -> _Opened:
    """Turning boxes (irot, imir) come from Pillow as EXIF, in place of what the EXIF block says (MIAF 7.3.6.7)."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # threads cost address space, and the screen wants the other cores
    image = _by_pillow("AVIF", data)
    size = Size(*image.size)
    limits.check_size(size)
    notes = []
    if getattr(image, "n_frames", 1) > 1:
        notes.append("an animated AVIF is shown as its first picture")
    profile = image.info.get("icc_profile") or avif_profile(data, grey=image.mode in ("L", "LA"))
    return _Opened(size, image, profile, image.info.get("exif"), notes=notes)


def _by_pillow(found: Format, data: bytes) -> Image.Image:
    return guarded(found, data, lambda: Image.open(io.BytesIO(data), formats=[found]))
