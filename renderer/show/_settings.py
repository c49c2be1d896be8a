"""What the configuration says to the show, for one screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from config import Config, PanelKind, Size
from renderer.layout import LayoutRules
from renderer.panels import PanelSettings, PanelStyle
from renderer.show.decide import LoopRules


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """Taken from the config once, and again on a reload."""

    screen: Size
    """After rotation: what the layout sees."""
    loop: LoopRules
    panels: tuple[PanelKind, ...]
    """Those that are set up, the most important first."""
    said: PanelSettings
    look: PanelStyle
    rules: LayoutRules
    brand_colour: str
    transition: Literal["cut", "fade", "slide"]
    """Of slots that name none."""
    sinks: tuple[str, ...]
    """Who is to receive proof of play."""

    @classmethod
    def of(cls, config: Config, screen: Size) -> ShowSettings:
        """The settings of this screen."""
        return cls(
            screen=screen,
            loop=LoopRules.of(config),
            panels=config.panels_set_up(),
            said=PanelSettings.of(config),
            look=PanelStyle.of(config, screen),
            rules=LayoutRules.of(config.layout),
            brand_colour=config.layout.brand_colour,
            transition=config.screen.transition,
            sinks=config.proof.sinks(),
        )

    def local(self, at: datetime) -> datetime:
        """``at`` on the screen's wall clock."""
        return self.said.local(at)
