"""Makes one plate from one creative: the child's whole work."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from config import Rect
from renderer.layout import Layout
from renderer.plate import PlateWriter
from renderer.prepare._colour import flattened, ground_for
from renderer.prepare._decode import open_creative
from renderer.prepare._facts import base_pieces, bgrx, laid_out, place_of, plate_fields
from renderer.prepare._limits import Limits
from renderer.prepare._order import Order
from renderer.prepare._paint import changes, scaled
from renderer.prepare._source import Source

_SHORTEST_DELAY_MS = 10
_DELAY_INSTEAD_MS = 100
"""A delay of 10 ms or less stands for 100 ms, as in all browsers: advertisers test their GIFs there."""


def make_plate(order: Order) -> None:
    """Write the plate to ``order.part``. Raises ``OohError`` (CREATIVE_*), ``MemoryError``, ``OSError``."""
    Image.MAX_IMAGE_PIXELS = order.max_pixels
    if order.video:
        load_codecs()(order, Path(os.fsdecode(order.creative)), Path(os.fsdecode(order.part)))
        return
    source = open_creative(Path(os.fsdecode(order.creative)), Limits(order.max_pixels, order.max_frames))
    layout = laid_out(order, source.size)
    with PlateWriter(Path(os.fsdecode(order.part)), order.screen) as plate:
        if source.frames == 1:
            _paint_still(order, source, layout, plate)
        else:
            _paint_animation(order, source, layout, plate)


def load_codecs() -> Callable[[Order, Path, Path], None]:
    """What makes the plate of a video. Loading it takes 0.1 s and 25 MB that other creatives need not pay."""
    from renderer.prepare._video import make_video_plate  # noqa: PLC0415

    return make_video_plate


def _paint_still(order: Order, source: Source, layout: Layout, plate: PlateWriter) -> None:
    picture = source.still(place_of(layout).size)
    plate.write_base(base_pieces(order, layout, flattened(picture, ground_for(picture))))
    plate.finish(plate_fields(order, source, layout, ()))


def _paint_animation(order: Order, source: Source, layout: Layout, plate: PlateWriter) -> None:
    """Frame by frame: an animation of any length needs the memory of four pictures."""
    delays: list[int] = []
    pictures = _noting_delays(source, delays)
    opening = next(pictures)
    ground = ground_for(opening)  # one for all frames, and laid before scaling: three channels scale faster than four
    first = flattened(opening, ground)
    place = place_of(layout)
    shown = scaled(first, place.size, Rect(0, 0, place.w, place.h), Image.Resampling.LANCZOS)
    plate.write_base(base_pieces(order, layout, shown))
    moves = False
    rest = (flattened(picture, ground) for picture in pictures)
    for index, change in enumerate(changes(itertools.chain((first,), rest), shown, place), start=1):
        frame = index % source.frames  # the last change leads back to frame 0
        plate.write_change(frame, change.rect, delays[frame], b"" if change.image is None else bgrx(change.image))
        moves = moves or change.image is not None
    if moves:
        plate.finish(plate_fields(order, source, layout, tuple(delays)))
    else:
        source.warnings.append(f"all its {source.frames} frames are the same: it is shown as a still")
        plate.finish(plate_fields(order, source, layout, ()))


def _noting_delays(source: Source, delays: list[int]) -> Iterator[Image.Image]:
    raised = 0
    for picture, delay_ms in source.pictures():
        raised += delay_ms <= _SHORTEST_DELAY_MS
        delays.append(_DELAY_INSTEAD_MS if delay_ms <= _SHORTEST_DELAY_MS else delay_ms)
        yield picture
    if raised:
        source.warnings.append(f"{raised} frames with a delay of 0 or 10 ms are shown for {_DELAY_INSTEAD_MS} ms")
