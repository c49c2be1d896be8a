"""One bid of an OpenRTB answer: judged, and turned into a lease."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from cache import Beacon, Lease
from config import Code, Size
from player import _loose as loose
from player.exchange._rules import Advert, category, domains_in
from player.exchange._shapes import Refusal
from player.exchange._url import LONGEST_URL, web_url
from player.exchange.openrtb import _macros as macros
from player.exchange.openrtb._creative import LONGEST_MARKUP, Creative, creative_in, declared_size
from player.exchange.openrtb._loss import BY_RULE, Loss
from player.exchange.openrtb._page import anonymous
from player.exchange.openrtb._request import Asked

_LONGEST_ID = 512
_SURELY_MS = 5_000
_AUDIO = 3
_MOST_LISTED = 100
_CLOCK = re.compile(r"(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,3})?)")


@dataclass(frozen=True, slots=True)
class Refused:
    """A bid that is not taken, with the notice that tells its bidder."""

    refusal: Refusal
    notices: tuple[Beacon, ...]


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid that could be taken."""

    node: loose.Node
    bid_id: str | None
    imp_id: str
    price: Decimal
    duration_ms: int
    deal_id: str | None
    auction: macros.Auction
    creative: Creative | None = None
    """None: its markup comes with the answer to its win notice (OpenRTB 2.6 §4.3.1)."""
    told: bool = False
    """Its win notice was called."""

    @property
    def size(self) -> Size | None:
        """As the bid, or its markup, says."""
        return self.creative.size if self.creative is not None else declared_size(self.node)

    def fit(self, screen: Size) -> tuple[float, int]:
        """How well its size suits the screen, to compare: the part it fills when enlarged, then its own pixels."""
        size = self.size
        if size is None:
            return 0.0, 0
        scale = min(screen.w / size.w, screen.h / size.h)
        return round(scale * scale * size.pixels / screen.pixels, 3), min(size.pixels, screen.pixels)

    def win_url(self) -> str | None:
        """What to call when it wins."""
        url = web_url(loose.text(self.node, "nurl", LONGEST_URL))
        return None if url is None else self.auction.resolve(url, Loss.WON)

    def loss(self, reason: Loss, min_to_win: Decimal | None = None) -> tuple[Beacon, ...]:
        """The loss notice; what it would have taken is told only to one that lost by its price."""
        return _loss(self.node, replace(self.auction, cleared=False, min_to_win=min_to_win), reason)

    def refused(self, code: Code, reason: Loss, why: str) -> Refused:
        """The same bid, not taken."""
        return Refused(Refusal(self.bid_id, code, why), self.loss(reason))

    def dressed(self, markup: str | None, asked: Asked) -> Bid | Refused:
        """With its creative, from its markup and whatever else it names."""
        found = creative_in(self.node, markup, asked.opportunity)
        if isinstance(found, Creative):
            return replace(self, creative=found)
        reason = Loss.FORMAT if markup else Loss.NO_MARKUP
        return self.refused(Code.EXCHANGE_NO_CREATIVE, reason, found)

    def lease(self, asked: Asked, lease_id: str, min_to_win: Decimal) -> Lease:
        """The lease, should this bid win; ``min_to_win`` is what would have tied with the next best."""
        bid = replace(self, auction=replace(self.auction, min_to_win=min_to_win))
        creative, size = bid.creative or Creative(), bid.size
        burl = web_url(loose.text(bid.node, "burl", LONGEST_URL))
        lurl = web_url(loose.text(bid.node, "lurl", LONGEST_URL))
        nurl = None if bid.told else bid.win_url()
        shown = [("impression", pixel) for pixel in creative.pixels] + ([("billing", burl)] if burl else [])
        return Lease(
            lease_id=lease_id,
            exchange=asked.exchange,
            request_id=asked.request_id,
            imp_id=bid.imp_id,
            creative_url=bid.auction.resolve(creative.image, Loss.WON),
            markup=_same_page(creative.page, bid),
            not_before=asked.at,
            expires_at=asked.at + timedelta(seconds=_hold_s(bid.node, asked)),
            duration_ms=bid.duration_ms,
            bid_id=bid.bid_id,
            deal_id=bid.deal_id,
            creative_id=creative_id(bid.node),
            campaign_id=loose.text(bid.node, "cid", _LONGEST_ID),
            advertiser_domain=next((one for one in _domains(bid.node) if len(one) <= 255), None),
            price=macros.plain(bid.price),
            currency=asked.currency,
            multiplier=float(asked.multiplier),
            width=size.w if size else None,
            height=size.h if size else None,
            on_won=() if nurl is None else (Beacon("win", nurl),),
            on_shown=tuple(Beacon(kind, bid.auction.resolve_shown(url)) for kind, url in shown),
            on_released=() if lurl is None else (Beacon("loss", bid.auction.resolve_released(lurl)),),
        )


def judge(node: loose.Node, seat: str, answer_id: str | None, asked: Asked, meant: str | None = None) -> Bid | Refused:
    """Whether a bid could be taken. Total: any JSON object gives one or the other.

    ``meant``: an ``impid`` that stands for the only impression asked for, whatever it says.
    """
    imp_id = loose.text(node, "impid", _LONGEST_ID) or ""
    if imp_id == meant:
        imp_id = asked.imp_ids[0]
    bid_id = loose.text(node, "id", _LONGEST_ID)
    price = loose.number(node, "price")
    auction = macros.Auction(
        request_id=asked.request_id,
        bid_id=answer_id or bid_id or "",
        imp_id=imp_id,
        seat_id=seat,
        ad_id=loose.text(node, "adid", _LONGEST_ID) or "",
        price=price or Decimal(0),
        currency=asked.currency,
        multiplier=asked.multiplier,
    )
    deal_id = loose.text(node, "dealid", _LONGEST_ID)
    bid = Bid(node, bid_id, imp_id, price or Decimal(0), _duration_ms(node, asked), deal_id, auction)
    if imp_id not in asked.imp_ids:
        return bid.refused(Code.EXCHANGE_UNKNOWN_IMP, Loss.INVALID, f"its impression is {imp_id[:40]!r}")
    if price is None or price < 0:
        return bid.refused(Code.EXCHANGE_INVALID, Loss.NO_PRICE, "it has no price")
    wrong = _price_wrong(bid, asked) or _rules_broken(bid, asked)
    if wrong is not None:
        return wrong
    markup = loose.text(node, "adm", LONGEST_MARKUP)
    if markup is None and bid.win_url() is not None:
        return bid
    return bid.dressed(markup, asked)


