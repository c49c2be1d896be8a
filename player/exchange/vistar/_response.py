"""The answer of ``get_ad``: read tolerantly, because every ad in it is a lease that must be used or given back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from cache import Beacon, Lease
from config import Code, OohError
from player import _loose as loose
from player.exchange._shapes import Answer, NoFill, Offered, RefusedError
from player.exchange.vistar._advertisement import Refused, judge
from player.exchange.vistar._request import Asked

_MOST_ADS = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as read, and plain sentences on what was taken, what was not and what was odd."""

    result: Answer | OohError
    reasons: tuple[str, ...] = ()


def read_response(body: bytes, asked: Asked, make_id: Callable[[], str]) -> Reading:
    """Read the body of a 200. Total: any bytes give a ``Reading``; ``make_id`` names the leases."""
    if not body.strip():
        return Reading(NoFill("the answer is empty"), ("the answer is empty",))
    try:
        answer = loose.decode(body)
    except ValueError as error:
        return Reading(OohError(Code.EXCHANGE_INVALID, f"not JSON: {error}"))
    if not isinstance(answer, dict | None):
        return Reading(OohError(Code.EXCHANGE_INVALID, f"a JSON object was expected, not a {type(answer).__name__}"))
    found = list(islice(loose.nodes(answer, "advertisement"), _MOST_ADS))
    if not found:
        return Reading(NoFill("no advertisement"), ("the answer holds no advertisement",))
    judged = [judge(node, asked, make_id()) for node in found]
    return _sorted(judged, tuple(odd for node in found for odd in _oddities(node, asked)))


def _sorted(judged: list[Lease | Refused], odd: tuple[str, ...]) -> Reading:
    leases = tuple(one for one in judged if isinstance(one, Lease))
    refused = tuple(one for one in judged if isinstance(one, Refused))
    notices: tuple[Beacon, ...] = tuple(notice for one in refused for notice in one.notices)
    reasons = (
        *odd,
        *(f"advertisement {one.bid_id} taken for {one.duration_ms} ms" for one in leases),
        *(f"advertisement {one.refusal.bid_id} refused: {one.refusal.detail}" for one in refused),
    )
    if not leases:
        first = refused[0].refusal
        error = RefusedError(first.code, f"advertisement {first.bid_id}: {first.detail}", notices)
        return Reading(error, reasons)
    return Reading(Offered(leases, notices, tuple(one.refusal for one in refused)), reasons)


def _oddities(node: loose.Node, asked: Asked) -> list[str]:
    """What is wrong and does no harm: one area was asked for, so every ad is for it."""
    area = loose.text(node, "display_area_id", 512)
    if area in (None, asked.area):
        return []
    return [f"the ad is for the display area {str(area)[:40]!r}, {asked.area!r} was asked for"]
