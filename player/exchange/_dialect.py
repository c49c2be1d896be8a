"""What a dialect is: how an exchange of its kind is opened, and what its leases want called when they end."""

from __future__ import annotations

from typing import Protocol

from cache import Beacon, Clock, Lease, Play
from config import ExchangeConfig
from player.exchange._shapes import ExplainingExchange, ScreenIdentity
from player.fetch import Http


class Dialect(Protocol):
    """One way that exchanges speak; nothing outside it knows it. What its leases need later is in ``Lease.memo``.

    ``shown`` and ``release`` depend on their arguments alone: they are also asked for leases of an exchange that has
    left the configuration. They touch no network: what they return is queued in the journal and called until its
    window closes, each at most once with success.
    """

    def open(self, config: ExchangeConfig, screen: ScreenIdentity, http: Http, clock: Clock) -> ExplainingExchange:
        """The exchange of one ``[exchange]`` table. Raises ``ConfigError`` when a secret cannot be read."""

    def shown(self, lease: Lease, play: Play) -> tuple[Beacon, ...]:
        """What to call after it was shown: ``play`` is the finished record, billable or not."""

    def release(self, lease: Lease, reason: str) -> tuple[Beacon, ...]:
        """What to call when it was never shown; ``reason`` is a code of docs/errors.md, or ``shutdown``."""
