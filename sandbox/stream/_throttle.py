"""The limits of one shard: 1 MB and 1,000 records per second, as a token bucket on the monotonic clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

BYTES_PER_S = 1_000_000
RECORDS_PER_S = 1_000
BURST_BYTES = 1 << 20
"""A record may be 1 MiB, so the full bucket has to hold one."""


@dataclass(slots=True)
class Bucket:
    """What may still be written now. Not safe between threads: its owner locks."""

    monotonic_s: Callable[[], float]
    _bytes: float = BURST_BYTES
    _records: float = RECORDS_PER_S
    _at_s: float | None = None

    def take(self, size_bytes: int) -> bool:
        """Take one record of that size; False when the shard's second is used up."""
        self._refill()
        if self._bytes < size_bytes or self._records < 1:
            return False
        self._bytes -= size_bytes
        self._records -= 1
        return True

    def _refill(self) -> None:
        now_s = self.monotonic_s()
        passed_s = 0.0 if self._at_s is None else max(0.0, now_s - self._at_s)
        self._at_s = now_s
        self._bytes = min(BURST_BYTES, self._bytes + passed_s * BYTES_PER_S)
        self._records = min(RECORDS_PER_S, self._records + passed_s * RECORDS_PER_S)
