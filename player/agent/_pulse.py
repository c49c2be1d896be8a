"""The heartbeat as a job."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

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
    last_code: str | None = None

    def step(self, facts: Callable[[int], Facts]) -> float:
        """``facts`` makes them for a heartbeat's number. Returns the seconds until the next, varied by a tenth."""
        wait_s = self.seconds * (0.9 + 0.2 * self.draw())
        try:
            self.heartbeat.send(facts(self.sent + 1))
        except OohError as error:
            edge = self.last_code != error.code.code
            log.log(logging.WARNING if edge else logging.DEBUG, "heartbeat.failed", exc_info=error)
            self.last_code = error.code.code
            asked_s = error.retry_after_s if isinstance(error, ThrottledError) else None
            return max(wait_s, asked_s or 0.0)
        self.sent += 1
        self.last_code = None
        return wait_s
