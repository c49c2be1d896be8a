"""The guard: tells the watchdog what the show owes, and what an escalation asks of the show."""

from __future__ import annotations

from dataclasses import dataclass

from cache import Clock
from config import Code
from renderer.show._on_air import OnAir
from renderer.show._worker import Worker
from renderer.watchdog import Owed, Watch

_STANDS_NS = 5_000_000_000
"""So long what should move may stand still: a slow decoder has caught up by then, or the next slot has come."""


@dataclass(slots=True)
class Guard:
    """Of one show. Asked at every turn of its loop."""

    watch: Watch
    clock: Clock
    worker: Worker
    exit_code: int | None = None
    """What the process is to end with, when nothing milder is left."""
    _begun_ns: int = 0
    _stands: tuple[OnAir, int] | None = None
    """What stands still although it should move, and since when that is known."""
    _told: tuple[int | None, Code | None] = (None, None)

    def __post_init__(self) -> None:
        self._begun_ns = self.clock.monotonic_ns()

    def due_ns(self) -> int:
        """When the next turn is wanted, at the latest."""
        return self.watch.due_ns()

    def presented(self, on_air: OnAir) -> None:
        """Something else is on now."""
        what = on_air.staged.creative_id or (on_air.instead.card if on_air.instead is not None else None)
        self.watch.presented(f"showing {on_air.staged.choice.kind} {what or ''}".rstrip())

    def turn(self, on_air: OnAir | None) -> Code | None:
        """The fault for which something has to be done now."""
        return self.watch.turn(self.owed(on_air))

    def news(self) -> bool:
        """True when the board should be written again: the surface was looked at since, or a fault came or went."""
        before, self._told = self._told, (self.watch.verified_ns, self.watch.fault)
        return before != self._told

    def owed(self, on_air: OnAir | None) -> list[Owed]:
        """The next slot from its start on, a picture of what moves when it is due, and what the worker was given."""
        owed = []
        busy_ns = self.worker.busy_since_ns
        if busy_ns is not None:
            owed.append(Owed(Code.WATCHDOG_WORKER, busy_ns))
        if on_air is None:
            return [*owed, Owed(Code.WATCHDOG_NO_FRAME, self._begun_ns)]
        if on_air.stands_still:
            stands = self._stands
            if stands is None or stands[0] is not on_air:
                stands = self._stands = (on_air, self.clock.monotonic_ns())
            owed.append(Owed(Code.WATCHDOG_DECODER, stands[1], _STANDS_NS))
        else:
            self._stands = None
        moves_ns = None if on_air.motion is None else on_air.motion.due_ns
        if moves_ns is not None:
            owed.append(Owed(Code.WATCHDOG_NO_FRAME, moves_ns))
        return [*owed, Owed(Code.WATCHDOG_NO_FRAME, on_air.until_ns)]

    def escalate(self, fault: Code, on_air: OnAir | None) -> bool:
        """Take the next step; True when the show is to end: then with ``exit_code``, or to begin on a new display."""
        # A thread that hangs would hold up the show's own end too: no milder step is of use.
        step = self.watch.escalate(fault, "process" if fault is Code.WATCHDOG_WORKER else "renderer")
        if step is None:
            return False
        if on_air is not None:
            on_air.broken = True  # it was not on the screen as it should have been: nobody is billed for it
        if step != "renderer":
            self.exit_code = self.watch.escalator.leave(step, fault)
        return True
