"""The OpenRTB 2.6 bid response: parsed tolerantly, because real answers break the standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Protocol

from cache import Beacon, Lease
from config import Code, OohError
from player import _loose as loose
from player.exchange._shapes import Answer, NoFill, Offered, RefusedError
from player.exchange.openrtb import _macros as macros
from player.exchange.openrtb._bid import Bid, Refused, judge
from player.exchange.openrtb._loss import Loss
from player.exchange.openrtb._request import Asked

_NO_BID_REASONS = {
    0: "unknown error",
    1: "technical error",
    2: "invalid request",
    3: "known web crawler",
    4: "suspected non-human traffic",
    5: "cloud, data centre or proxy address",
    6: "unsupported device",
    7: "blocked publisher or site",
    8: "unmatched user",
    9: "daily user cap met",
    10: "daily domain cap met",
    11: "ads.txt authorization unavailable",
    12: "ads.txt authorization violation",
    13: "ads.cert authentication unavailable",
    14: "ads.cert authentication violation",
    15: "insufficient auction time",
}
"""OpenRTB 3.0, list "No-Bid Reason Codes", which 2.6 §5.24 refers to."""

_MOST_BIDS = 500
_MOST_SEATS = 1_000
_MOST_WINS = 2
"""Win notices called for one impression in the hope of markup: each takes of the time of the answer."""
_MOST_LOSSES = 50
"""Loss notices of one answer: hundreds would hold up the calls that are paid for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as read, and plain sentences on what was taken, what was not and what was odd."""

    result: Answer | OohError
    reasons: tuple[str, ...]


class Desk(Protocol):
    """What the reading of an answer may have done outside."""

    def make_id(self) -> str:
        """A new lease's id."""

    def win(self, url: str) -> str | None:
        """Call the win notice of a bid without markup: its answer is the markup (OpenRTB 2.6 §4.3.1).

        Empty when the answer has none; None when it was not called or not answered.
        """

    def video(self, lease: Lease, vast: str) -> tuple[Lease, tuple[Beacon, ...]]:
        """The lease with what its VAST document wants shown, and what is to be called now.

        Raises ``OohError`` when it cannot be shown; ``RefusedError`` with what is to be called.
        """


def read_response(body: bytes, asked: Asked, desk: Desk) -> Reading:
    """Read the body of a 200. Total: any bytes give a ``Reading``."""
    if not body.strip():
        return _no_fill("the answer is empty")
    try:
        answer = loose.decode(body)
    except ValueError as error:
        return Reading(OohError(Code.EXCHANGE_INVALID, f"not JSON: {error}"), ())
    if answer is None:
        return _no_fill("the answer is null")
    if not isinstance(answer, dict):
        return Reading(OohError(Code.EXCHANGE_INVALID, f"a JSON object was expected, not {_kind(answer)}"), ())
    odd = _oddities(answer, asked)
    currency = answer.get("cur")
    if isinstance(currency, list) and len(currency) == 1:
        currency = currency[0]
    if currency not in (None, "") and str(currency).strip().upper() != asked.currency:
        # A price in another currency can be neither compared with the floor nor billed.
        why = f"prices are in {str(currency)[:20]}, {asked.currency} was asked for"
        return Reading(OohError(Code.EXCHANGE_INVALID, why), odd)
    judged = _judged(answer, asked)
    if not judged:
        return Reading(NoFill(_no_bid_reason(answer)), odd)
    return _choose(judged, asked, desk, odd)


def _judged(answer: loose.Node, asked: Asked) -> list[Bid | Refused]:
    answer_id = loose.text(answer, "bidid", 512)
    bids = _bids(answer)
    meant = _meant(bids, asked)
    return [judge(node, seat, answer_id, asked, meant) for node, seat in bids]


def _bids(answer: loose.Node) -> list[tuple[loose.Node, str]]:
    """Every bid with its seat, as far as they are looked at."""
    named = (
        (node, loose.text(seat, "seat", 512) or "")
        for seat in islice(loose.nodes(answer, "seatbid"), _MOST_SEATS)
        for node in loose.nodes(seat, "bid")
    )
    return list(islice(named, _MOST_BIDS))


def _meant(bids: list[tuple[loose.Node, str]], asked: Asked) -> str | None:
    """The one wrong ``impid`` that can only mean the one impression asked for, as in the standard's own example
    (OpenRTB 2.6 §7.9.6.2); empty when none was written. None where it is not clear.
    """
    named = {loose.text(node, "impid", 512) or "" for node, _ in bids}
    return next(iter(named)) if len(asked.imp_ids) == len(named) == 1 else None


