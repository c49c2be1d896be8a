"""Asking for ads: keeps enough leases ahead of the screen, from the exchanges in their order (a waterfall)."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cache import Beacon, Clock, Journal, Lease, LeaseState
from config import Code, Config, OohError, Size
from player.backoff import FAILURE, NO_FILL, ThrottledError
from player.exchange import Exchange, NoFill, Opportunity
from player.schedule import Retry

log = logging.getLogger("ooh.agent")

WAITING = (LeaseState.OFFERED, LeaseState.CACHED, LeaseState.PREPARED)
_SPOILED_IN_A_ROW = 3
_OUTAGES = frozenset({Code.EXCHANGE_UNAVAILABLE, Code.EXCHANGE_THROTTLED})


@dataclass(slots=True)
class _Asked:
    """One exchange, and how it has answered lately."""

    exchange: Exchange
    look_ahead: int
    no_fill: Retry
    failure: Retry
    spoil: Retry
    last_code: Code | None = None
    spoiled: int = 0

    def wait_s(self) -> float:
        return max(self.no_fill.wait_s(), self.failure.wait_s(), self.spoil.wait_s())


@dataclass(slots=True)
class AskCounts:
    """For the board."""

    asked: int = 0
    filled: int = 0
    no_fill: int = 0
    failed: int = 0


@dataclass(slots=True)
class Asker:
    """One run asks each exchange at most once, until one has an ad."""

    journal: Journal
    clock: Clock
    config: Config
    exchanges: Sequence[Exchange]
    """In the order of ``config.exchange``'s tables with a URL."""
    screen: Callable[[], Size]
    notify: Callable[[Iterable[Beacon]], None]
    on_offer: Callable[[], None]
    """Called when there is a new lease to make ready."""
    draw: Callable[[], float] = random.random
    counts: AskCounts = field(default_factory=AskCounts)
    _asked: list[_Asked] = field(init=False)
    _spoils: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        tables = [table for table in self.config.exchange if table.url]
        self._asked = [
            _Asked(
                exchange,
                table.look_ahead,
                Retry(NO_FILL, self.clock, self.draw),
                Retry(FAILURE, self.clock, self.draw),
                Retry(NO_FILL, self.clock, self.draw),
            )
            for exchange, table in zip(self.exchanges, tables, strict=True)
        ]

    def step(self) -> float | None:
        """Ask, if leases are wanted; returns the seconds until it is worth asking again, None when all is full."""
        slot = next((slot for slot in self.config.loop if slot.kind == "ad"), None)
        if slot is None or not self._asked:
            return None
        waiting = [held.lease for held in self.journal.held() if held.state in WAITING]
        hungry = [asked for asked in self._asked if len(waiting) < asked.look_ahead]
        opportunity = Opportunity(
            screen=self.screen(),
            duration_ms=round(slot.seconds * 1000),
            show_in_ms=sum(lease.duration_ms for lease in waiting),
        )
        for asked in hungry:
            if asked.wait_s() == 0 and self._ask(asked, opportunity):
                return 0.0
        return min((asked.wait_s() for asked in hungry), default=None)

    def spoiled(self, exchange: str) -> None:
        """One of its leases could not be made ready. After three in a row it is asked less often, as after no-fill."""
        for asked in self._named(exchange):
            with self._spoils:
                asked.spoiled += 1
                if asked.spoiled >= _SPOILED_IN_A_ROW:
                    asked.spoil.missed()

    def sound(self, exchange: str) -> None:
        """One of its leases is ready."""
        for asked in self._named(exchange):
            with self._spoils:
                asked.spoiled = 0
                asked.spoil.succeeded()

    def _named(self, exchange: str) -> list[_Asked]:
        return [asked for asked in self._asked if asked.exchange.name == exchange]

    def _ask(self, asked: _Asked, opportunity: Opportunity) -> bool:
        """True when it offered a lease."""
        self.counts.asked += 1
        try:
            answer = asked.exchange.ask(opportunity)
        except OohError as error:
            self._failed(asked, error)
            return False
        self._answered(asked)
        if isinstance(answer, NoFill):
            self.counts.no_fill += 1
            asked.no_fill.missed()
            log.debug("exchange.no_fill", extra={"facts": {"exchange": asked.exchange.name, "why": answer.reason}})
            return False
        for lease in answer.leases:
            self._take(asked, lease)
        self.notify(answer.notices)
        asked.no_fill.succeeded()
        self.on_offer()
        return True

    def _take(self, asked: _Asked, lease: Lease) -> None:
        self.journal.offer(lease)
        self.counts.filled += 1
        facts = {
            "lease": lease.lease_id,
            "exchange": asked.exchange.name,
            "creative": lease.creative_id,
            "price": lease.price,
            "currency": lease.currency,
            "ms": lease.duration_ms,
        }
        log.info("lease.offered", extra={"facts": facts})

    def _failed(self, asked: _Asked, error: OohError) -> None:
        self.counts.failed += 1
        wait_s = asked.failure.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        facts = {"exchange": asked.exchange.name, "again_in_s": round(wait_s, 1)}
        # An outage is told once; an answer that cannot be used is told every time, for each is an ad that is missing.
        repeated = error.code in _OUTAGES and asked.last_code is error.code
        log.log(
            logging.DEBUG if repeated else logging.WARNING, "exchange.failed", exc_info=error, extra={"facts": facts}
        )
        asked.last_code = error.code

    def _answered(self, asked: _Asked) -> None:
        if asked.failure.succeeded() and asked.last_code in _OUTAGES:
            log.info("exchange.recovered", extra={"facts": {"exchange": asked.exchange.name}})
        asked.last_code = None
