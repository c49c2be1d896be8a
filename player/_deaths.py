"""What is done when a process of the player has died: the play's end is stamped, an escalation counted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cache import Clock, Folders, Playhead
from config import Code
from player._child import Exit
from renderer.watchdog import EXIT_SERVICE, RESCUE, Escalator

OnExit = Callable[[Exit], None]


def stamp_death(run: Path, clock: Clock) -> OnExit:
    """For ``on_exit``: when the screen dies, its playhead gets the moment in which the picture ended."""

    def stamp(ended: Exit) -> None:
        if ended.name == "screen" and ended.crashed and ended.pid is not None:
            playhead = Playhead(run)
            playhead.stamp_death(clock.monotonic_ns())
            playhead.close()

    return stamp


def escalate(folders: Folders, clock: Clock, restart_all: Callable[[], None]) -> OnExit:
    """For ``on_exit``: when the screen was ended because it hung, that is one escalation more.

    A screen that ends with `EXIT_SERVICE` has counted its own, and asks for all to be started again.
    """

    def climb(ended: Exit) -> None:
        if ended.name != "screen":
            return
        if ended.code == EXIT_SERVICE:
            with suppress(OSError):  # on a card that can only be read there is nothing to remove
                (folders.run / RESCUE).unlink(missing_ok=True)
            restart_all()
        elif ended.hung and Escalator(folders, clock).step(Code.WATCHDOG_FROZEN, "process") == "service":
            restart_all()

    return climb
