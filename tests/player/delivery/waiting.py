"""A queue in memory, with the journal's methods that delivery uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cache import QueuedPlay, Receipt


@dataclass
class MemoryQueue:
    plays: list[QueuedPlay] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    sink: str = "kinesis"
    made: int = 0
    looked: int = 0
    notes: int = 0

    def add(self, count: int = 1, size_bytes: int = 400) -> None:
        for _ in range(count):
            self.made += 1
            name = f"play-{self.made}"
            record = json.dumps({"id": name, "pad": ""}).encode()
            record = json.dumps({"id": name, "pad": "x" * max(0, size_bytes - len(record))}).encode()
            self.plays.append(QueuedPlay(name, self.made, record, 0))

    def pending(self, sink: str, limit: int) -> tuple[QueuedPlay, ...]:
        assert sink == self.sink
        self.looked += 1
        return tuple(self.plays[:limit])

    def delivered(self, sink: str, receipts: Sequence[Receipt]) -> None:
        assert sink == self.sink
        for receipt in receipts:
            assert receipt.play_id not in self.receipts, "one play acknowledged twice"
            self.receipts[receipt.play_id] = receipt
        self.plays = [play for play in self.plays if play.play_id not in self.receipts]

    def attempted(self, sink: str, play_ids: Sequence[str], error: str) -> None:
        assert sink == self.sink
        assert error
        self.notes += 1
        self.plays = [
            replace(play, attempts=play.attempts + 1) if play.play_id in play_ids else play for play in self.plays
        ]

    def set_aside(self, sink: str, play_id: str, error: str) -> None:
        assert sink == self.sink
        self.aside[play_id] = error
        self.plays = [play for play in self.plays if play.play_id != play_id]
