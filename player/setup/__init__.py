"""Setting a screen up: a few questions, the file, and the running player told of it."""

from player.setup._reload import PARTS, Answer, reload_player

__all__ = ["PARTS", "Answer", "reload_player"]
