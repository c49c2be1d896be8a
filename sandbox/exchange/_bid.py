"""The exchange's answers: bid responses as OpenRTB 2.6 wants them, and as it does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import Any

from sandbox.exchange._catalogue import Catalogue, Creative
from sandbox.exchange._mix import BROKEN_CREATIVES, Mix, Outcome
from sandbox.exchange._pages import markup
from sandbox.exchange._request import Imp

LEASE_SECONDS = 900
"""How long a bid holds; Vistar's window is 15 minutes too."""
NO_BID_REASON = 10
"""AdCOM 1.0, List: No-Bid Reason Codes, 10: daily domain cap met."""
UNKNOWN_IMP = "not-an-imp-of-yours"
_SEAT = "sandbox"


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid that was made: what the book keeps, to compare beacons with."""

    id: str
    imp_id: str
    creative: Creative
    broken: str
    """The kind of broken creative, or empty."""


@dataclass(frozen=True, slots=True)
class Bidder:
    """Makes bids for requests."""

    mix: Mix
    catalogue: Catalogue

    def bids(self, number: int, outcome: Outcome, imps: tuple[Imp, ...]) -> tuple[Bid, ...]:
        """A bid per impression that a creative fits; a broken one is for the first impression only."""
        made = []
        for at, imp in enumerate(imps):
            creative = self.catalogue.pick(outcome.turn + at, imp.mimes, imp.floor)
            if creative is None:
                continue
            broken = outcome.flavour if at == 0 and outcome.flavour in BROKEN_CREATIVES else ""
            imp_id = UNKNOWN_IMP if at == 0 and outcome.flavour == "unknown_imp" else imp.id
            made.append(Bid(f"bid-{self.mix.seed}-{number}-{at}", imp_id, creative, broken))
        return tuple(made)

    def response(self, request_id: str, currency: str, bids: tuple[Bid, ...], base: str) -> dict[str, Any]:
        """The response document (OpenRTB 2.6 section 4.2)."""
        documents = [self._bid(bid, base) for bid in bids]
        # Two impressions that nobody asked for: of one alone, a player may well guess which it meant.
        strays = [
            {**document, "id": f"{document['id']}-stray", "impid": "nor-is-this", "nurl": "", "burl": "", "lurl": ""}
            for document in documents
            if document["impid"] == UNKNOWN_IMP
        ]
        return {
            "id": request_id,
            "bidid": f"response-{request_id}",
            "cur": currency,
            "seatbid": [{"seat": _SEAT, "bid": [*documents, *strays]}],
        }

    def _bid(self, bid: Bid, base: str) -> dict[str, Any]:
        creative = replace(bid.creative, form="") if bid.broken else bid.creative  # what is broken are pictures
        image = (
            f"{base}/creatives/broken/{bid.broken}?bid={bid.id}" if bid.broken else f"{base}/creatives/{creative.file}"
        )
        beacon = {
            kind: f"{base}/beacon/{kind}?bid={bid.id}&price=${{AUCTION_PRICE}}"
            for kind in ("impression", "won", "billed", "lost")
        }
        return {
            "id": bid.id,
            "impid": bid.imp_id,
            "price": creative.price,
            "adid": creative.file.split(".")[0],
            "adomain": [creative.domain],
            "cid": creative.campaign,
            "crid": creative.file,
            "mtype": 1,
            "w": creative.width,
            "h": creative.height,
            "exp": LEASE_SECONDS,
            "dur": max(1, round(self.mix.slot_ms / 1000)),
            "adm": _markup(creative, image, beacon["impression"], base),
            **({} if creative.form else {"iurl": image}),
            "nurl": beacon["won"],
            "burl": beacon["billed"],
            "lurl": beacon["lost"] + "&reason=${AUCTION_LOSS}",
        }


def _page(creative: Creative, pixel: str, base: str) -> str:
    """HTML5: an address alone, or markup with a tracking pixel behind it."""
    if creative.form == "address":
        return f"{base}/creatives/html5/{creative.file}"
    counting = f'<img src="{escape(pixel)}" width="1" height="1" alt="" style="position:absolute;left:-9px">'
    return markup(creative.file.removesuffix(".html")) + counting


def _markup(creative: Creative, image: str, pixel: str, base: str) -> str:
    """A linked picture and a tracking pixel: what most display bids are."""
    if creative.form:
        return _page(creative, pixel, base)
    click = f"{base}/click?to=https://{creative.domain}/&campaign={creative.campaign}"
    return (
        f'<a href="{escape(click)}" target="_blank">'
        f'<img src="{escape(image)}" width="{creative.width}" height="{creative.height}" '
        f'alt="{escape(creative.brand)}" border="0"></a>'
        f'<img src="{escape(pixel)}" width="1" height="1" alt="" style="display:none">'
    )
