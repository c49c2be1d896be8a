"""One bid of an OpenRTB answer: judged, and turned into a lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from cache import Beacon, Lease
from config import Code, Size
from player import _loose as loose
from player.exchange._shapes import HTML, Refusal
from player.exchange._url import LONGEST_URL, web_url
from player.exchange.openrtb import _macros as macros
from player.exchange.openrtb._markup import Markup, read_markup
from player.exchange.openrtb._page import anonymous, page_in
from player.exchange.openrtb._request import Asked

_LONGEST_ID = 512
_LONGEST_MARKUP = 250_000
_SURELY_MS = 5_000


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
    markup: Markup
    image: str
    """Empty when there is a page."""
    auction: macros.Auction
    page: str | None = None
    """Its markup, when that is more than a picture."""

    def lease(self, asked: Asked, lease_id: str) -> Lease:
        """The lease, should this bid win."""
        hold_s = loose.whole(self.node, "exp", 1, 10_000_000) or asked.opportunity.hold_s
        size = self._size()
        domains = [{"name": domain} for domain in loose.items(self.node, "adomain") or [self.node.get("adomain")]]
        burl = web_url(loose.text(self.node, "burl", LONGEST_URL))
        shown = [("impression", pixel) for pixel in self.markup.pixels] + ([("billing", burl)] if burl else [])
        return Lease(
            lease_id=lease_id,
            exchange=asked.exchange,
            request_id=asked.request_id,
            imp_id=self.imp_id,
            creative_url=self.auction.resolve(self.image, macros.WON),
            markup=self._markup(),
            not_before=asked.at,
            expires_at=asked.at + timedelta(seconds=min(hold_s, asked.opportunity.hold_s)),
            duration_ms=self.duration_ms,
            bid_id=self.bid_id,
            deal_id=loose.text(self.node, "dealid", _LONGEST_ID),
            creative_id=loose.text(self.node, "crid", _LONGEST_ID) or loose.text(self.node, "adid", _LONGEST_ID),
            campaign_id=loose.text(self.node, "cid", _LONGEST_ID),
            advertiser_domain=next((name for one in domains if (name := loose.text(one, "name", 255))), None),
            price=macros.plain(self.price),
            currency=asked.currency,
            multiplier=float(asked.multiplier),
            width=size.w if size else None,
            height=size.h if size else None,
            on_won=self.wins(),
            on_shown=tuple(Beacon(kind, self.auction.resolve_shown(url)) for kind, url in shown),
            on_released=self.loss(macros.EXPIRED),
        )

    def wins(self) -> tuple[Beacon, ...]:
        """The win notice."""
        return beacons("win", self.node, "nurl", self.auction, macros.WON)

    def loss(self, reason: int) -> tuple[Beacon, ...]:
        """The loss notice, with a loss reason code."""
        return beacons("loss", self.node, "lurl", self.auction, reason)

    def _markup(self) -> str | None:
        """The page, the same in every bid for it, so that it is drawn once."""
        if self.page is None:
            return None
        own = (self.bid_id, self.imp_id, self.auction.request_id, self.auction.bid_id)
        return anonymous(self.page, [one for one in own if one])

    def _size(self) -> Size | None:
        return _declared_size(self.node) or self.markup.size


def judge(node: loose.Node, seat: str, answer_id: str | None, asked: Asked) -> Bid | Refused:
    """Whether a bid could be taken. Total: any JSON object gives one or the other."""
    bid_id = loose.text(node, "id", _LONGEST_ID)
    imp_id = loose.text(node, "impid", _LONGEST_ID) or ""
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

    def refuse(code: Code, loss: int, why: str) -> Refused:
        return Refused(Refusal(bid_id, code, why), beacons("loss", node, "lurl", auction, loss))

    if imp_id not in asked.imp_ids:
        return refuse(Code.EXCHANGE_UNKNOWN_IMP, macros.INVALID, f"its impression is {imp_id[:40]!r}")
    if price is None or price < 0:
        return refuse(Code.EXCHANGE_INVALID, macros.NO_PRICE, "it has no price")
    if price < asked.floor_cpm:
        why = f"its price {macros.plain(price)} is under the floor {macros.plain(asked.floor_cpm)}"
        return refuse(Code.EXCHANGE_INVALID, macros.BELOW_FLOOR, why)
    duration_ms = _duration_ms(node, asked)
    if not asked.opportunity.min_ms <= duration_ms <= asked.opportunity.max_ms:
        return refuse(Code.EXCHANGE_INVALID, macros.TOO_LONG, f"its length of {duration_ms} ms is outside the limits")
    adm, size = loose.text(node, "adm", _LONGEST_MARKUP) or "", _declared_size(node)
    markup = read_markup(adm, size)
    page = page_in(adm, markup, size) if HTML in asked.opportunity.mimes else None
    if page is not None:
        return Bid(node, bid_id, imp_id, price, duration_ms, markup, "", auction, page)
    # ``iurl`` is meant for review, and what many DOOH bidders put the image in.
    image = markup.image or web_url(loose.text(node, "iurl", LONGEST_URL))
    if image is None:
        return refuse(Code.EXCHANGE_NO_CREATIVE, macros.NO_MARKUP, markup.lack)
    return Bid(node, bid_id, imp_id, price, duration_ms, markup, image, auction)


def beacons(kind: str, node: loose.Node, key: str, auction: macros.Auction, loss: int) -> tuple[Beacon, ...]:
    """The notice under ``key`` with its macros resolved; none when it is missing or is no web address."""
    url = web_url(loose.text(node, key, LONGEST_URL))
    return () if url is None else (Beacon(kind, auction.resolve(url, loss)),)


def _declared_size(node: loose.Node) -> Size | None:
    width, height = loose.whole(node, "w", 1, 99_999), loose.whole(node, "h", 1, 99_999)
    return Size(width, height) if width and height else None


def _duration_ms(node: loose.Node, asked: Asked) -> int:
    """``dur`` is in seconds (OpenRTB 2.6 §4.2.3, whole ones; fractions are taken); without it, the slot's length.

    Some servers send milliseconds: from 5000 on, which as seconds were more than an hour, it is taken as such.
    """
    written = loose.number(node, "dur")
    if not written:
        return asked.opportunity.duration_ms
    return round(written if written >= _SURELY_MS else written * 1000)
