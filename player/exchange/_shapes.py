"""What is asked of an exchange and what it answers, whatever its dialect."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from cache import Beacon, Lease
from config import Code, OohError, ScreenConfig, Size
from player.exchange._rules import NO_RULES, Rules

WEB_FORMATS = (
    Size(300, 250),
    Size(728, 90),
    Size(160, 600),
    Size(300, 600),
    Size(320, 50),
    Size(970, 250),
    Size(1080, 1920),
    Size(1920, 1080),
)
"""The sizes that advertisers book: the IAB's common banners and the two full screens."""

MIMES = ("image/jpeg", "image/png", "image/webp", "image/gif")
"""What ``renderer.prepare`` turns into plates on every machine."""

HTML = "text/html"
"""Pages: where there is a browser to draw them with."""


VIDEO_MIMES = ("video/mp4", "video/webm", "video/quicktime")
"""Containers that ``renderer.prepare`` turns into plates."""


HOLD_S = 900
"""How long a lease is kept at most when nothing else is said, seconds."""


@dataclass(frozen=True, slots=True)
class ScreenIdentity:
    """Who asks: the screen as exchanges know it. Empty and None are unknown and are not sent."""

    screen_id: str
    venue: str
    venue_types: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    timezone: str
    player_version: str
    venue_name: str = ""
    venue_taxonomy: int = 1
    """AdCOM 1.0, list "DOOH Venue Taxonomies"."""
    ppi: int = 0

    @classmethod
    def of(cls, screen: ScreenConfig, player_version: str) -> ScreenIdentity:
        """From the configuration's ``[screen]``."""
        return cls(
            screen_id=screen.id,
            venue=screen.venue,
            venue_types=screen.venue_types,
            latitude=screen.latitude,
            longitude=screen.longitude,
            timezone=screen.timezone,
            player_version=player_version,
            venue_name=screen.venue_name,
            venue_taxonomy=screen.venue_taxonomy,
            ppi=screen.ppi,
        )


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What the screen can show: what one ad request asks for."""

    screen: Size
    """After rotation, what viewers see."""
    duration_ms: int
    """The slot's length: how long an ad without a length of its own is shown."""
    count: int = 1
    """How many leases are wanted."""
    min_ms: int = 1_000
    max_ms: int = 600_000
    """An ad that brings its own length must be within these."""
    show_in_ms: int = 0
    """When the first of them is likely to come on, from now."""
    hold_s: int = HOLD_S
    """How long a lease is kept at most; a bid may end it sooner."""
    floor_cpm: Decimal | None = None
    """Lowest price; None: the exchange's configured floor."""
    formats: tuple[Size, ...] = WEB_FORMATS
    mimes: tuple[str, ...] = MIMES
    video_mimes: tuple[str, ...] = VIDEO_MIMES
    """Empty: no videos."""
    rules: Rules = NO_RULES
    """The operator's: what is told to exchanges, and what their answers are judged by."""

    @property
    def longest_ms(self) -> int:
        """The longest ad that is taken, the operator's rule included."""
        return self.max_ms if self.rules.max_ms is None else min(self.max_ms, self.rules.max_ms)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A bid that was not taken, and why."""

    bid_id: str | None
    code: Code
    detail: str


@dataclass(frozen=True, slots=True)
class Offered:
    """At least one lease; ``notices`` are to be called now: losses of outbid or refused bids."""

    leases: tuple[Lease, ...]
    notices: tuple[Beacon, ...] = ()
    refused: tuple[Refusal, ...] = ()


class RefusedError(OohError):
    """Every bid of an answer was refused; ``notices`` tell their bidders why."""

    def __init__(self, code: Code, detail: str, notices: tuple[Beacon, ...]) -> None:
        super().__init__(code, detail)
        self.notices = notices


@dataclass(frozen=True, slots=True)
class NoFill:
    """The exchange has no ad now; ``notices`` are to be called at once."""

    reason: str
    notices: tuple[Beacon, ...] = ()


Answer = Offered | NoFill


@dataclass(frozen=True, slots=True)
class Explanation:
    """One ask with everything that a person needs to understand it (``exchange try``)."""

    exchange: str
    url: str
    request: bytes
    """The JSON as sent."""
    status: int | None
    """None when there was no answer."""
    answer: bytes
    result: Answer | OohError
    reasons: tuple[str, ...]
    """Plain sentences: what was taken, what was refused, what was odd."""
    elapsed_ms: int


class Exchange(Protocol):
    """A programmatic exchange: ask → leases."""

    @property
    def name(self) -> str:
        """What logs and records call it."""

    def ask(self, opportunity: Opportunity) -> Answer:
        """Ask once. Raises ``OohError``: EXCHANGE_INVALID, EXCHANGE_UNKNOWN_IMP, EXCHANGE_NO_CREATIVE
        (``RefusedError`` when there were bids), EXCHANGE_UNAVAILABLE;
        ``player.backoff.ThrottledError`` (EXCHANGE_THROTTLED) with ``retry_after_s``.
        """


class ExplainingExchange(Exchange, Protocol):
    """An exchange that can also say what it asked and was told."""

    def explain(self, opportunity: Opportunity) -> Explanation:
        """Ask once and tell everything: no notice is called, no lease is kept. Never raises an ``OohError``."""
