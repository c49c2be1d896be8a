"""One advertisement of an answer: judged, and turned into a lease."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cache import Beacon, Lease
from config import Code
from player import _loose as loose
from player.exchange._rules import Advert, domains_in
from player.exchange._shapes import HTML, Refusal
from player.exchange._url import LONGEST_URL, web_url
from player.exchange.vistar._request import WINDOW_S, Asked

PROOF = "proof"
EXPIRATION = "expiration"
ONE_TO_ONE_MS = 2_000
"""One person, one screen: an ad counts once it was on the screen for 2 s ("Integration FAQ": when to hit the PoP)."""

_MOST_SPARE = timedelta(seconds=30)
"""How much sooner than the server's the lease ends here: what was not shown is given back while that is still taken."""
_LONGEST_ID = 512
_SURELY_MS = 5_000
_SURELY_S = 600
_SURELY_EPOCH_MS = 100_000_000_000
_PAGES = frozenset({HTML, "application/xhtml+xml", "application/html", "text/html5"})


@dataclass(frozen=True, slots=True)
class Refused:
    """An advertisement that is not taken; ``notices`` give its lease back."""

    refusal: Refusal
    notices: tuple[Beacon, ...]


def judge(node: loose.Node, asked: Asked, lease_id: str) -> Lease | Refused:
    """The lease, or why there is none. Total: any JSON object gives one or the other."""
    ad_id = loose.text(node, "id", _LONGEST_ID) or loose.text(node, "lease_id", _LONGEST_ID)
    ends_at = _ends_at(node, asked)
    expiration = _beacon(EXPIRATION, node, "expiration_url", ends_at, asked)

    def refuse(code: Code, why: str) -> Refused:
        return Refused(Refusal(ad_id, code, why), expiration)

    asset_url = web_url(loose.text(node, "asset_url", LONGEST_URL))
    if asset_url is None:
        return refuse(Code.EXCHANGE_NO_CREATIVE, "it has no asset_url that is a web address")
    proof = _beacon(PROOF, node, "proof_of_play_url", ends_at, asked)
    if not proof:
        return refuse(Code.EXCHANGE_INVALID, "it has no proof_of_play_url that is a web address")
    duration_ms = length_ms(node) or asked.opportunity.duration_ms
    if not asked.opportunity.min_ms <= duration_ms <= asked.opportunity.max_ms:
        return refuse(Code.EXCHANGE_INVALID, f"its length of {duration_ms} ms is outside the limits")
    shown_by = ends_at - _spare(ends_at - asked.at)
    if shown_by <= asked.at + timedelta(milliseconds=duration_ms):
        left_s = round((ends_at - asked.at).total_seconds())
        return refuse(Code.LEASE_EXPIRED, f"its lease leaves {left_s} s, by this screen's clock: too few to show it")
    price = _price(node)
    if price is not None and price < asked.floor_cpm:
        return refuse(Code.EXCHANGE_INVALID, f"its price {price:f} is under the floor {asked.floor_cpm:f}")
    breach = asked.opportunity.rules.breach(_advert(node, duration_ms))
    if breach is not None:
        return refuse(Code.EXCHANGE_RULES, breach.detail)
    is_page = mime(node) in _PAGES
    return Lease(
        lease_id=lease_id,
        exchange=asked.exchange,
        request_id=asked.request_id,
        imp_id=asked.area,
        creative_url="" if is_page else asset_url,
        markup=asset_url if is_page else None,
        not_before=asked.at,
        expires_at=min(shown_by, asked.at + timedelta(seconds=asked.opportunity.hold_s)),
        duration_ms=duration_ms,
        bid_id=ad_id,
        deal_id=loose.text(node, "deal_id", _LONGEST_ID),
        creative_id=loose.text(node, "creative_id", _LONGEST_ID) or loose.text(node, "asset_id", _LONGEST_ID),
        campaign_id=loose.text(node, "campaign_id", _LONGEST_ID),
        advertiser_domain=next(iter(_domains(node)), None),
        price=None if price is None else f"{price:f}",
        currency=None if price is None else (loose.text(node, "currency", 3) or asked.currency),
        multiplier=asked.multiplier,
        width=loose.whole(node, "width", 1, 99_999),
        height=loose.whole(node, "height", 1, 99_999),
        billable_fraction=min(1.0, ONE_TO_ONE_MS / duration_ms) if asked.one_to_one else asked.fraction,
        on_shown=proof,
        on_released=expiration,
        dialect="vistar",
        memo=json.dumps({"ends_at": round(ends_at.timestamp()), "test": asked.test}, separators=(",", ":")),
    )


def length_ms(node: loose.Node) -> int | None:
    """Milliseconds win over seconds, as they are more exact; each is read as the other where it can only be that."""
    in_ms = loose.number(node, "length_in_milliseconds")
    in_s = loose.number(node, "length_in_seconds")
    if in_ms is not None and in_ms > 0 and not (in_ms <= _SURELY_S and in_ms == in_s):
        return round(in_ms * 1000) if in_ms < 100 and not in_s else round(in_ms)
    if in_s is not None and in_s > 0:
        return round(in_s if in_s >= _SURELY_MS else in_s * 1000)
    return None


def mime(node: loose.Node) -> str:
    """What the server calls the asset, under either of the API's spellings; the bytes decide what it is."""
    written = loose.text(node, "mime_type", 200) or loose.text(node, "mimeType", 200) or ""
    return written.partition(";")[0].strip().lower()


def _ends_at(node: loose.Node, asked: Asked) -> datetime:
    """When proof and expiration stop to be taken: the lease's expiry, at most 15 minutes after the display time."""
    latest = asked.display_time + WINDOW_S
    written = loose.number(node, "lease_expiry") or loose.number(node, "expiration")
    if written is not None and written > 0:
        latest = min(latest, int(written / 1000 if written >= _SURELY_EPOCH_MS else written))
    return datetime.fromtimestamp(latest, UTC)


def _spare(left: timedelta) -> timedelta:
    return max(timedelta(0), min(_MOST_SPARE, left / 10))


def _beacon(kind: str, node: loose.Node, key: str, ends_at: datetime, asked: Asked) -> tuple[Beacon, ...]:
    url = web_url(loose.text(node, key, LONGEST_URL))
    window_s = max(1, round((ends_at - asked.at).total_seconds()))
    return () if url is None else (Beacon(kind, url, window_s=window_s),)


def _price(node: loose.Node) -> Decimal | None:
    """CPM; the API does not promise one."""
    cents = loose.number(node, "cpm_cents")
    price = loose.number(node, "cpm") if cents is None else cents / 100
    return price if price is not None and price >= 0 else None


def _domains(node: loose.Node) -> tuple[str, ...]:
    """An advertiser is a name; only when it is written as a domain is it one."""
    written = [loose.text(node, "advertiser_domain", 255), loose.text(node, "advertiser", 255)]
    return tuple(one for one in domains_in(written) if "." in one.strip(".")) if any(written) else ()


def _advert(node: loose.Node, duration_ms: int) -> Advert:
    category = (loose.text(node, "creative_category", 40) or "").upper()
    return Advert(
        domains=_domains(node),
        categories=((1, category),) if category.startswith("IAB") else (),
        creative_id=loose.text(node, "creative_id", _LONGEST_ID) or loose.text(node, "asset_id", _LONGEST_ID),
        duration_ms=duration_ms,
        audio_only=mime(node).startswith("audio/"),
    )
