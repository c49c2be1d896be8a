"""The cards of one screen: which picture, with what is known when it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image

from cache import CardName, Clock
from config import Config, Size
from renderer.panels import slate


@dataclass(frozen=True, slots=True)
class CardSaid:
    """What the configuration and the display say."""

    screen_id: str
    venue: str
    version: str
    output: object
    size: Size

    @classmethod
    def of(cls, config: Config, version: str, output: object, size: Size) -> CardSaid:
        """From the configuration of this screen."""
        return cls(config.screen.id, config.screen.venue, version, output, size)


class Cards:
    """Draws them."""

    def __init__(self, said: CardSaid, run: Path, clock: Clock) -> None:
        self._said = said
        self._run = run
        self._clock = clock

    def draw(self, card: CardName | Literal["paused"], size: Size, until_ns: int | None) -> Image.Image:
        """One card of exactly ``size``."""
        return slate(size, "#10151f", f"{self._said.screen_id} {card} {until_ns}")
