"""A template: the operator's fixed zones for some screens and creatives."""

from __future__ import annotations

from dataclasses import dataclass

from config import Anchor, Size, TemplateConfig, Zone, fits, parse_area


@dataclass(frozen=True, slots=True)
class Template:
    """One ``[[layout.template]]``, read."""

    name: str
    for_screens: tuple[str, ...]
    """Empty: all."""
    for_creatives: tuple[str, ...]
    creative: Zone
    anchor: Anchor
    panels: tuple[tuple[tuple[str, ...], Zone], ...]
    """Each zone of panels with the kinds that may stand in it; ``all`` among them: any."""

    @classmethod
    def of(cls, config: TemplateConfig) -> Template:
        """Read a template that ``check`` found right. Raises ``ValueError`` on any other."""
        return cls(
            name=config.name,
            for_screens=config.for_screens,
            for_creatives=config.for_creatives,
            creative=Zone.parse(config.creative),
            anchor=config.anchor,
            panels=tuple(parse_area(text) for text in config.panels),
        )

    def is_for(self, screen: Size, creative: Size) -> bool:
        """True when both sizes are among those it is for."""
        return self.is_for_screen(screen) and _among(self.for_creatives, creative)

    def is_for_screen(self, screen: Size) -> bool:
        """True when the screen, after rotation, is among those it is for."""
        return _among(self.for_screens, screen)


def _among(texts: tuple[str, ...], size: Size) -> bool:
    return not texts or any(fits(text, size) for text in texts)
