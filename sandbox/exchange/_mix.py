"""What the n-th request is answered with: a seeded mix of good, none, slow, throttled and broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox._dice import Dice

BROKEN_CREATIVES = ("truncated", "tiny", "bomb", "html", "missing", "empty")
"""A bid as it should be, whose creative is not."""
BROKEN_ANSWERS = ("unknown_imp", "invalid_json")
"""An answer that is itself wrong."""
BROKEN_KINDS = BROKEN_CREATIVES + BROKEN_ANSWERS
NOFILL_KINDS = ("status_204", "empty_object", "nbr", "empty_seatbid")

OutcomeKind = Literal["fill", "nofill", "throttle", "broken"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one request is answered. ``flavour`` is the kind of no-fill or of brokenness."""

    kind: OutcomeKind
    flavour: str = ""
    delay_s: float = 0.0
    turn: int = 0
    """How many good answers came before: whose turn it is in the rotation of creatives."""


@dataclass(frozen=True, slots=True)
class Mix:
    """The shares of the mix, together less than 1. Trouble is evenly spaced: a run of 12 plays meets its part."""

    seed: int = 1
    slot_ms: int = 3000
    broken_share: float = 0.25
    nofill_share: float = 0.1
    slow_share: float = 0.06
    throttle_share: float = 0.05

    def __post_init__(self) -> None:
        if self._trouble_share() >= 1:
            msg = "the shares of broken, no-fill and throttled answers must add up to less than 1"
            raise ValueError(msg)

    def outcome(self, number: int) -> Outcome:
        """The answer to request ``number`` (from 0): the same for the same seed, whatever came before."""
        dice = Dice(self.seed)
        slow = dice.spread(self.slow_share, number, "slow")
        delay_s = dice.between(1.0, 2.0, "delay", number) if slow else 0.0
        trouble = self._trouble_share()
        trouble_number = dice.dealt(trouble, number, "trouble")
        turn = number - trouble_number
        if dice.spread(trouble, number, "trouble"):
            kind, flavour = self._trouble(dice, trouble_number)
            return Outcome(kind, flavour, delay_s, turn)
        return Outcome("fill", "", delay_s, turn)

    def _trouble_share(self) -> float:
        return self.broken_share + self.nofill_share + self.throttle_share

    def _trouble(self, dice: Dice, number: int) -> tuple[OutcomeKind, str]:
        """Trouble ``number``: broken ones first, then the rest is dealt to no-fill and throttling."""
        share = self.broken_share / self._trouble_share()
        broken_number = dice.dealt(share, number, "broken")
        if dice.spread(share, number, "broken"):
            return "broken", _deal(dice, BROKEN_KINDS, broken_number)
        rest = number - broken_number
        share = self.nofill_share / (self.nofill_share + self.throttle_share)
        if dice.spread(share, rest, "nofill"):
            return "nofill", _deal(dice, NOFILL_KINDS, dice.dealt(share, rest, "nofill"))
        return "throttle", ""


def _deal(dice: Dice, kinds: tuple[str, ...], number: int) -> str:
    """Every kind once, in a seeded order, before any comes again."""
    deck = dice.shuffled(kinds, "deck", number // len(kinds))
    return deck[number % len(kinds)]
