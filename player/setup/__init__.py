"""Setting a screen up: a few questions, the file, and the running player told of it."""

from player.setup._draft import Change, Draft
from player.setup._found import Found, look_around
from player.setup._interview import Interview
from player.setup._reload import PARTS, Answer, reload_player
from player.setup._secret import keep_secret
from player.setup._start import Applied, apply

__all__ = [
    "PARTS",
    "Answer",
    "Applied",
    "Change",
    "Draft",
    "Found",
    "Interview",
    "apply",
    "keep_secret",
    "look_around",
    "reload_player",
]
