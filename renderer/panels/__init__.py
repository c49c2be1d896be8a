"""Content tiles beside or instead of a creative: weather, scores, headlines, clock, brand; and the slate."""

from renderer.panels._bands import Backdrop, bands
from renderer.panels._offers import OFFERS, offers_for
from renderer.panels._panel import available, draw, next_change, says
from renderer.panels._slate import slate
from renderer.panels._style import BrandSaid, PanelSettings, PanelStyle, Theme, label_size
from renderer.panels._type import FONTS

__all__ = [
    "FONTS",
    "OFFERS",
    "Backdrop",
    "BrandSaid",
    "PanelSettings",
    "PanelStyle",
    "Theme",
    "available",
    "bands",
    "draw",
    "label_size",
    "next_change",
    "offers_for",
    "says",
    "slate",
]
