"""A switch: one way to turn a display off and on."""

from __future__ import annotations

from typing import Protocol

from cache import DisplayState
from config import OohError


class Switch(Protocol):
    """Blocks while it works; used from one thread at a time."""

    @property
    def name(self) -> str:
        """How it does it: ``cec``, ``dpms``."""

    def turn(self, *, on: bool) -> DisplayState:
        """Do it, and say what the display itself tells afterwards; ``unknown`` when it tells nothing.

        Raises ``OohError`` (DISPLAY_NOT_SWITCHED) when it cannot be done.
        """


class Switches:
    """Several ways, best first: off by the first kind that can, on by all, for an earlier process may have used any.

    ``name`` is that of the one which did it last.
    """

    def __init__(self, ways: tuple[Switch, ...]) -> None:
        """At least one."""
        self._ways = ways
        self.name = ways[0].name

    def turn(self, *, on: bool) -> DisplayState:
        """See `Switch`. Raises the last way's error when none can."""
        states: dict[str, DisplayState] = {}
        failed: OohError | None = None
        for way in self._ways:
            if states and not on and way.name not in states:
                break
            try:
                states[way.name] = _worse(states.get(way.name), way.turn(on=on))
            except OohError as error:
                failed = error
        if not states and failed is not None:
            raise failed
        best: DisplayState = "off" if "off" in states.values() else "on" if "on" in states.values() else "unknown"
        self.name = next((name for name, state in states.items() if state == best), self.name)
        return best


def _worse(one: DisplayState | None, other: DisplayState) -> DisplayState:
    """Of two displays: what holds for both."""
    return other if one in {None, other} else "unknown"
