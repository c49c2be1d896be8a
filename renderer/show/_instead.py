"""What is on instead of the loop: a card for a tech, or nothing at all outside the screen's hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cache import CardName

Shown = CardName | Literal["paused"]


@dataclass(frozen=True, slots=True)
class Instead:
    """``card`` is None for the dark screen: the one time when black is right."""

    card: Shown | None = None
    until_ns: int | None = None
    """Monotonic: when it ends; None: when something changes."""

    @property
    def kind(self) -> Literal["card", "dark"]:
        """As `decide.ShowKind` has it."""
        return "dark" if self.card is None else "card"


DARK = Instead()