def _choose(judged: list[Bid | Refused], asked: Asked, desk: Desk, odd: tuple[str, ...]) -> Reading:
    """For each impression the best price, then the best size, then the first named; the others are told."""
    refused = [bid for bid in judged if isinstance(bid, Refused)]
    leases: list[Lease] = []
    outbid: list[Bid] = []
    notices: list[Beacon] = []
    reasons = list(odd)
    for imp_id in asked.imp_ids:
        rivals = [bid for bid in judged if isinstance(bid, Bid) and bid.imp_id == imp_id]
        rivals.sort(key=lambda bid: (bid.price, *bid.fit(asked.opportunity.screen)), reverse=True)
        award = _award(rivals, asked, desk, refused)
        lease, losers = award.lease, award.losers
        outbid += losers
        notices += award.notices
        if lease is not None:
            leases.append(lease)
            price = Decimal(lease.price or 0)
            reasons.append(f"bid {lease.bid_id} taken at {lease.price} {asked.currency}")
            notices += [notice for loser in losers for notice in loser.loss(Loss.OUTBID, price)]
    notices += [notice for one in refused for notice in one.notices]
    reasons += [f"bid {bid.bid_id} outbid at {macros.plain(bid.price)} {asked.currency}" for bid in outbid]
    reasons += [f"bid {one.refusal.bid_id} refused: {one.refusal.detail}" for one in refused]
    return Reading(_result(leases, refused, notices[:_MOST_LOSSES]), tuple(reasons))


@dataclass(frozen=True, slots=True)
class Awarded:
    """What one impression brought; ``notices`` are to be called now."""

    lease: Lease | None
    notices: tuple[Beacon, ...] = ()
    losers: Sequence[Bid] = ()


def _award(rivals: list[Bid], asked: Asked, desk: Desk, refused: list[Refused]) -> Awarded:
    """The lease of the first that can be shown, and those it beats; what cannot be shown joins ``refused``."""
    for place, bid in enumerate(rivals):
        losers = rivals[place + 1 :]
        dressed = bid if bid.creative is not None else _fetched(bid, asked, desk, tries_left=_MOST_WINS - place)
        if isinstance(dressed, Bid):
            least = max([asked.floor_cpm, *(loser.price for loser in losers[:1])])
            found = _leased(dressed, asked, desk, least)
            if isinstance(found, Awarded):
                return replace(found, losers=losers)
            dressed = found
        refused.append(dressed)
    return Awarded(None)


def _leased(bid: Bid, asked: Asked, desk: Desk, least: Decimal) -> Awarded | Refused:
    """The winner's lease; of a video, once its document was read."""
    vast = bid.creative.vast if bid.creative is not None else None
    lease = bid.lease(asked, desk.make_id(), least)
    if vast is None:
        return Awarded(lease)
    try:
        film, notices = desk.video(lease, bid.auction.resolve_shown(vast))
    except OohError as error:
        told = error.notices if isinstance(error, RefusedError) else ()
        wrong = bid.refused(error.code, Loss.FORMAT, error.detail or error.code.meaning)
        return replace(wrong, notices=(*told, *wrong.notices))
    return Awarded(film, notices)


def _fetched(bid: Bid, asked: Asked, desk: Desk, tries_left: int) -> Bid | Refused:
    """A bid whose markup is the answer to its win notice; without one, what else the bid names stands in."""
    url = bid.win_url()
    markup = desk.win(url) if url is not None and tries_left > 0 else None
    return replace(bid, told=markup is not None).dressed(markup, asked)


def _result(leases: list[Lease], refused: list[Refused], notices: list[Beacon]) -> Answer | OohError:
    if leases:
        return Offered(tuple(leases), tuple(notices), tuple(one.refusal for one in refused))
    first = refused[0].refusal
    more = f" (and {len(refused) - 1} more bids refused)" if len(refused) > 1 else ""
    return RefusedError(first.code, f"bid {first.bid_id}: {first.detail}{more}", tuple(notices))


def _no_fill(reason: str) -> Reading:
    return Reading(NoFill(reason), ())


def _no_bid_reason(answer: loose.Node) -> str:
    code = loose.whole(answer, "nbr", 0, 100_000)
    if code is None:
        return "no bids"
    return f"no bids, nbr {code}: {_NO_BID_REASONS.get(code, 'a reason of its own')}"


def _oddities(answer: loose.Node, asked: Asked) -> tuple[str, ...]:
    odd = []
    named = loose.text(answer, "id", 512)
    if named != asked.request_id:
        odd.append(f"the answer's id is {named!r}, not the request's")
    if not answer.get("cur") and asked.currency != "USD":
        # The standard's default is USD; an exchange that leaves it out answers in the one currency asked for.
        odd.append(f"the answer names no currency; {asked.currency} is assumed")
    return tuple(odd)


def _kind(value: object) -> str:
    return {list: "a list", str: "text", bool: "true or false"}.get(type(value), "a number")
