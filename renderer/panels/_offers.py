"""What the panels ask of the layout: the least they can be read at, and what suits them."""

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
        "weather": PanelOffer("weather", Size(280, 160), Size(624, 520)),
        "scores": PanelOffer("scores", Size(280, 160), Size(624, 520)),
        "clock": PanelOffer("clock", Size(200, 84), Size(624, 200)),
        "headlines": PanelOffer("headlines", Size(280, 120), Size(624, 320)),
        "brand": PanelOffer("brand", Size(200, 120), Size(624, 240)),
    }
)
"""Sizes at 1920x1080."""


def offers_for(screen: Size, kinds: Sequence[PanelKind]) -> tuple[PanelOffer, ...]:
    """The offers of ``kinds``, in that order, in this screen's pixels."""
    times = label_size(screen) / _UNIT_OF_OFFERS
    return tuple(_scaled(OFFERS[kind], times) for kind in kinds)


def _scaled(offer: PanelOffer, times: float) -> PanelOffer:
    return PanelOffer(offer.kind, _size(offer.min, times), _size(offer.ideal, times))


def _size(size: Size, times: float) -> Size:
    return Size(max(1, round(size.w * times)), max(1, round(size.h * times)))
