"""The dialect ``openrtb``: opens its exchanges, and says what its leases want called when they have ended."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from cache import Beacon, Clock, Lease, Play
from config import ExchangeConfig
from player.exchange._shapes import ExplainingExchange, ScreenIdentity
from player.exchange.openrtb._desk import VastInBid
from player.exchange.openrtb._exchange import OpenRtbExchange
from player.exchange.openrtb._loss import Loss, released_for
from player.exchange.openrtb._macros import LOSS_CODE, SHOWN_AT_MS, filled_in
from player.fetch import Http

log = logging.getLogger("ooh.exchange")

_ENDED_BADLY = frozenset({"error", "crash"})


class OpenRtb:
    """The dialect ``openrtb``; ``vast`` reads the videos in it."""

    def __init__(self, vast: VastInBid | None = None) -> None:
        self._vast = vast

    def open(self, config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> ExplainingExchange:
        """See ``Dialect.open``."""
        return OpenRtbExchange(config, screen, http, clock, self._vast)

    def shown(self, lease: Lease, play: Play) -> tuple[Beacon, ...]:
        """After what its VAST asks for: a billable play's pixels and billing notice, or the loss notice of another."""
        video = self._vast.shown(lease, play) if self._vast is not None and lease.memo is not None else ()
        if not play.billable:
            return (*video, *_lost(lease, Loss.INTERNAL if play.end_reason in _ENDED_BADLY else Loss.EXPIRED))
        shown_at_ms = round(datetime.fromisoformat(play.started_at).timestamp() * 1000)
        return (*video, *_filled(lease.on_shown, SHOWN_AT_MS, shown_at_ms))

    def release(self, lease: Lease, reason: str) -> tuple[Beacon, ...]:
        """The loss notice with the reason, and what its VAST wants to hear of it."""
        video = self._vast.release(lease, reason) if self._vast is not None and lease.memo is not None else ()
        log.debug("lease.lost", extra={"facts": {"lease": lease.lease_id, "reason": reason}})
        return (*video, *_lost(lease, released_for(reason)))


def _lost(lease: Lease, reason: Loss) -> tuple[Beacon, ...]:
    return _filled(lease.on_released, LOSS_CODE, reason)


def _filled(beacons: tuple[Beacon, ...], mark: str, value: int) -> tuple[Beacon, ...]:
    return tuple(replace(one, url=filled_in(one.url, mark, value)) for one in beacons)
