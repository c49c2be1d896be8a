"""What a layout is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config import LayoutConfig, PanelKind, Rect, Size

Template = Literal["column", "band", "alone", "content", "empty"]


@dataclass(frozen=True, slots=True)
class PanelOffer:
    """A panel that would like a place: the least it can be read at, and what suits it best (pixels)."""

    kind: PanelKind
    min: Size
    ideal: Size


@dataclass(frozen=True, slots=True)
class PanelRect:
    """One panel's place on the screen."""

    kind: PanelKind
    rect: Rect


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """The operator's limits, and whether the creative has pixels of its own."""

    max_upscale: float = 5.0
    """The most a bitmap is enlarged."""
    safe_margin: int = 0
    """Pixels kept free at every edge of the screen."""
    scalable: bool = False
    """True for a creative that is drawn at its target size (HTML5): ``max_upscale`` does not bind it."""

    @classmethod
    def of(cls, config: LayoutConfig) -> LayoutRules:
        """The rules for bitmaps under ``[layout]``."""
        return cls(max_upscale=config.max_upscale, safe_margin=config.safe_margin)


@dataclass(frozen=True, slots=True)
class Layout:
    """The rectangles of one slot. None overlaps another; all lie on the screen, inside the safe margin."""

    screen: Size
    creative: Rect | None
    """None: a slot of content only."""
    scale: float
    """How much the creative is enlarged (1.0 without one)."""
    panel_area: Rect | None
    """What the creative leaves for panels, its margins taken off: `refill` tiles exactly this."""
    panels: tuple[PanelRect, ...]
    coverage: float
    """The part of the screen under the creative and the panels, 0 to 1."""
    template: Template
    """``column`` or ``band`` of panels, creative ``alone``, ``content`` only, or ``empty``."""
