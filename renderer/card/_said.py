"""What the configuration and the display say on a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cache import zone_of
from config import Config
from renderer.window import Output

_NO_NAME = "unprovisioned"


@dataclass(frozen=True, slots=True)
class CardSaid:
    """Taken from the config once; times of day by the screen's own clock."""

    screen_id: str
    venue: str = ""
    """Its name, else its id."""
    version: str = ""
    timezone: str = ""
    hours: tuple[str, ...] = ()
    rotation: int = 0
    exchanges: tuple[str, ...] = ()
    """The names of those with a URL."""
    proof: tuple[str, ...] = ()
    """The sinks."""
    web_port: int | None = None
    """Of the local page, when the network may reach it."""
    brand_colour: str = "#10151f"
    output: Output | None = None

    @classmethod
    def of(cls, config: Config, version: str, output: Output) -> CardSaid:
        """From the configuration of this screen."""
        screen, web = config.screen, config.web
        return cls(
            screen_id=screen.id,
            venue=screen.venue_name or screen.venue,
            version=version,
            timezone=screen.timezone,
            hours=screen.hours,
            rotation=screen.rotation,
            exchanges=tuple(exchange.name for exchange in config.exchange if exchange.url),
            proof=config.proof.sinks(),
            web_port=web.port if web.enabled and web.host == "lan" else None,
            brand_colour=config.layout.brand_colour,
            output=output,
        )

    @property
    def named(self) -> bool:
        """True when somebody has given the screen its id."""
        return self.screen_id != _NO_NAME

    def local(self, at: datetime) -> datetime:
        """``at`` on the screen's wall clock."""
        return at.astimezone(zone_of(self.timezone))
