"""The pace: how much one screen sends in a second, however much waits."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from cache import Clock

_SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent, and until when it counts."""

    until_ns: int
    size_bytes: int
    entries: int


class Pace:
    """A cap in bytes and entries for every second, wherever the second begins; no credit is saved up.

    What was sent counts from before its request until one second after its answer, so that what *arrives* in a
    second is under the cap too, whatever the network does in between. An entry larger than the cap goes alone and
    counts for as long as the cap would have taken. Not shared between threads.
    """

    def __init__(self, clock: Clock, bytes_per_s: float, entries_per_s: float) -> None:
        self._clock = clock
        self.bytes_per_s = bytes_per_s
        self._entries_per_s = entries_per_s
        self._sent: deque[_Sent] = deque()

    def takes(self, size_bytes: int, entries: int) -> bool:
        """Whether a request of that size would be under the cap now."""
        size_bytes += sum(each.size_bytes for each in self._counting())
        entries += sum(each.entries for each in self._sent)
        return size_bytes <= self.bytes_per_s and entries <= self._entries_per_s

    def wait_s(self, size_bytes: int, entries: int = 1) -> float:
        """Seconds until ``entries`` entries of ``size_bytes`` in all may be sent; 0 when they may.

        What is over the cap by itself may be sent when nothing counts any more.
        """
        now_ns = self._clock.monotonic_ns()
        size_bytes += sum(each.size_bytes for each in self._counting())
        entries += sum(each.entries for each in self._sent)
        until_ns = now_ns
        for each in self._sent:
            if size_bytes <= self.bytes_per_s and entries <= self._entries_per_s:
                break
            size_bytes -= each.size_bytes
            entries -= each.entries
            until_ns = each.until_ns
        return (until_ns - now_ns) / 1e9

    def sent(self, size_bytes: int, entries: int) -> None:
        """Note a request, after its answer or failure."""
        longer_ns = max(1.0, size_bytes / self.bytes_per_s, entries / self._entries_per_s) * _SECOND_NS
        until_ns = self._clock.monotonic_ns() + round(longer_ns)
        self._sent.append(_Sent(max(until_ns, self._sent[-1].until_ns if self._sent else 0), size_bytes, entries))

    def _counting(self) -> deque[_Sent]:
        """What still counts."""
        now_ns = self._clock.monotonic_ns()
        while self._sent and self._sent[0].until_ns <= now_ns:
            self._sent.popleft()
        return self._sent
