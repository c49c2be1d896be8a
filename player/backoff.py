"""How long to wait before asking again: pure arithmetic, no clock and no random source of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from config import Code, OohError

LONGEST_RETRY_AFTER_S = 3_600.0
"""A server that asks for more than an hour is mistaken or hostile; a screen looks again after an hour."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from ``first_s`` to ``cap_s``; ``spread`` is the part of each that is left to chance.

    With ``spread`` 1 it is full jitter, which spreads a fleet after an outage: 40,000 screens peak at a third
    of the rate that a fixed retry has (measured, docs/decisions.md).
    """

    first_s: float
    cap_s: float
    spread: float = 1.0

    def ceiling_s(self, misses: int) -> float:
        """The longest wait after ``misses`` failures in a row (1 is the first; 0 is no wait)."""
        if misses <= 0:
            return 0.0
        # The exponent is bounded so that a count kept for weeks cannot overflow a float.
        return min(self.cap_s, self.first_s * 2.0 ** min(misses - 1, 60))

    def wait_s(self, misses: int, draw: float, retry_after_s: float | None = None) -> float:
        """Seconds to wait after ``misses`` failures in a row; ``draw`` is a random number in [0, 1).

        ``retry_after_s`` is what the server asked for: never less than that, plus the usual wait, because a
        server tells all its clients the same number. A success resets the count, which the caller keeps.
        """
        wait_s = self.ceiling_s(misses) * (1.0 - self.spread * draw)
        if retry_after_s is None:
            return wait_s
        return min(max(retry_after_s, 0.0), LONGEST_RETRY_AFTER_S) + wait_s


NO_FILL = Backoff(first_s=2.0, cap_s=120.0, spread=0.1)
"""An exchange without an ad: 2 s doubling to 2 minutes, back to 2 s after a fill."""

FAILURE = Backoff(first_s=2.0, cap_s=300.0)
"""An exchange, feed, stream or beacon that fails."""


class ThrottledError(OohError):
    """A failure that may say when to come back: ``retry_after_s``, or None when it does not."""

    def __init__(self, code: Code, detail: str, retry_after_s: float | None) -> None:
        super().__init__(code, detail)
        self.retry_after_s = retry_after_s


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Seconds from a ``Retry-After`` header: a number or an HTTP date (RFC 9110 §10.2.3); None if neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)
