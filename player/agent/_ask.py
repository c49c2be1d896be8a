"""Asking for ads: keeps enough leases ahead of the screen, from the exchanges in their order (a waterfall)."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from cache import Beacon, Clock, Journal, Lease, LeaseState
from config import Code, Config, OohError, Size, SlotConfig
from player._mimes import shown_mimes
from player.backoff import FAILURE, NO_FILL, ThrottledError
from player.exchange import HOLD_S, Exchange, NoFill, Opportunity, RefusedError, find_dialect
from player.schedule import Retry

log = logging.getLogger("ooh.agent")

WAITING = (LeaseState.OFFERED, LeaseState.CACHED, LeaseState.PREPARED)
_SPOILED_IN_A_ROW = 3
_TOLD_IN_A_ROW = 10
_OUTAGES = frozenset({Code.EXCHANGE_UNAVAILABLE, Code.EXCHANGE_THROTTLED})
_SOON = timedelta(minutes=1)


@dataclass(slots=True)
class _Asked:
    """One exchange, and how it has answered lately."""

    exchange: Exchange
    look_ahead: int
    no_fill: Retry
    failure: Retry
    spoil: Retry
    depth: int
    """Leases to hold now: the look-ahead, or one while leases run out unshown."""
    hold_ms: int = HOLD_S * 1000
    """How long its last lease held: one more is of no use when the screen comes to it only after that."""
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
    _played: int = 0

    def __post_init__(self) -> None:
        tables = [table for table in self.config.exchange if table.url]
        self._asked = [
            _Asked(
                exchange,
                table.look_ahead,
                Retry(NO_FILL, self.clock, self.draw),
                Retry(FAILURE, self.clock, self.draw),
                Retry(NO_FILL, self.clock, self.draw),
                table.look_ahead,
            )
            for exchange, table in zip(self.exchanges, tables, strict=True)
        ]

    def step(self) -> float | None:
        """Ask, if leases are wanted; returns the seconds until it is worth asking again, None when all is full."""
        running = self._running()
        ads = [slot for slot in running if slot.kind == "ad"]
        if not ads or not self._asked:
            return None
        self._note_plays()
        waiting = [held.lease for held in self.journal.held() if held.state in WAITING]
        # The other slots of the loop come between the ads.
        share = sum(slot.seconds for slot in ads) / sum(slot.seconds for slot in running)
        opportunity = Opportunity(
            screen=self.screen(),
            duration_ms=round(ads[0].seconds * 1000),
            show_in_ms=round(sum(lease.duration_ms for lease in waiting) / share),
            mimes=shown_mimes(),
        )
        ends_in_ms = opportunity.show_in_ms + opportunity.duration_ms
        hungry = [
            asked for asked in self._asked if not waiting or (len(waiting) < asked.depth and ends_in_ms < asked.hold_ms)
        ]
        for asked in hungry:
            if asked.wait_s() == 0 and self._ask(asked, opportunity):
                return 0.0
        return min((asked.wait_s() for asked in hungry), default=None)

    def _running(self) -> list[SlotConfig]:
        """The loop's slots whose daypart is now or within a minute, by the screen's own time of day."""
        zone = ZoneInfo(self.config.screen.timezone) if self.config.screen.timezone else None
        times = [at.astimezone(zone) for at in (self.clock.now(), self.clock.now() + _SOON)]
        return [slot for slot in self.config.loop if any(slot.runs(at) for at in times)]

    def _note_plays(self) -> None:
        """A play shows that leases are shown again."""
        played = self.journal.lease_counts()[LeaseState.PLAYED]
        if played != self._played:
            for asked in self._asked:
                asked.depth = asked.look_ahead
        self._played = played

    def unshown(self, exchange: str) -> None:
        """One of its leases ran out: as long as nothing is played, no more than one is held."""
        for asked in self._named(exchange):
            asked.depth = 1

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
            self.notify(answer.notices)
            asked.no_fill.missed()
            log.debug("exchange.no_fill", extra={"facts": {"exchange": asked.exchange.name, "why": answer.reason}})
            return False
        for lease in answer.leases:
            self._take(asked, lease)
            asked.hold_ms = round((lease.expires_at - lease.not_before).total_seconds() * 1000)
        self.notify(answer.notices)  # also wakes what calls the wins
        asked.no_fill.succeeded()
        self.on_offer()
        return True

    def _take(self, asked: _Asked, lease: Lease) -> None:
        try:
            self.journal.offer(lease)
        except OohError:
            # What the journal cannot hold is given back at once.
            self.notify(find_dialect(lease.dialect).release(lease, Code.JOURNAL_UNAVAILABLE.code))
            raise
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
        if isinstance(error, RefusedError):
            self.notify(error.notices)
        wait_s = asked.failure.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        facts = {"exchange": asked.exchange.name, "again_in_s": round(wait_s, 1)}
        # An outage is told once; an answer that cannot be used is told each time, for each is an ad that is missing,
        # until it is clear that it stays so (a login page of the venue's network, for a week).
        told = 1 if error.code in _OUTAGES else _TOLD_IN_A_ROW
        repeated = asked.last_code is error.code and asked.failure.misses > told
        log.log(
            logging.DEBUG if repeated else logging.WARNING, "exchange.failed", exc_info=error, extra={"facts": facts}
        )
        asked.last_code = error.code

    def _answered(self, asked: _Asked) -> None:
        if asked.failure.succeeded() and asked.last_code in _OUTAGES:
            log.info("exchange.recovered", extra={"facts": {"exchange": asked.exchange.name}})
        asked.last_code = None
