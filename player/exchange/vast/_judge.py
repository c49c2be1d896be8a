"""Whether an ``InLine`` ad can be shown here, and if so as what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from player.exchange._categories import lineage
from player.exchange._rules import Advert, Rule, domains_in
from player.exchange.vast._asking import Failure, VastAsking
from player.exchange.vast._codes import VastCode
from player.exchange.vast._media import choose, is_program
from player.exchange.vast._model import Ad, InLine, Linear, MediaFile, Pricing, Wrapper

_BY_RULE = {Rule.CATEGORY: VastCode.CATEGORY_BLOCKED, Rule.LENGTH: VastCode.DURATION}
_TIERED = re.compile(r"IAB\d{1,2}(?:-\d{1,3})?", re.IGNORECASE)
_CONTENT_2 = 2
"""AdCOM's number for the Content Taxonomy 2.0; VAST names an authority, and no edition."""


@dataclass(frozen=True, slots=True)
class Sound:
    """An ad that can be shown."""

    linear: Linear
    files: tuple[MediaFile, ...]
    """To try, best first."""
    duration_ms: int
    pricing: Pricing | None


def judge(ad: Ad, inline: InLine, above: Sequence[Wrapper], asking: VastAsking) -> Sound | Failure:
    """``above``: its wrappers, outermost first."""
    refused = _blocked(inline, above)
    if refused is not None:
        return refused
    if inline.companions_required:
        return Failure(VastCode.COMPANION_REQUIRED, "its companions must be shown beside it")
    found = _playable(inline, asking)
    if isinstance(found, Failure):
        return found
    linear, files = found
    duration_ms = linear.duration_ms or asking.opportunity.duration_ms
    if not asking.opportunity.min_ms <= duration_ms <= asking.opportunity.max_ms:
        return Failure(VastCode.DURATION, f"its length of {duration_ms} ms is outside the limits")
    creative_id = linear.creative_id or ad.ad_id
    advert = Advert(
        domains=domains_in([inline.advertiser]) if inline.advertiser and "." in inline.advertiser else (),
        categories=tuple(category_of(one) for one in inline.categories),
        creative_id=creative_id,
        duration_ms=duration_ms,
    )
    breach = asking.opportunity.rules.breach(advert)
    if breach is not None:
        return Failure(_BY_RULE.get(breach.rule, VastCode.AD_TYPE), breach.detail, by_rule=True)
    price = next((one for one in (inline.pricing, *(hop.pricing for hop in reversed(above))) if one), None)
    return _too_cheap(price, asking) or Sound(linear, files, duration_ms, price)


def category_of(written: str) -> tuple[int, str]:
    """A category as rules know it; VAST writes the code alone, or with its name behind."""
    tiered = _TIERED.match(written)
    return (1, tiered[0].upper()) if tiered is not None else (_CONTENT_2, written.split(maxsplit=1)[0])


def _blocked(inline: InLine, above: Sequence[Wrapper]) -> Failure | None:
    """``BlockedAdCategories`` of any wrapper (VAST 4.2 §3.19.2)."""
    blocked = {category_of(code) for hop in above for code in hop.blocked}
    for one in (category_of(code) for code in inline.categories):
        if not lineage(*one).isdisjoint(blocked):
            return Failure(VastCode.CATEGORY_BLOCKED, f"its category {one[1][:20]} is blocked by a wrapper")
    return None


def _playable(inline: InLine, asking: VastAsking) -> tuple[Linear, tuple[MediaFile, ...]] | Failure:
    for linear in inline.linears:
        files = choose(linear.files, asking.opportunity)
        if files:
            return linear, files
    if not inline.linears:
        if inline.has_nonlinear:
            return Failure(VastCode.LINEARITY, "it is an overlay (NonLinear)")
        if inline.has_companions:
            return Failure(VastCode.COMPANION, "it has companions alone")
        return Failure(VastCode.SCHEMA, "it has no creative")
    files = tuple(file for linear in inline.linears for file in linear.files)
    named = sum(linear.named_files for linear in inline.linears)
    if not named and any(linear.interactive for linear in inline.linears):
        return Failure(VastCode.INTERACTIVE, "it is a program alone (InteractiveCreativeFile)")
    if named and not files:
        return Failure(VastCode.FILE_NOT_FOUND, "its media files have no address")
    if any(is_program(file) for file in files) and all(is_program(file) for file in files):
        return Failure(VastCode.VPAID, "it is a program alone (VPAID)")
    types = ", ".join(sorted({file.mime or "no type" for file in files}))[:200]
    return Failure(VastCode.NO_MEDIA, f"it has no media file of a type that is shown here ({types or 'none at all'})")


def _too_cheap(price: Pricing | None, asking: VastAsking) -> Failure | None:
    """A price in another currency cannot be compared; an ad without one was agreed on elsewhere."""
    if price is None or asking.floor_cpm <= Decimal(0):
        return None
    currency = price.currency or asking.currency
    if currency != asking.currency:
        return Failure(VastCode.UNDEFINED, f"its price is in {currency}, the floor in {asking.currency}")
    if price.cpm < asking.floor_cpm:
        return Failure(VastCode.UNDEFINED, f"its price {price.cpm} is under the floor {asking.floor_cpm}")
    return None
