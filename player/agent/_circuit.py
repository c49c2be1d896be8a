"""A circuit breaker: a host that is down is asked by one exchange at a time, and seldom, whoever has business there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from cache import Clock
from player.backoff import FAILURE
from player.schedule import Retry

log = logging.getLogger("ooh.agent")

OPENS_AFTER = 3
"""Failures in a row: one or two are weather."""
_PROBE_S = 1.0


@dataclass(slots=True)
class Circuit:
    """One host. Closed: asked freely. Open: not before its wait is over, and then by one probe. Not thread-safe."""

    host: str
    clock: Clock
    draw: Callable[[], float]
    _retry: Retry = field(init=False)
    _probing: bool = False

    def __post_init__(self) -> None:
        self._retry = Retry(FAILURE, self.clock, self.draw)

    @property
    def open(self) -> bool:
        """True while the host is held to be down."""
        return self._retry.misses >= OPENS_AFTER

    def wait_s(self) -> float:
        """Seconds until it may be asked; 0 when it may be."""
        if not self.open:
            return 0.0
        return _PROBE_S if self._probing else self._retry.wait_s()

    def asked(self) -> None:
        """A request is under way: of an open circuit, the probe."""
        self._probing = self.open

    def failed(self) -> None:
        """It was not reached, or answered with an error."""
        was_open, self._probing = self.open, False
        wait_s = self._retry.missed()
        if self.open and not was_open:
            facts = {"host": self.host, "failures": self._retry.misses, "again_in_s": round(wait_s, 1)}
            log.warning("circuit.opened", extra={"facts": facts})

    def answered(self) -> None:
        """It answered, with whatever: it is up."""
        was_open, self._probing = self.open, False
        self._retry.succeeded()
        if was_open:
            log.info("circuit.closed", extra={"facts": {"host": self.host}})
