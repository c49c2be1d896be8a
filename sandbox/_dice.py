"""Chance that repeats: the same seed and the same question give the same answer, in any order and any process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

_FULL = 1 << 64


@dataclass(frozen=True, slots=True)
class Dice:
    """Seeded chance without state, so that a restarted server carries on with the same mix."""

    seed: int

    def roll(self, *about: object) -> float:
        """A number in [0, 1) for this question."""
        text = repr((self.seed, *about)).encode()
        return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") / _FULL

    def between(self, low: float, high: float, *about: object) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.roll(*about)

    def shuffled(self, items: Iterable[str], *about: object) -> tuple[str, ...]:
        """The items in an order of this question's own."""
        return tuple(sorted(items, key=lambda item: self.roll(*about, item)))

    def spread(self, share: float, number: int, *about: object) -> bool:
        """True for exactly ``share`` of all ``number``s, evenly spaced and never for 0: a short run meets its part."""
        return self.dealt(share, number + 1, *about) > self.dealt(share, number, *about)

    def dealt(self, share: float, number: int, *about: object) -> int:
        """How many times :meth:`spread` was true for the numbers below ``number``."""
        phase = self.roll("phase", *about) * (1 - share)
        return int(number * share + phase)
