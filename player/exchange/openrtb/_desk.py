"""What reading an OpenRTB answer may do outside: call a win notice for its markup, have VAST read."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from decimal import Decimal

from cache import Beacon, Clock, Lease, new_id
from config import Code, ExchangeConfig, OohError
from player.exchange._shapes import NoFill, RefusedError, ScreenIdentity
from player.exchange.openrtb._creative import LONGEST_MARKUP
from player.exchange.openrtb._request import Asked
from player.exchange.vast import VastAsking, vast_leases, within
from player.fetch import Http

log = logging.getLogger("ooh.exchange")

_LEAST_S = 0.2
"""Less than this is no time to call a win notice in."""


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """`Desk`: what one ask may do besides the ask itself, within what is left of its time."""

    config: ExchangeConfig
    screen: ScreenIdentity
    http: Http
    clock: Clock
    asked: Asked
    until_ns: int
    for_real: bool
    """False: nothing is won, so no notice is called."""

    def make_id(self) -> str:
        """A UUIDv7."""
        return new_id(self.clock)

    def win(self, url: str) -> str | None:
        """See ``Desk.win``."""
        if not self.for_real or self._left_s() < _LEAST_S:
            return None
        try:
            answer = self.http.request(
                "GET", url, headers={}, body=None, timeout_s=self._left_s(), max_bytes=4 * LONGEST_MARKUP
            )
        except OohError as error:
            log.warning("win.not_answered", exc_info=error)
            return None
        if not answer.good:
            log.warning("win.not_answered", extra={"facts": {"status": answer.status}})
            return None
        return answer.body.decode(_encoding(answer.body), "replace").strip("\ufeff \t\r\n")[:LONGEST_MARKUP]

    def video(self, lease: Lease, vast: str) -> tuple[Lease, tuple[Beacon, ...]]:
        """See ``Desk.video``. What the bid says of price, ids and advertiser comes before what its document says."""
        asking = VastAsking.of(
            self.config, self.screen, self.asked.opportunity, self.asked.request_id, self.asked.at, dialect="openrtb"
        )
        # The bid has the price; a document's own is of another trade.
        asking = replace(asking, floor_cpm=Decimal(0))
        get = within(self.http, self.clock, max(round(self._left_s() * 1000), 1))
        result = vast_leases(vast, asking, lambda url: get(url, {}), self.make_id).result
        if isinstance(result, NoFill):
            raise RefusedError(Code.EXCHANGE_NO_CREATIVE, result.reason, result.notices)
        if isinstance(result, OohError):
            raise result
        film = result.leases[0]
        whole = replace(
            lease,
            creative_url=film.creative_url,
            alternatives=film.alternatives,
            duration_ms=film.duration_ms,
            expires_at=min(lease.expires_at, film.expires_at),
            creative_id=lease.creative_id or film.creative_id,
            advertiser_domain=lease.advertiser_domain or film.advertiser_domain,
            width=film.width or lease.width,
            height=film.height or lease.height,
            memo=film.memo,
        )
        return whole, result.notices

    def _left_s(self) -> float:
        return (self.until_ns - self.clock.monotonic_ns()) / 1e9


def _encoding(body: bytes) -> str:
    return "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
