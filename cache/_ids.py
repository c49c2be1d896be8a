"""Ids: UUIDv7, ordered by time, unique without asking anyone."""

from __future__ import annotations

import secrets
import threading
import uuid

from cache._clock import Clock
from cache._time import to_ms

_RANDOM_BITS = 74
_STEP_BITS = 32
_VERSION = 7 << 76
_VARIANT = 2 << 62
_LOW_MASK = (1 << 62) - 1


class _IdMaker:
    """Hands out ids that only grow, also within a millisecond and when the wall clock goes back.

    RFC 9562 §6.2, method 2: within the same millisecond the random part grows by a random step.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_ms = -1
        self._random = 0

    def next(self, at_ms: int) -> str:
        """The next id at this wall time."""
        with self._lock:
            if at_ms > self._at_ms:
                self._at_ms, self._random = at_ms, secrets.randbits(_RANDOM_BITS - 1)
            else:
                self._random += 1 + secrets.randbits(_STEP_BITS)
                if self._random >> _RANDOM_BITS:
                    self._at_ms, self._random = self._at_ms + 1, secrets.randbits(_RANDOM_BITS - 1)
            return str(uuid.UUID(int=_bits(self._at_ms, self._random)))


def _bits(at_ms: int, random: int) -> int:
    """RFC 9562 §5.7: 48 bits of time, version, 12 random bits, variant, 62 random bits."""
    return (at_ms & ((1 << 48) - 1)) << 80 | _VERSION | (random >> 62) << 64 | _VARIANT | (random & _LOW_MASK)


# The one thing that must be shared by a whole process: ids grow only if everyone draws from the same maker.
_MAKER = _IdMaker()


def new_id(clock: Clock) -> str:
    """A UUIDv7 (RFC 9562 §5.7), greater than every id this process made before."""
    return _MAKER.next(to_ms(clock.now()))
