"""Where pixels go: the rectangles of one slot, computed without looking at a pixel."""

from renderer.layout._compose import compose
from renderer.layout._grid import grid_unit
from renderer.layout._refill import refill
from renderer.layout._shapes import Layout, LayoutRules, PanelArea, PanelOffer, PanelRect
from renderer.layout._template import Template

__all__ = [
    "Layout",
    "LayoutRules",
    "PanelArea",
    "PanelOffer",
    "PanelRect",
    "Template",
    "compose",
    "grid_unit",
    "refill",
]
