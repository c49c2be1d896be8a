"""Where pixels go: the rectangles of one slot, computed without looking at a pixel."""

from renderer.layout._compose import compose
from renderer.layout._grid import grid_unit
from renderer.layout._shapes import Layout, LayoutRules, PanelOffer, PanelRect
from renderer.layout._tiles import refill

__all__ = ["Layout", "LayoutRules", "PanelOffer", "PanelRect", "compose", "grid_unit", "refill"]
