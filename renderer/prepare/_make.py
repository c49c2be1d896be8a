"""Makes one plate from one creative: the child's whole work."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from renderer.layout import Layout
from renderer.plate import PlateWriter
from renderer.prepare._colour import flattened, ground_for
from renderer.prepare._decode import open_creative
from renderer.prepare._facts import base_pieces, laid_out, place_of, plate_fields
from renderer.prepare._limits import Limits
from renderer.prepare._moving import paint_animation
from renderer.prepare._order import Order
from renderer.prepare._source import Source


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
            paint_animation(order, source, layout, plate)


def load_codecs() -> Callable[[Order, Path, Path], None]:
    """What makes the plate of a video. Loading it takes 0.1 s and 25 MB that other creatives need not pay."""
    from renderer.prepare._video import make_video_plate  # noqa: PLC0415

    return make_video_plate


def _paint_still(order: Order, source: Source, layout: Layout, plate: PlateWriter) -> None:
    picture = source.still(place_of(layout).size)
    plate.write_base(base_pieces(order, layout, flattened(picture, ground_for(picture))))
    plate.finish(plate_fields(order, source, layout, ()))
