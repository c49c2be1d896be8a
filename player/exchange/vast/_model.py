"""A VAST document as this player sees it: what may be shown, what must be called, where to look further."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tracker:
    """One ``Tracking`` URL (VAST 4.2 §3.14). ``progress`` has its place, in time or in percent of the ad's length."""

    event: str
    url: str
    at_ms: int | None = None
    at_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """What one ``InLine`` or ``Wrapper`` wants called, macros unfilled."""

    errors: tuple[str, ...] = ()
    impressions: tuple[str, ...] = ()
    trackers: tuple[Tracker, ...] = ()
    viewable: tuple[str, ...] = ()
    not_viewable: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()
    not_executed: tuple[str, ...] = ()
    """Of ``AdVerifications`` (VAST 4.2 §3.16)."""


@dataclass(frozen=True, slots=True)
class Pricing:
    """``Pricing`` (VAST 4.2 §3.4); only a CPM says what a play is worth."""

    cpm: Decimal
    currency: str | None


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One ``MediaFile`` (VAST 4.2 §3.9.1) as it is described; descriptions lie. 0 is unknown."""

    url: str
    mime: str
    streamed: bool
    width: int
    height: int
    kbps: int
    framework: str
    """``apiFramework``: such a file is a program, not a film."""


@dataclass(frozen=True, slots=True)
class Linear:
    """One ``Linear`` creative."""

    creative_id: str | None
    universal_ids: tuple[str, ...]
    """``registry value``."""
    duration_ms: int | None
    files: tuple[MediaFile, ...]
    named_files: int
    """How many ``MediaFile`` elements there were, with an address or without."""
    interactive: bool
    """There is an ``InteractiveCreativeFile`` (SIMID)."""
    trackers: tuple[Tracker, ...]


@dataclass(frozen=True, slots=True)
class InLine:
    """An ad itself (VAST 4.2 §3.4)."""

    calls: Calls
    """Without the trackers of its linear creatives."""
    title: str | None
    advertiser: str | None
    categories: tuple[str, ...]
    pricing: Pricing | None
    expires_s: int | None
    serving_id: str | None
    linears: tuple[Linear, ...]
    has_nonlinear: bool
    has_companions: bool
    companions_required: bool


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A reference to another VAST document (VAST 4.2 §3.19)."""

    calls: Calls
    uri: str | None
    uri_as_written: str
    follow: bool
    """``followAdditionalWrappers``: may what comes be a wrapper again?"""
    multiple: bool
    """``allowMultipleAds``: may a pod come?"""
    fallback: bool | None
    """``fallbackOnNoAd``."""
    blocked: tuple[str, ...]
    """``BlockedAdCategories``."""
    pricing: Pricing | None


@dataclass(frozen=True, slots=True)
class Ad:
    """One ``Ad``; ``part`` is None when it is neither ``InLine`` nor ``Wrapper``."""

    ad_id: str | None
    sequence: int | None
    conditional: bool
    kind: str
    """``adType``: video, audio or hybrid."""
    part: InLine | Wrapper | None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole VAST response."""

    version: str
    ads: tuple[Ad, ...]
    errors: tuple[str, ...]
    """Of the root: called when there is no ad (VAST 4.2 §3.2.1)."""
    mended: bool
