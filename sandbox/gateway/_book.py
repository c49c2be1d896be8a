"""What a gateway has received: batches by key, plays by id. In memory: it is there to be looked at by tests."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock


class BatchError(ValueError):
    """A batch that is not what the contract says."""


@dataclass
class Book:
    """Safe to use from all threads of the server."""

    batches: dict[str, bytes] = field(default_factory=dict)
    """Key to lines."""
    plays: dict[str, bytes] = field(default_factory=dict)
    """Id to line, the first copy."""
    order: list[str] = field(default_factory=list)
    """Ids as they came first."""
    counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: str, lines: bytes) -> tuple[str, ...]:
        """Book a batch and return its ids. A key that is known changes nothing; with other lines it is an error."""
        batch = _ids(lines)
        with self._lock:
            self.counts["requests"] += 1
            if key in self.batches:
                if self.batches[key] != lines:
                    self.counts["keys_misused"] += 1
                    msg = "the key is that of another batch"
                    raise BatchError(msg)
                self.counts["batches_again"] += 1
                return tuple(batch)
            self.batches[key] = lines
            for name, line in batch.items():
                if name in self.plays:
                    self.counts["plays_again" if self.plays[name] == line else "plays_conflicting"] += 1
                else:
                    self.plays[name] = line
                    self.order.append(name)
            return tuple(batch)

    def count(self, what: str) -> int:
        """Count one of these; how many came before."""
        with self._lock:
            self.counts[what] += 1
            return self.counts[what] - 1


def _ids(lines: bytes) -> dict[str, bytes]:
    if not lines.endswith(b"\n"):
        msg = "the last line has no end"
        raise BatchError(msg)
    found = {}
    for line in lines.splitlines():
        try:
            play = json.loads(line)
            found[str(play["id"])] = line
        except (ValueError, TypeError, KeyError) as error:
            msg = "a line is not a play"
            raise BatchError(msg) from error
    return found
