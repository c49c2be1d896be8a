"""The OpenRTB 2.6 bid response: parsed tolerantly, because real answers break the standard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from config import Code, OohError
from player import _loose as loose
from player.exchange._shapes import Answer, NoFill, Offered, RefusedError
from player.exchange.openrtb import _macros as macros
from player.exchange.openrtb._bid import Bid, Refused, judge
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
_MOST_LOSSES = 50
"""Loss notices of one answer: hundreds would hold up the calls that are paid for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as read, and plain sentences on what was taken, what was not and what was odd."""

    result: Answer | OohError
    reasons: tuple[str, ...]


def read_response(body: bytes, asked: Asked, make_id: Callable[[], str]) -> Reading:
    """Read the body of a 200. Total: any bytes give a ``Reading``; ``make_id`` names the leases."""
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
    if currency not in (None, "") and str(currency).strip().upper() != asked.currency:
        # A price in another currency can be neither compared with the floor nor billed.
        why = f"prices are in {str(currency)[:20]}, {asked.currency} was asked for"
        return Reading(OohError(Code.EXCHANGE_INVALID, why), odd)
    judged = _judged(answer, asked)
    if not judged:
        return Reading(NoFill(_no_bid_reason(answer)), odd)
    return _choose(judged, asked, make_id, odd)


def _judged(answer: loose.Node, asked: Asked) -> list[Bid | Refused]:
    answer_id = loose.text(answer, "bidid", 512)
    named = (
        (node, loose.text(seat, "seat", 512) or "")
        for seat in loose.nodes(answer, "seatbid")
        for node in loose.nodes(seat, "bid")
    )
    return [judge(node, seat, answer_id, asked) for node, seat in islice(named, _MOST_BIDS)]


def _choose(judged: list[Bid | Refused], asked: Asked, make_id: Callable[[], str], odd: tuple[str, ...]) -> Reading:
    """For each impression the best price; on a tie the first named."""
    bids = [bid for bid in judged if isinstance(bid, Bid)]
    refused = [bid for bid in judged if isinstance(bid, Refused)]
    winners = [
        max(rivals, key=lambda bid: bid.price)
        for imp_id in asked.imp_ids
        if (rivals := [bid for bid in bids if bid.imp_id == imp_id])
    ]
    outbid = [bid for bid in bids if not any(bid is winner for winner in winners)]
    reasons = (
        *odd,
        *(f"bid {bid.bid_id} taken at {macros.plain(bid.price)} {asked.currency}" for bid in winners),
        *(f"bid {bid.bid_id} outbid at {macros.plain(bid.price)} {asked.currency}" for bid in outbid),
        *(f"bid {one.refusal.bid_id} refused: {one.refusal.detail}" for one in refused),
    )
    losses = [
        *(notice for loser in outbid for notice in loser.loss(macros.OUTBID)),
        *(notice for one in refused for notice in one.notices),
    ][:_MOST_LOSSES]
    if not winners:
        first = refused[0].refusal
        more = f" (and {len(refused) - 1} more bids refused)" if len(refused) > 1 else ""
        return Reading(RefusedError(first.code, f"bid {first.bid_id}: {first.detail}{more}", tuple(losses)), reasons)
    leases = tuple(winner.lease(asked, make_id()) for winner in winners)
    return Reading(Offered(leases, tuple(losses), tuple(one.refusal for one in refused)), reasons)


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
