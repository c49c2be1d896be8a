"""What a layout is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from config import LayoutConfig, PanelKind, Rect, Size
from renderer.layout._template import Template


@dataclass(frozen=True, slots=True)
class PanelOffer:
    """A panel that would like a place: the least it can be read at, what suits it best, the most it fills (pixels)."""

    kind: PanelKind
    min: Size
    ideal: Size
    max: Size | None = None
    """None: it fills whatever it is given."""


@dataclass(frozen=True, slots=True)
class PanelRect:
    """One panel's place on the screen."""

    kind: PanelKind
    rect: Rect


@dataclass(frozen=True, slots=True)
class PanelArea:
    """A place for panels: `refill` tiles it with those that have data."""

    rect: Rect
    kinds: tuple[PanelKind, ...] = ()
    """Those that may stand here, an operator's choice; empty: any."""


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """The operator's limits, and whether the creative has pixels of its own."""

    max_upscale: float = 5.0
    """The most a bitmap is enlarged."""
    safe_margin: int = 0
    """Pixels kept free at every edge of the screen."""
    scalable: bool = False
    """True for a creative that is drawn at its target size (HTML5): ``max_upscale`` does not bind it."""
    templates: tuple[Template, ...] = ()
    """The operator's fixed zones; the first that is for a screen and a creative is used."""

    @classmethod
    def of(cls, config: LayoutConfig) -> LayoutRules:
        """The rules for bitmaps under ``[layout]``."""
        templates = tuple(Template.of(one) for one in config.template)
        return cls(max_upscale=config.max_upscale, safe_margin=config.safe_margin, templates=templates)


@dataclass(frozen=True, slots=True)
class Layout:
    """The rectangles of one slot. None overlaps another; all lie on the screen, inside the safe margin."""

    screen: Size
    creative: Rect | None
    """None: a slot of content only."""
    scale: float
    """How much the creative is enlarged (1.0 without one)."""
    areas: tuple[PanelArea, ...]
    """What the creative leaves for panels, margins taken off: one, two for an L-bar, or a template's zones."""
    panels: tuple[PanelRect, ...]
    """Every panel that was offered and found a place."""
    coverage: float
    """The part of the screen under the creative and the panels, 0 to 1."""
    template: str
    """``column``, ``band`` or ``l-bar`` of panels, creative ``alone``, ``content`` only, ``empty``; or the name of the
    operator's template."""

    @property
    def panel_area(self) -> Rect | None:
        """The largest of the areas, or None when there is none."""
        return max((area.rect for area in self.areas), key=lambda rect: rect.size.pixels, default=None)
