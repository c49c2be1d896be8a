"""The patience of one caller: counts its failures in a row and says when it may try again."""

from __future__ import annotations

from collections.abc import Callable

from cache import Clock
from player.backoff import Backoff


class Retry:
    """Keeps the count that ``Backoff`` (pure) needs, on the monotonic clock. Not shared between threads."""

    def __init__(self, backoff: Backoff, clock: Clock, draw: Callable[[], float]) -> None:
        self._backoff = backoff
        self._clock = clock
        self._draw = draw
        self._not_before_ns = 0
        self.misses = 0
        """Failures in a row."""

    def missed(self, retry_after_s: float | None = None) -> float:
        """Count a failure; returns the seconds to wait. ``retry_after_s``: what the server asked for."""
        self.misses += 1
        wait_s = self._backoff.wait_s(self.misses, self._draw(), retry_after_s)
        self._not_before_ns = self._clock.monotonic_ns() + round(wait_s * 1e9)
        return wait_s

    def resume(self, misses: int, wait_s: float) -> None:
        """Go on with what an earlier process knew: never less patient than now."""
        self.misses = max(self.misses, misses)
        self._not_before_ns = max(self._not_before_ns, self._clock.monotonic_ns() + round(wait_s * 1e9))

    def succeeded(self) -> bool:
        """Forget the failures; True when there were any: the edge that is worth a line in the log."""
        recovered = self.misses > 0
        self.misses = 0
        self._not_before_ns = 0
        return recovered

    def wait_s(self) -> float:
        """Seconds until the next try is allowed; 0 when it is."""
        return max(0, self._not_before_ns - self._clock.monotonic_ns()) / 1e9