def _same_page(page: str | None, bid: Bid) -> str | None:
    """The page, the same in every bid for it, so that it is drawn once."""
    if page is None:
        return None
    own = (bid.bid_id, bid.imp_id, bid.auction.request_id, bid.auction.bid_id)
    return anonymous(page, [one for one in own if one])


def creative_id(node: loose.Node) -> str | None:
    """``crid``, else ``adid``."""
    return loose.text(node, "crid", _LONGEST_ID) or loose.text(node, "adid", _LONGEST_ID)


def _price_wrong(bid: Bid, asked: Asked) -> Refused | None:
    """Deals first: each has a floor of its own."""
    floors = dict(asked.deals)
    price = macros.plain(bid.price)
    if bid.deal_id is not None and floors:
        if bid.deal_id not in floors:
            return bid.refused(Code.EXCHANGE_RULES, Loss.DEAL, f"its deal {bid.deal_id[:40]!r} is none of yours")
        if bid.price < floors[bid.deal_id]:
            why = f"its price {price} is under its deal's floor {macros.plain(floors[bid.deal_id])}"
            return bid.refused(Code.EXCHANGE_INVALID, Loss.BELOW_DEAL_FLOOR, why)
        return None
    if asked.deals_only:
        return bid.refused(Code.EXCHANGE_RULES, Loss.DEAL, "it is for none of your deals")
    if bid.price < asked.floor_cpm:
        why = f"its price {price} is under the floor {macros.plain(asked.floor_cpm)}"
        return bid.refused(Code.EXCHANGE_INVALID, Loss.BELOW_FLOOR, why)
    return None


def _rules_broken(bid: Bid, asked: Asked) -> Refused | None:
    """The operator's rules, then the limits of the slot."""
    breach = asked.opportunity.rules.breach(_advert(bid))
    if breach is not None:
        unnamed = asked.opportunity.rules.approved and creative_id(bid.node) is None
        reason = Loss.NO_CREATIVE_ID if unnamed and BY_RULE[breach.rule] is Loss.DISAPPROVED else BY_RULE[breach.rule]
        return bid.refused(Code.EXCHANGE_RULES, reason, breach.detail)
    if not asked.opportunity.min_ms <= bid.duration_ms <= asked.opportunity.max_ms:
        why = f"its length of {bid.duration_ms} ms is outside the limits"
        return bid.refused(Code.EXCHANGE_INVALID, Loss.TOO_LONG, why)
    return None


def _advert(bid: Bid) -> Advert:
    node = bid.node
    taxonomy = loose.whole(node, "cattax", 1, 100_000) or 1
    codes = [code for one in _listed(node, "cat") if (code := loose.text({"c": one}, "c", 40))]
    attributes = (loose.whole({"a": one}, "a", 1, 100_000) for one in _listed(node, "attr"))
    return Advert(
        domains=_domains(node),
        categories=tuple(category(code) if "/" in code else (taxonomy, code) for code in codes),
        attributes=frozenset(one for one in attributes if one is not None),
        creative_id=creative_id(node),
        duration_ms=bid.duration_ms,
        audio_only=loose.whole(node, "mtype", 1, 4) == _AUDIO and loose.text(node, "iurl", LONGEST_URL) is None,
    )


def _domains(node: loose.Node) -> tuple[str, ...]:
    return domains_in(one.strip() for one in _listed(node, "adomain") if isinstance(one, str))


def _listed(node: loose.Node, key: str) -> list[object]:
    """A list, or what stands alone where a list belongs."""
    return (loose.items(node, key) or [node.get(key)])[:_MOST_LISTED]


def _loss(node: loose.Node, auction: macros.Auction, reason: Loss) -> tuple[Beacon, ...]:
    url = web_url(loose.text(node, "lurl", LONGEST_URL))
    return () if url is None else (Beacon("loss", auction.resolve(url, reason)),)


def _hold_s(node: loose.Node, asked: Asked) -> int:
    """``exp``: never longer than was asked for."""
    written = loose.number(node, "exp")
    return asked.opportunity.hold_s if written is None or written < 1 else min(int(written), asked.opportunity.hold_s)


def _duration_ms(node: loose.Node, asked: Asked) -> int:
    """``dur`` is in seconds (OpenRTB 2.6 §4.2.3, whole ones; fractions are taken); without it, the slot's length.

    Some servers send milliseconds: from 5000 on, which as seconds were more than an hour, it is taken as such.
    Some write it as a clock does, ``00:00:15``.
    """
    clock = _CLOCK.fullmatch(loose.text(node, "dur", 20) or "")
    if clock is not None:
        return round((int(clock[1]) * 3600 + int(clock[2]) * 60) * 1000 + Decimal(clock[3]) * 1000)
    written = loose.number(node, "dur")
    if not written:
        return asked.opportunity.duration_ms
    return round(written if written >= _SURELY_MS else written * 1000)
