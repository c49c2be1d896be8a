"""What reading an OpenRTB answer may do outside: call a win notice for its markup, have VAST read."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

from cache import Beacon, Clock, Lease, Play, new_id
from config import Code, OohError
from player.exchange._shapes import Opportunity
from player.exchange.openrtb._creative import LONGEST_MARKUP
from player.fetch import Http

log = logging.getLogger("ooh.exchange")

_LEAST_S = 0.2
"""Less than this is no time to call a win notice in."""


class VastInBid(Protocol):
    """The VAST dialect, for VAST in the markup of a bid: OpenRTB's lease keeps its notices and adds VAST's calls."""

    def fill(self, lease: Lease, xml: str, opportunity: Opportunity, http: Http, timeout_s: float) -> Lease:
        """``lease`` with creative, size, length and ``memo`` of the document. Raises ``OohError``: EXCHANGE_*."""

    def shown(self, lease: Lease, play: Play) -> tuple[Beacon, ...]:
        """As ``Dialect.shown``, of a lease that ``fill`` made: by its ``memo``, not by ``on_shown``."""

    def release(self, lease: Lease, reason: str) -> tuple[Beacon, ...]:
        """As ``Dialect.release``, of a lease that ``fill`` made."""


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """`Desk`: what one ask may do besides the ask itself, within what is left of its time."""

    http: Http
    clock: Clock
    vast: VastInBid | None
    opportunity: Opportunity
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

    def video(self, lease: Lease, vast: str) -> Lease:
        """See ``Desk.video``."""
        if self.vast is None:
            raise OohError(Code.EXCHANGE_NO_CREATIVE, "its markup is VAST video")
        return self.vast.fill(lease, vast, self.opportunity, self.http, max(self._left_s(), _LEAST_S))

    def _left_s(self) -> float:
        return (self.until_ns - self.clock.monotonic_ns()) / 1e9


def _encoding(body: bytes) -> str:
    return "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
