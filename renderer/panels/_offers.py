"""What the panels ask of the layout: the least they can be read at, what suits them, the most they fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from config import PanelKind, Size
from renderer.layout import PanelOffer
from renderer.panels._style import label_size

_UNIT_OF_OFFERS = 24.0
"""The label size at 1080p, for which OFFERS is given."""

OFFERS: Mapping[PanelKind, PanelOffer] = MappingProxyType(
    {
        "weather": PanelOffer("weather", Size(280, 160), Size(624, 520), Size(2700, 1250)),
        "scores": PanelOffer("scores", Size(280, 160), Size(624, 520), Size(2700, 1250)),
        "clock": PanelOffer("clock", Size(200, 84), Size(624, 200), Size(1400, 640)),
        "headlines": PanelOffer("headlines", Size(280, 120), Size(624, 320), Size(2700, 1000)),
        "brand": PanelOffer("brand", Size(200, 120), Size(624, 240), Size(1400, 640)),
    }
)
"""Sizes at 1920x1080. The widest fill a band across the longest screen; a clock or a brand as wide would be a wall."""


def offers_for(screen: Size, kinds: Sequence[PanelKind]) -> tuple[PanelOffer, ...]:
    """The offers of ``kinds``, in that order, in this screen's pixels."""
    times = label_size(screen) / _UNIT_OF_OFFERS
    return tuple(_scaled(OFFERS[kind], times) for kind in kinds)


def _scaled(offer: PanelOffer, times: float) -> PanelOffer:
    most = None if offer.max is None else _size(offer.max, times)
    return PanelOffer(offer.kind, _size(offer.min, times), _size(offer.ideal, times), most)


def _size(size: Size, times: float) -> Size:
    return Size(max(1, round(size.w * times)), max(1, round(size.h * times)))
