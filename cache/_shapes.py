"""The shapes that cross the meeting point of agent and screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from cache._clock import ClockState
from config import PanelKind, Rect, Size, SlotKind

PLAY_SCHEMA = "ooh.play/1"

EndReason = Literal["complete", "cut", "error", "crash", "screen_off"]
DisplayState = Literal["on", "off", "unknown"]


class LeaseState(StrEnum):
    """The life of an ad (DESIGN section 4); delivery has states of its own, per sink."""

    OFFERED = "OFFERED"
    CACHED = "CACHED"
    PREPARED = "PREPARED"
    PLAYING = "PLAYING"
    PLAYED = "PLAYED"
    RELEASED = "RELEASED"
    FAILED = "FAILED"


class DeliveryState(StrEnum):
    """What became of a play at one sink."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    EXPIRED = "EXPIRED"
    SET_ASIDE = "SET_ASIDE"


@dataclass(frozen=True, slots=True)
class Beacon:
    """One HTTP call that the exchange asked for. ``kind``: impression, billing, expiration, error, loss …"""

    kind: str
    url: str
    method: Literal["GET", "POST"] = "GET"
    body: str | None = None
    content_type: str | None = None
    window_s: int | None = None
    """How long it is worth calling, seconds; None: the journal's own."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The exchange's permission to show one ad. Unknown is ``None``."""

    lease_id: str
    """Ours: a UUIDv7 made when the bid was accepted."""
    exchange: str
    request_id: str
    imp_id: str
    creative_url: str
    not_before: datetime
    expires_at: datetime
    duration_ms: int
    bid_id: str | None = None
    deal_id: str | None = None
    creative_id: str | None = None
    campaign_id: str | None = None
    advertiser_domain: str | None = None
    price: str | None = None
    """CPM as a decimal string, in ``currency``."""
    currency: str | None = None
    multiplier: float | None = None
    """Impressions (people) that one play counts for."""
    width: int | None = None
    height: int | None = None
    alternatives: tuple[str, ...] = ()
    """Other addresses of the same creative, best first: each is tried when what came before it is refused."""
    markup: str | None = None
    """The creative itself, or the address of its page, when the exchange sent HTML; ``creative_url`` is then empty."""
    billable_fraction: float | None = None
    """The part of ``duration_ms`` that must be shown to bill; ``None``: all of it, within 500 ms."""
    on_won: tuple[Beacon, ...] = ()
    """Called when the lease was accepted."""
    on_shown: tuple[Beacon, ...] = ()
    """What the dialect calls after a billable play."""
    on_released: tuple[Beacon, ...] = ()
    """What the dialect calls when it was not shown."""
    dialect: str = "openrtb"
    """Who knows what to call: see ``player.exchange``."""
    memo: str | None = None
    """The dialect's own notes for that, opaque to everybody else."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A creative prepared for one geometry: where its file is in the store and what is in it."""

    key: str
    """sha256 of creative, geometry and recipe: the same three give the same plate."""
    plate_sha256: str
    creative_sha256: str
    kind: Literal["still", "animation", "video"]
    source_size: Size
    screen_size: Size
    creative_rect: Rect
    panel_rects: tuple[tuple[PanelKind, Rect], ...]
    """Every panel of the layout as if all had data; the screen refills the area with those that have."""
    panel_area: Rect | None
    """What the creative leaves for panels, or None."""
    scale: float
    frames: int
    duration_ms: int
    """One run of an animation or a video; 0 for a still."""
    size_bytes: int
    warnings: tuple[str, ...] = ()
    loops: int = 0
    """How often the creative asks to run before its last frame stays; 0: for ever."""


@dataclass(frozen=True, slots=True)
class ReadyAd:
    """A lease whose plate exists: what the screen may show now."""

    lease: Lease
    plate: Plate


@dataclass(frozen=True, slots=True)
class HouseAd:
    """One of the operator's own creatives, prepared."""

    name: str
    """The file's name; the record's ``creative_id``."""
    plate: Plate


@dataclass(frozen=True, slots=True)
class FeedSnapshot:
    """The last good answer of a feed, in the panel's own terms (shapes: ``docs/feeds.md``)."""

    kind: PanelKind
    fetched_at: datetime
    max_age_ms: int
    attribution: str
    data: dict[str, Any]

    def fresh(self, now: datetime) -> bool:
        """False once it is older than its maximum age, or from the future by more than that."""
        return abs((now - self.fetched_at).total_seconds()) * 1000 <= self.max_age_ms


@dataclass(frozen=True, slots=True)
class PlayLayout:
    """What the record says of the layout."""

    creative: tuple[int, int, int, int] | None
    panels: tuple[str, ...]
    scale: float | None


@dataclass(frozen=True, slots=True)
class PlayStart:
    """What is known when the first frame was presented. Identity fields are empty for house and content."""

    id: str
    """UUIDv7, made before the play."""
    kind: SlotKind
    planned_ms: int
    started_at: datetime
    started_ns: int
    """Monotonic, after the present call returned."""
    boot_id: str
    layout: PlayLayout
    clock: ClockState
    display: DisplayState
    display_evidence: str | None
    lease: Lease | None = None
    creative_id: str | None = None
    creative_sha256: str | None = None
    plate_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class PlayEnd:
    """What is known when the last frame was presented."""

    ended_at: datetime | None
    shown_ms: int | None
    frames_presented: int | None
    frames_late: int | None
    end_reason: EndReason


@dataclass(frozen=True, slots=True)
class Play:
    """Proof of play: the record, field for field as it is delivered (DESIGN section 5, ``ooh.play/1``)."""

    id: str
    seq: int
    schema: str
    screen_id: str
    venue_id: str | None
    player_version: str
    boot_id: str
    kind: SlotKind
    exchange: str | None
    request_id: str | None
    lease_id: str | None
    imp_id: str | None
    bid_id: str | None
    deal_id: str | None
    creative_id: str | None
    campaign_id: str | None
    advertiser_domain: str | None
    price: str | None
    currency: str | None
    multiplier: float | None
    creative_sha256: str | None
    plate_sha256: str | None
    layout: PlayLayout
    started_at: str
    ended_at: str | None
    planned_ms: int
    shown_ms: int | None
    frames_presented: int | None
    frames_late: int | None
    end_reason: EndReason
    billable: bool
    display: DisplayState
    display_evidence: str | None
    clock: ClockState
    prev_hash: str | None
    hash: str | None
    key_id: str | None
    signature: str | None


@dataclass(frozen=True, slots=True)
class QueuedPlay:
    """A play that waits for one sink: ``record`` is its JSON, without the newline."""

    play_id: str
    seq: int
    record: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sink's acknowledgement of one play."""

    play_id: str
    shard_id: str | None
    sequence_number: str


@dataclass(frozen=True, slots=True)
class QueueState:
    """One sink's queue: counts by state, and the age of the oldest that waits."""

    pending: int
    delivered: int
    expired: int
    set_aside: int
    oldest_pending_at: str | None


@dataclass(frozen=True, slots=True)
class QueuedBeacon:
    """A beacon that waits to be called."""

    beacon_id: int
    lease_id: str
    kind: str
    url: str
    attempts: int
    not_after: datetime
    method: Literal["GET", "POST"] = "GET"
    body: str | None = None
    content_type: str | None = None
    error: str | None = None
    """What the last attempt met."""
