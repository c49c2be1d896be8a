"""A glance: a few pixels of what is on the surface, beside what should be there, and the verdict on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Eye = Literal["surface", "texture", "server"]
"""What was read: the window's surface in memory, the renderer's texture, or the X server's own screen."""
Verdict = Literal["good", "wrong", "empty"]
"""``wrong``: something else is there. ``empty``: nothing is there but one colour, which is not the picture's."""

_CHANNELS = 3
_TOLERANCE = 12
"""Of 255: dimming is rounded, and a panel of 16 bits a pixel rounds more."""
_MOST_WRONG = 0.1
"""A cursor or a small notice above the picture is no reason to begin anew."""
_FEW = 2


@dataclass(frozen=True, slots=True)
class Glance:
    """The same places twice, three bytes (red, green, blue) each."""

    eye: Eye
    seen: bytes
    meant: bytes


def judge(glance: Glance) -> Verdict:
    """Total: what has no places is good."""
    seen, meant = glance.seen, glance.meant
    places = range(0, min(len(seen), len(meant)) - _CHANNELS + 1, _CHANNELS)
    wrong = sum(_differs(seen, meant, at) for at in places)
    if wrong > _FEW and _is_one_colour(seen):
        return "empty"
    return "wrong" if wrong > max(_FEW, len(places) * _MOST_WRONG) else "good"


def _differs(seen: bytes, meant: bytes, at: int) -> bool:
    return any(abs(seen[at + channel] - meant[at + channel]) > _TOLERANCE for channel in range(_CHANNELS))


def _is_one_colour(pixels: bytes) -> bool:
    channels = [pixels[channel::_CHANNELS] for channel in range(_CHANNELS)]
    return all(max(channel) - min(channel) <= _TOLERANCE for channel in channels)
