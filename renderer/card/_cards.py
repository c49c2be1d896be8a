"""The cards of one screen: which picture, with what is known when it is drawn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from PIL import Image

from cache import Board, CardName, Clock
from config import Size
from renderer.card._facts import facts_of
from renderer.card._identify import identify_card
from renderer.card._pattern import pattern_card
from renderer.card._paused import paused_card
from renderer.card._said import CardSaid
from renderer.card._status import status_card


class Cards:
    """Reads the agent's board for the status card; touches no network and no database."""

    def __init__(self, said: CardSaid, run: Path, clock: Clock) -> None:
        self._said = said
        self._run = run
        self._clock = clock

    def draw(self, card: CardName | Literal["paused"], size: Size, until_ns: int | None) -> Image.Image:
        """One card of exactly ``size``; ``until_ns``: when it ends, monotonic."""
        now = self._clock.now()
        match card:
            case "identify":
                return identify_card(size, self._said)
            case "pattern":
                return pattern_card(size, self._said)
            case "paused":
                left_ns = 0 if until_ns is None else max(0, until_ns - self._clock.monotonic_ns())
                return paused_card(size, self._said, now + timedelta(microseconds=left_ns // 1_000))
            case "status":
                agent = Board.read_living(self._run, "agent")
                facts = facts_of(self._said, agent, self._clock.state(), size)
                return status_card(size, self._said, facts, now)
