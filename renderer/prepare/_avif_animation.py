"""Animated AVIF (AVIF 1.1, 4: image sequences): decoded and put together by libavif, through Pillow.

Pillow does not tell how often it is to run: for ever, which is what encoders write.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction

from PIL import AvifImagePlugin, Image

from config import Size
from renderer.prepare._animation import Animation, Shown
from renderer.prepare._avif import avif_profile
from renderer.prepare._colour import in_eight_bits, in_srgb
from renderer.prepare._guard import guarded
from renderer.prepare._limits import Limits
from renderer.prepare._orientation import orientation_of
from renderer.prepare._timing import shown_delays


def open_avif(data: bytes, limits: Limits) -> Animation | None:
    """The animation; None for a still. Raises ``OohError`` (CREATIVE_TOO_LARGE, _TRUNCATED, _CORRUPT)."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # threads cost address space, and the screen wants the other cores
    opened = _opened(data)
    frames = int(getattr(opened, "n_frames", 1))
    if frames == 1:
        return None
    limits.check_frames(frames)
    limits.check_size(Size(*opened.size))
    notes: list[str] = []
    orientation = orientation_of(opened, notes)
    profile = opened.info.get("icc_profile") or avif_profile(data, grey=opened.mode in ("L", "LA"))

    def compose() -> Iterator[Shown]:
        image = _opened(data)
        for index in range(frames):
            guarded("AVIF", data, lambda index=index: _go_to(image, index))  # type: ignore[misc]
            plain, warning = in_srgb(in_eight_bits(image, 8), profile)
            if warning is not None and warning not in notes:
                notes.append(warning)
            (delay_ms,) = shown_delays((Fraction(image.info.get("duration", 0)),), [])
            yield orientation.upright(plain), delay_ms

    return Animation(orientation.seen(Size(*opened.size)), frames, 0, notes, compose)


def _opened(data: bytes) -> Image.Image:
    return guarded("AVIF", data, lambda: Image.open(io.BytesIO(data), formats=["AVIF"]))


def _go_to(image: Image.Image, index: int) -> None:
    image.seek(index)
    image.load()
