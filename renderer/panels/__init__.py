"""Content tiles beside or instead of a creative: weather, scores, headlines, clock, brand; and the slate."""

from renderer.panels._bands import Backdrop, bands
from renderer.panels._code import code
from renderer.panels._colour import BLACK, WHITE, Rgb, ink_on, mix, parse
from renderer.panels._offers import OFFERS, offers_for
from renderer.panels._panel import available, draw, next_change, says
from renderer.panels._slate import slate
from renderer.panels._style import BrandSaid, PanelSettings, PanelStyle, Theme, label_size
from renderer.panels._type import CAP, FONTS, Face, clean, fitting, shortened, width, write

__all__ = [
    "BLACK",
    "CAP",
    "FONTS",
    "OFFERS",
    "WHITE",
    "Backdrop",
    "BrandSaid",
    "Face",
    "PanelSettings",
    "PanelStyle",
    "Rgb",
    "Theme",
    "available",
    "bands",
    "clean",
    "code",
    "draw",
    "fitting",
    "ink_on",
    "label_size",
    "mix",
    "next_change",
    "offers_for",
    "parse",
    "says",
    "shortened",
    "slate",
    "width",
    "write",
]
