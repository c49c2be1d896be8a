"""What every plate has, whatever its creative is: its layout, its base frame and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from PIL import Image

from config import Rect, Size
from renderer.layout import Layout, LayoutRules, compose
from renderer.plate import PlateFields
from renderer.prepare._order import Order
from renderer.prepare._paint import screen_bands

_SOFT_FROM = 3.0
"""An enlargement that is worth a warning to the advertiser."""


class Described(Protocol):
    """A creative, as far as its plate tells of it."""

    @property
    def size(self) -> Size:
        """As it is seen."""

    @property
    def warnings(self) -> list[str]:
        """What was odd but no reason to refuse it."""


def laid_out(order: Order, size: Size) -> Layout:
    """Where a creative of ``size`` and the panels go on this screen."""
    rules = LayoutRules(order.max_upscale, order.safe_margin, templates=order.read_templates())
    return compose(order.screen, size, order.offers, rules)


def place_of(layout: Layout) -> Rect:
    """The creative's rectangle."""
    if layout.creative is None:
        message = "a layout for a creative has no place for it"
        raise ValueError(message)
    return layout.creative


def base_pieces(order: Order, layout: Layout, shown: Image.Image) -> Iterator[bytes]:
    """The base frame with ``shown`` in its place: what `PlateWriter.write_base` takes."""
    return map(bgrx, screen_bands(shown, place_of(layout), order.screen, order.backdrop, order.brand_colour))


def bgrx(image: Image.Image) -> bytes:
    """Its pixels as plates hold them."""
    return image.tobytes("raw", "BGRX")


def plate_fields(order: Order, source: Described, layout: Layout, delays: tuple[int, ...]) -> PlateFields:
    """What the plate says of itself. ``delays`` empty: a still."""
    notes = list(source.warnings)
    if layout.scale >= _SOFT_FROM:
        notes.append(f"it is enlarged {layout.scale:.1f} times: fine detail will look soft")
    return PlateFields(
        creative_sha256=order.creative_sha256,
        kind="animation" if delays else "still",
        source_size=source.size,
        screen_size=order.screen,
        creative_rect=place_of(layout),
        panel_rects=tuple((p.kind, p.rect) for p in layout.panels),
        panel_area=layout.panel_area,
        panel_areas=layout.areas,
        scale=layout.scale,
        frames=len(delays) or 1,
        duration_ms=sum(delays),
        warnings=tuple(notes),
    )
