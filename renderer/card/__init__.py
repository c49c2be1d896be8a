"""Cards: full-screen pictures for a tech. Status, identify, test pattern, and the notice of a pause."""

from renderer.card._cards import Cards
from renderer.card._facts import Facts, Row, facts_of
from renderer.card._identify import identify_card
from renderer.card._pattern import pattern_card
from renderer.card._paused import paused_card
from renderer.card._said import CardSaid
from renderer.card._status import status_card

__all__ = [
    "CardSaid",
    "Cards",
    "Facts",
    "Row",
    "facts_of",
    "identify_card",
    "pattern_card",
    "paused_card",
    "status_card",
]
