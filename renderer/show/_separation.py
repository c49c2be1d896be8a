"""Which paid ad comes next: soonest to lapse first, an advertiser's ads kept apart, no creative twice in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cache import Lease, Play, ReadyAd

_MOST_REMEMBERED = 200
_NS_PER_MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A paid ad that was on: whose, which, and until when (monotonic)."""

    advertiser: str
    creative: str
    until_ns: int


@dataclass(frozen=True, slots=True)
class Pick:
    """A paid ad, and whether it keeps its distance."""

    ad: ReadyAd
    apart: bool


def advertiser_of(lease: Lease) -> str:
    """Who advertises: the domain (OpenRTB 2.6 3.2.23 ``adomain``), else what tells one campaign from another."""
    return (lease.advertiser_domain or lease.campaign_id or creative_of(lease)).lower()


def creative_of(lease: Lease) -> str:
    """Which creative it is, as well as the exchange says."""
    return lease.creative_id or lease.creative_url or lease.lease_id


def shown_before(plays: Sequence[Play], now: datetime, now_ns: int) -> tuple[Shown, ...]:
    """What was on before this process: by the plays' wall times, which are what is left of them."""
    found = []
    for play in plays:
        advertiser = play.advertiser_domain or play.campaign_id or play.creative_id or play.lease_id or ""
        ended = datetime.fromisoformat(play.ended_at or play.started_at)
        age_ns = max(0, round((now - ended).total_seconds() * 1e9))
        found.append(Shown(advertiser.lower(), play.creative_id or play.lease_id or "", now_ns - age_ns))
    return tuple(found)


def pick(ads: Sequence[ReadyAd], shown: Sequence[Shown], separation_ms: int, at_ns: int) -> Pick | None:
    """The paid ad for a slot that begins ``at_ns``; None without ads.

    One that keeps its distance comes before one that does not; then another creative than the last before the same
    again; then the one whose window closes first, for a lease that is not shown earns nothing; then the order of offer.
    """
    close = _close(shown, separation_ms, at_ns)
    last = shown[-1].creative if shown else None

    def order(ad: ReadyAd) -> tuple[bool, bool, float]:
        lease = ad.lease
        latest_start_s = lease.expires_at.timestamp() - lease.duration_ms / 1000
        return advertiser_of(lease) in close, creative_of(lease) == last, latest_start_s

    best = min(ads, key=order, default=None)
    return None if best is None else Pick(best, advertiser_of(best.lease) not in close)


def remembered(shown: tuple[Shown, ...], lease: Lease, separation_ms: int, at_ns: int) -> tuple[Shown, ...]:
    """``shown`` with this ad at its end, less what is so long ago that it does not matter."""
    until_ns = at_ns + lease.duration_ms * _NS_PER_MS
    kept = [one for one in shown if at_ns - one.until_ns < separation_ms * _NS_PER_MS]
    return (*kept[1 - _MOST_REMEMBERED :], Shown(advertiser_of(lease), creative_of(lease), until_ns))


def _close(shown: Sequence[Shown], separation_ms: int, at_ns: int) -> set[str]:
    """The advertisers that were on too lately."""
    if separation_ms == 0:
        return set()
    return {one.advertiser for one in shown if at_ns - one.until_ns < separation_ms * _NS_PER_MS}
