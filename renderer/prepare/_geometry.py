"""The geometry a plate is made for, and the key that says which plate is which."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import msgspec

from config import Config, PanelKind, Size, TemplateConfig
from renderer.layout import PanelOffer, Template
from renderer.panels import offers_for

RECIPE = 3
"""Raised by one whenever the same creative and geometry give other pixels than before."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """All that a plate depends on besides its creative."""

    screen: Size
    """After rotation: what the layout sees."""
    max_upscale: float = 5.0
    safe_margin: int = 0
    panels: tuple[PanelKind, ...] = ("weather", "scores", "clock")
    """In order of importance: those that are set up, whether or not their feed has data now."""
    backdrop: Literal["blur", "brand", "black"] = "blur"
    brand_colour: str = "#10151f"
    templates: tuple[TemplateConfig, ...] = ()
    """The operator's templates for this screen: a changed zone is another plate."""
    html_seconds: float = 15.0
    """How much of an HTML5 creative's animation is kept."""
    html_fps: int = 30

    @classmethod
    def of(cls, config: Config, screen: Size) -> Geometry:
        """The geometry of this screen (its size after rotation) under this config."""
        layout = config.layout
        return cls(
            screen=screen,
            max_upscale=layout.max_upscale,
            safe_margin=layout.safe_margin,
            panels=config.panels_set_up(),
            backdrop=layout.backdrop,
            brand_colour=layout.brand_colour.lower(),
            templates=tuple(one for one in layout.template if Template.of(one).is_for_screen(screen)),
            html_seconds=config.prepare.html_seconds,
            html_fps=config.prepare.html_fps,
        )

    def offers(self) -> tuple[PanelOffer, ...]:
        """What its panels ask for on this screen."""
        return tuple(offers_for(self.screen, self.panels))


def plate_key(creative_sha256: str, geometry: Geometry) -> str:
    """sha256 hex of creative, geometry, the panels' wishes and the recipe: the same four give the same plate."""
    parts = (RECIPE, creative_sha256, geometry, geometry.offers())
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()
