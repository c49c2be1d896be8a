"""One exchange of the waterfall: how it has answered lately, and when it may be asked again."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from cache import Clock
from config import Code, ExchangeConfig, OohError
from player.agent._circuit import Circuit
from player.backoff import FAILURE, NO_FILL, ThrottledError
from player.exchange import HOLD_S, Exchange
from player.schedule import Retry

log = logging.getLogger("ooh.agent")

_SPOILED_IN_A_ROW = 3
_TOLD_IN_A_ROW = 10
_MOST_AHEAD = 400
_OUTAGES = frozenset({Code.EXCHANGE_UNAVAILABLE, Code.EXCHANGE_THROTTLED})


@dataclass(slots=True)
class Tally:
    """What became of the requests to one exchange since the agent started. For the board and the heartbeat."""

    asked: int = 0
    filled: int = 0
    """Leases taken."""
    no_fill: int = 0
    failed: int = 0
    refused: int = 0
    """Bids that were not taken."""


@dataclass(slots=True)
class Lane:
    """Its state. Not thread-safe: whoever asks holds a lock around every call."""

    exchange: Exchange
    table: ExchangeConfig
    circuit: Circuit
    clock: Clock
    draw: Callable[[], float]
    tally: Tally = field(default_factory=Tally)
    hold_ms: int = HOLD_S * 1000
    """How long its last lease held: one more is of no use when the screen comes to it only after that."""
    cautious: bool = False
    """Its leases run out unshown: no more than one is held."""
    asked_ns: int | None = None
    """Since when it is being asked; None: it is not."""
    _no_fill: Retry = field(init=False)
    _failure: Retry = field(init=False)
    _spoil: Retry = field(init=False)
    _last_code: Code | None = None
    _spoiled: int = 0

    def __post_init__(self) -> None:
        self._no_fill = Retry(NO_FILL, self.clock, self.draw)
        self._failure = Retry(FAILURE, self.clock, self.draw)
        self._spoil = Retry(NO_FILL, self.clock, self.draw)

    @property
    def name(self) -> str:
        """The exchange's."""
        return self.exchange.name

    def wait_s(self) -> float:
        """Seconds until it may be asked; 0 when it may be."""
        waits = (self._no_fill, self._failure, self._spoil)
        return max(self.circuit.wait_s(), *(retry.wait_s() for retry in waits))

    def depth(self, ads_ms: int) -> int:
        """Leases to hold: the configured number, and enough for the minutes offline; ``ads_ms``: one lease's time,
        with what the loop shows between two of them.
        """
        if self.cautious:
            return 1
        minutes_worth = math.ceil(self.table.look_ahead_minutes * 60_000 / max(ads_ms, 1_000))
        return min(max(self.table.look_ahead, minutes_worth), max(_MOST_AHEAD, self.table.look_ahead))

    def slow(self, patience_s: float) -> bool:
        """True when it has been asked for longer than that, and has not answered."""
        return self.asked_ns is not None and self.clock.monotonic_ns() - self.asked_ns >= patience_s * 1e9

    def begin(self) -> None:
        """It is asked now."""
        self.asked_ns = self.clock.monotonic_ns()
        self.tally.asked += 1
        self.circuit.asked()

    def end(self, error: OohError | None) -> None:
        """It answered, or failed."""
        self.asked_ns = None
        if error is None:
            self.circuit.answered()
            if self._failure.succeeded() and self._last_code in _OUTAGES:
                log.info("exchange.recovered", extra={"facts": {"exchange": self.name}})
            self._last_code = None
            return
        if error.code is Code.EXCHANGE_UNAVAILABLE:
            self.circuit.failed()
        else:
            self.circuit.answered()
        self._failed(error)

    def had_none(self) -> None:
        """It has no ad now."""
        self.tally.no_fill += 1
        self._no_fill.missed()

    def had_one(self) -> None:
        """It offered at least one."""
        self._no_fill.succeeded()

    def spoiled(self) -> None:
        """One of its leases could not be made ready. After three in a row it is asked less often, as after no-fill."""
        self._spoiled += 1
        if self._spoiled >= _SPOILED_IN_A_ROW:
            self._spoil.missed()

    def sound(self) -> None:
        """One of its leases is ready."""
        self._spoiled = 0
        self._spoil.succeeded()

    def _failed(self, error: OohError) -> None:
        self.tally.failed += 1
        wait_s = self._failure.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        facts = {"exchange": self.name, "again_in_s": round(wait_s, 1)}
        # An outage is told once; an answer that cannot be used is told each time, for each is an ad that is missing,
        # until it is clear that it stays so (a login page of the venue's network, for a week).
        told = 1 if error.code in _OUTAGES else _TOLD_IN_A_ROW
        repeated = self._last_code is error.code and self._failure.misses > told
        log.log(
            logging.DEBUG if repeated else logging.WARNING, "exchange.failed", exc_info=error, extra={"facts": facts}
        )
        self._last_code = error.code
