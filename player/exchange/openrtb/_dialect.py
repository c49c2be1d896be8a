"""The dialect ``openrtb``: opens its exchanges, and says what its leases want called when they have ended."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from cache import Beacon, Clock, Lease, Play
from config import ExchangeConfig
from player.exchange._shapes import ExplainingExchange, ScreenIdentity
from player.exchange.openrtb._exchange import OpenRtbExchange
from player.exchange.openrtb._loss import Loss, released_for
from player.exchange.openrtb._macros import LOSS_CODE, SHOWN_AT_MS, filled_in
from player.exchange.vast import vast_release, vast_shown
from player.fetch import Http

log = logging.getLogger("ooh.exchange")

_ENDED_BADLY = frozenset({"error", "crash"})


class OpenRtb:
    """The dialect ``openrtb``; a lease with a ``memo`` is a video, whose VAST document has its own wishes."""

    def open(self, config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> ExplainingExchange:
        """See ``Dialect.open``."""
        return OpenRtbExchange(config, screen, http, clock)

    def shown(self, lease: Lease, play: Play) -> tuple[Beacon, ...]:
        """After what its VAST asks for: a billable play's pixels and billing notice, or the loss notice of another."""
        shown_at_ms = round(datetime.fromisoformat(play.started_at).timestamp() * 1000)
        video = _filled(vast_shown(lease, play) if lease.memo is not None else (), SHOWN_AT_MS, shown_at_ms)
        if not play.billable:
            return (*video, *_lost(lease, Loss.INTERNAL if play.end_reason in _ENDED_BADLY else Loss.EXPIRED))
        return (*video, *_filled(lease.on_shown, SHOWN_AT_MS, shown_at_ms))

    def release(self, lease: Lease, reason: str) -> tuple[Beacon, ...]:
        """The loss notice with the reason, and what its VAST wants to hear of it."""
        log.debug("lease.lost", extra={"facts": {"lease": lease.lease_id, "reason": reason}})
        video = vast_release(lease, reason) if lease.memo is not None else ()
        return (*_filled(video, SHOWN_AT_MS, None), *_lost(lease, released_for(reason)))


def _lost(lease: Lease, reason: Loss) -> tuple[Beacon, ...]:
    return _filled(lease.on_released, LOSS_CODE, reason)


def _filled(beacons: tuple[Beacon, ...], mark: str, value: int | None) -> tuple[Beacon, ...]:
    return tuple(replace(one, url=filled_in(one.url, mark, value)) for one in beacons)
