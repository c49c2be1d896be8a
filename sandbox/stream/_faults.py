"""Faults on purpose: records refused within a good answer, and answers lost after the records were stored."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox._dice import Dice


@dataclass(frozen=True, slots=True)
class Faults:
    """Seeded shares in [0, 1), evenly spaced so that a short run meets its part; no faults by default."""

    seed: int = 1
    fail_share: float = 0.0
    lose_share: float = 0.0

    def refuses(self, record_number: int) -> str | None:
        """The error code that this record (counted from the start) gets, or None."""
        dice = Dice(self.seed)
        if not dice.spread(self.fail_share, record_number, "fail"):
            return None
        throttled = dice.roll("which", record_number) < 0.5
        return "ProvisionedThroughputExceededException" if throttled else "InternalFailure"

    def loses_answer(self, request_number: int) -> bool:
        """Whether this put request is stored and then not answered."""
        return Dice(self.seed).spread(self.lose_share, request_number, "lose")
