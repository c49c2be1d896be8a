"""OpenRTB answers for the tests, and the request they answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cache import Beacon, Lease
from config import OohError, Size
from player.exchange import Opportunity
from player.exchange.openrtb._request import Asked

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SCREEN = Size(1920, 1080)


@dataclass
class FakeDesk:
    """Numbers leases; answers win notices from ``markup``, by URL; VAST documents from ``videos``."""

    markup: dict[str, str] = field(default_factory=dict)
    won: list[str] = field(default_factory=list)
    video_error: OohError | None = None
    _made: int = 0

    def make_id(self) -> str:
        self._made += 1
        return f"lease-{self._made}"

    def win(self, url: str) -> str | None:
        self.won.append(url)
        return self.markup.get(url)

    def video(self, lease: Lease, vast: str) -> tuple[Lease, tuple[Beacon, ...]]:
        if self.video_error is not None:
            raise self.video_error
        return replace(lease, creative_url="https://cdn.test/v.mp4", memo=vast), ()


def asked(count: int = 2, floor: str = "1.00", currency: str = "USD") -> Asked:
    """Two impressions wanted, a floor of 1.00."""
    return Asked(
        exchange="acme",
        request_id="req-1",
        imp_ids=tuple(str(number) for number in range(1, count + 1)),
        currency=currency,
        floor_cpm=Decimal(floor),
        multiplier=Decimal("12.5"),
        opportunity=Opportunity(screen=SCREEN, duration_ms=8_000, count=count),
        at=NOW,
    )


def bid(**changes: object) -> dict[str, Any]:
    """A bid as a DOOH bidder sends it; a change to None takes the key away."""
    whole: dict[str, Any] = {
        "id": "bid-1",
        "impid": "1",
        "price": 2.5,
        "adm": '<a href="https://brand.test/?a=1&amp;b=2"><img src="https://cdn.test/a.jpg?w=300&amp;h=250"'
        ' width="300" height="250"></a><img src="https://t.test/i?p=${AUCTION_PRICE}" width=1 height=1>',
        "nurl": "https://dsp.test/win?p=${AUCTION_PRICE}",
        "burl": "https://dsp.test/bill?p=${AUCTION_PRICE}&i=${AUCTION_IMP_ID}&m=${AUCTION_MULTIPLIER}",
        "lurl": "https://dsp.test/loss?why=${AUCTION_LOSS}",
        "crid": "creative-9",
        "cid": "campaign-7",
        "adomain": ["brand.test"],
        "w": 300,
        "h": 250,
    }
    whole.update(changes)
    return {key: value for key, value in whole.items() if value is not None}


def answer(*bids: object, **changes: object) -> bytes:
    """A whole answer with one seat."""
    whole: dict[str, Any] = {"id": "req-1", "cur": "USD", "seatbid": [{"seat": "seat-a", "bid": list(bids)}]}
    whole.update(changes)
    return json.dumps({key: value for key, value in whole.items() if value is not None}).encode()
