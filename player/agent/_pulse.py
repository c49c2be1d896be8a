"""The heartbeat as a job."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from config import OohError
from player.backoff import ThrottledError
from player.heartbeat import Facts, Heartbeat

log = logging.getLogger("ooh.agent")


@dataclass(slots=True)
class Pulse:
    """One run sends one heartbeat; a failure is logged at its edge, and the next one tells the newer state."""

    heartbeat: Heartbeat
    seconds: float
    draw: Callable[[], float]
    sent: int = 0
    _told: set[str] = field(default_factory=set)
    """Codes of this outage that are in the log."""

    def step(self, facts: Callable[[int], Facts]) -> float:
        """``facts`` makes them for a heartbeat's number. Returns the seconds until the next, varied by a tenth."""
        wait_s = self.seconds * (0.9 + 0.2 * self.draw())
        try:
            self.heartbeat.send(facts(self.sent + 1))
        except OohError as error:
            edge = error.code.code not in self._told
            log.log(logging.WARNING if edge else logging.DEBUG, "heartbeat.failed", exc_info=error)
            self._told.add(error.code.code)
            asked_s = error.retry_after_s if isinstance(error, ThrottledError) else None
            return max(wait_s, asked_s or 0.0)
        self.sent += 1
        if self._told:
            log.info("heartbeat.recovered")
            self._told.clear()
        return wait_s
