"""Cards: full-screen pictures for a tech. Status, identify, test pattern, and the notice of a pause."""

from renderer.card._cards import Cards, CardSaid

__all__ = ["CardSaid", "Cards"]
