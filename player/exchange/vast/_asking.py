"""One ad request, as far as judging its answer needs it; and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from config import Code, ExchangeConfig, OohError
from player.exchange._shapes import Answer, Opportunity, ScreenIdentity
from player.exchange.vast._codes import VastCode, room_code
from player.exchange.vast._macros import screen_values


@dataclass(frozen=True, slots=True)
class VastAsking:
    """Who asks for what."""

    exchange: str
    request_id: str
    opportunity: Opportunity
    at: datetime
    values: Mapping[str, str]
    """Macros that are known now."""
    currency: str = "USD"
    floor_cpm: Decimal = Decimal(0)
    multiplier: float = 1.0
    dialect: str = "vast"
    """Of the leases: who is asked what to call when they ended."""

    @classmethod
    def of(
        cls,
        config: ExchangeConfig,
        screen: ScreenIdentity,
        opportunity: Opportunity,
        request_id: str,
        at: datetime,
        dialect: str = "vast",
    ) -> VastAsking:
        """What an ``[exchange]`` table asks of VAST, whether a tag's answer or the markup of a bid."""
        configured = Decimal(str(config.floor_cpm))
        return cls(
            exchange=config.name,
            request_id=request_id,
            opportunity=opportunity,
            at=at,
            values=screen_values(screen, opportunity, request_id, config.domain),
            currency=config.currency,
            floor_cpm=configured if opportunity.floor_cpm is None else opportunity.floor_cpm,
            multiplier=config.multiplier,
            dialect=dialect,
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an ad is not taken: the standard's code, and the facts in plain words."""

    code: VastCode
    detail: str
    ad_id: str | None = None
    by_rule: bool = False
    """An operator's rule refuses it."""

    @property
    def room_code(self) -> Code:
        """The player's own code, for logs and ``exchange try``."""
        return Code.EXCHANGE_RULES if self.by_rule else room_code(self.code)


@dataclass(frozen=True, slots=True)
class VastReading:
    """An answer as read, and plain sentences on what was taken, what was not and what was odd."""

    result: Answer | OohError
    reasons: tuple[str, ...] = ()
