"""Patience: how long one sink is left alone after a failure, and which failures are worth a line in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable

from cache import Clock
from config import Code, OohError
from player.backoff import Backoff, ThrottledError
from player.schedule import Retry

log = logging.getLogger("ooh.delivery")

SINK_RETRY = Backoff(first_s=0.5, cap_s=300.0)
"""Full jitter: 40,000 screens whose stream returns come back over five minutes."""
SLOW_RETRY = Backoff(first_s=30.0, cap_s=900.0)
"""For what a person has to put right: nothing is lost by asking seldom, and nobody is called in vain."""

_FOR_PEOPLE = frozenset(
    {
        Code.DELIVERY_CREDENTIALS,
        Code.DELIVERY_DENIED,
        Code.DELIVERY_NO_RECEIVER,
        Code.DELIVERY_REFUSED,
        Code.DELIVERY_TOO_LARGE,
    }
)


class Patience:
    """The waits of one sink. Not shared between threads."""

    def __init__(self, sink: str, backoff: Backoff, clock: Clock, draw: Callable[[], float]) -> None:
        self._sink = sink
        self._soon = Retry(backoff, clock, draw)
        self._seldom = Retry(SLOW_RETRY, clock, draw)
        self.last_error: OohError | None = None
        """Why the last request failed; None after one that succeeded whole."""

    def wait_s(self) -> float:
        """Seconds until the next request is allowed; 0 when it is."""
        return max(self._soon.wait_s(), self._seldom.wait_s())

    def failed(self, error: OohError, plays: int) -> None:
        """Count a failure: the next request waits."""
        retry = self._seldom if error.code in _FOR_PEOPLE else self._soon
        wait_s = retry.missed(error.retry_after_s if isinstance(error, ThrottledError) else None)
        facts = {"sink": self._sink, "plays": plays, "again_in_s": round(wait_s, 1), "misses": retry.misses}
        # The edge is a warning; the repeats of a long outage are for those who look for them.
        edge = self.last_error is None or self.last_error.code is not error.code
        log.log(logging.WARNING if edge else logging.DEBUG, "delivery.failed", exc_info=error, extra={"facts": facts})
        self.last_error = error

    def progressed(self) -> bool:
        """Something was taken: a hot shard refuses a part of every request, and the backlog moves all the same."""
        seldom = self._seldom.succeeded()
        return self._soon.succeeded() or seldom

    def recovered(self) -> None:
        """All was taken."""
        self.last_error = None
        if self.progressed():
            log.info("delivery.recovered", extra={"facts": {"sink": self._sink}})
