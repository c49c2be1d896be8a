"""Makes one plate from one creative: the child's whole work."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from config import Rect
from renderer.layout import Layout, LayoutRules, compose
from renderer.plate import PlateFields, PlateWriter
from renderer.prepare._colour import flattened, ground_for
from renderer.prepare._decode import open_creative
from renderer.prepare._limits import Limits
from renderer.prepare._order import Order
from renderer.prepare._paint import changes, scaled, screen_bands
from renderer.prepare._source import Source

_SHORTEST_DELAY_MS = 10
_DELAY_INSTEAD_MS = 100
"""A delay of 10 ms or less stands for 100 ms, as in all browsers: advertisers test their GIFs there."""
_SOFT_FROM = 3.0
"""An enlargement that is worth a warning to the advertiser."""


def make_plate(order: Order) -> None:
    """Write the plate to ``order.part``. Raises ``OohError`` (CREATIVE_*), ``MemoryError``, ``OSError``."""
    Image.MAX_IMAGE_PIXELS = order.max_pixels
    source = open_creative(Path(os.fsdecode(order.creative)), Limits(order.max_pixels, order.max_frames))
    rules = LayoutRules(order.max_upscale, order.safe_margin, templates=order.read_templates())
    layout = compose(order.screen, source.size, order.offers, rules)
    with PlateWriter(Path(os.fsdecode(order.part)), order.screen) as plate:
        if source.frames == 1:
            _paint_still(order, source, layout, plate)
        else:
            _paint_animation(order, source, layout, plate)


def _paint_still(order: Order, source: Source, layout: Layout, plate: PlateWriter) -> None:
    picture = source.still(_place(layout).size)
    plate.write_base(_base(order, layout, flattened(picture, ground_for(picture))))
    plate.finish(_fields(order, source, layout, ()))


def _paint_animation(order: Order, source: Source, layout: Layout, plate: PlateWriter) -> None:
    """Frame by frame: an animation of any length needs the memory of four pictures."""
    delays: list[int] = []
    pictures = _noting_delays(source, delays)
    opening = next(pictures)
    ground = ground_for(opening)  # one for all frames, and laid before scaling: three channels scale faster than four
    first = flattened(opening, ground)
    place = _place(layout)
    shown = scaled(first, place.size, Rect(0, 0, place.w, place.h), Image.Resampling.LANCZOS)
    plate.write_base(_base(order, layout, shown))
    moves = False
    rest = (flattened(picture, ground) for picture in pictures)
    for index, change in enumerate(changes(itertools.chain((first,), rest), shown, place), start=1):
        frame = index % source.frames  # the last change leads back to frame 0
        plate.write_change(frame, change.rect, delays[frame], b"" if change.image is None else _bgrx(change.image))
        moves = moves or change.image is not None
    if moves:
        plate.finish(_fields(order, source, layout, tuple(delays)))
    else:
        source.warnings.append(f"all its {source.frames} frames are the same: it is shown as a still")
        plate.finish(_fields(order, source, layout, ()))


def _noting_delays(source: Source, delays: list[int]) -> Iterator[Image.Image]:
    raised = 0
    for picture, delay_ms in source.pictures():
        raised += delay_ms <= _SHORTEST_DELAY_MS
        delays.append(_DELAY_INSTEAD_MS if delay_ms <= _SHORTEST_DELAY_MS else delay_ms)
        yield picture
    if raised:
        source.warnings.append(f"{raised} frames with a delay of 0 or 10 ms are shown for {_DELAY_INSTEAD_MS} ms")


def _base(order: Order, layout: Layout, shown: Image.Image) -> Iterator[bytes]:
    return map(_bgrx, screen_bands(shown, _place(layout), order.screen, order.backdrop, order.brand_colour))


def _bgrx(image: Image.Image) -> bytes:
    return image.tobytes("raw", "BGRX")


def _fields(order: Order, source: Source, layout: Layout, delays: tuple[int, ...]) -> PlateFields:
    """What the plate says of itself. ``delays`` empty: a still."""
    notes = list(source.warnings)
    if layout.scale >= _SOFT_FROM:
        notes.append(f"it is enlarged {layout.scale:.1f} times: fine detail will look soft")
    return PlateFields(
        creative_sha256=order.creative_sha256,
        kind="animation" if delays else "still",
        source_size=source.size,
        screen_size=order.screen,
        creative_rect=_place(layout),
        panel_rects=tuple((p.kind, p.rect) for p in layout.panels),
        panel_area=layout.panel_area,
        panel_areas=layout.areas,
        scale=layout.scale,
        frames=len(delays) or 1,
        duration_ms=sum(delays),
        warnings=tuple(notes),
    )


def _place(layout: Layout) -> Rect:
    if layout.creative is None:
        message = "a layout for a creative has no place for it"
        raise ValueError(message)
    return layout.creative
