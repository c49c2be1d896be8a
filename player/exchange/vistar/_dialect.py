"""The dialect ``vistar``: what its leases want called when they end."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import datetime

from cache import Beacon, Clock, Lease, Play
from config import ExchangeConfig
from player.exchange._shapes import ExplainingExchange, ScreenIdentity
from player.exchange.vistar._exchange import VistarExchange
from player.exchange.vistar._request import WINDOW_S
from player.fetch import Http


class Vistar:
    """Every lease ends in one call: its proof when enough of it was shown, else its expiration."""

    def open(self, config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> ExplainingExchange:
        """See ``Dialect.open``."""
        return VistarExchange(config, screen, http, clock)

    def shown(self, lease: Lease, play: Play) -> tuple[Beacon, ...]:
        """The proof of a billable play, with the time it was really shown; a play that is not gives the lease back.

        Both are taken until 15 minutes after the display time, and not after the lease's own end.
        """
        started_at = datetime.fromisoformat(play.started_at).timestamp()
        ended_at = started_at if play.ended_at is None else datetime.fromisoformat(play.ended_at).timestamp()
        memo = _memo(lease)
        until = min(memo.get("ends_at", math.inf), started_at + WINDOW_S)
        window_s = max(1, math.floor(until - ended_at))
        if not play.billable or memo.get("test"):
            return tuple(replace(one, window_s=window_s) for one in lease.on_released)
        body = json.dumps({"display_time": math.floor(started_at)}, separators=(",", ":"))
        return tuple(
            replace(one, method="POST", body=body, content_type="application/json", window_s=window_s)
            for one in lease.on_shown
        )

    def release(self, lease: Lease, reason: str) -> tuple[Beacon, ...]:
        """The expiration: an unplayed lease must be given back, so that another screen can have it."""
        del reason  # the API takes none
        return lease.on_released


def _memo(lease: Lease) -> dict[str, float]:
    try:
        memo = json.loads(lease.memo or "{}")
    except ValueError:
        return {}
    return memo if isinstance(memo, dict) else {}
