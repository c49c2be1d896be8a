"""The watch: is what is owed presented, and is it on the surface? Only then whoever watches this process is told so."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Protocol

from cache import Clock, EscalationStep, Notify
from config import Code
from renderer.watchdog._escalate import Escalator
from renderer.watchdog._glance import Eye, Glance, Verdict, judge

log = logging.getLogger("ooh.watchdog")

_BEAT_NS = 10_000_000_000
"""A still owes no frame: this often it is looked at, and that is all that the watch costs then."""
_AGAIN_NS = 1_000_000_000
_LATE_NS = 1_000_000_000
"""What is owed for longer is not forgiven by whoever watches from outside."""
_CODES: dict[Verdict, Code] = {"wrong": Code.WATCHDOG_SURFACE, "empty": Code.WATCHDOG_EMPTY}


@dataclass(frozen=True, slots=True)
class Owed:
    """What the screen has owed since ``since_ns`` (monotonic; may lie ahead), and for how long that is borne."""

    reason: Code
    since_ns: int
    limit_ns: int | None = None
    """None: as configured."""


class Surface(Protocol):
    """Of a display: what the watch needs."""

    @property
    def shown_ns(self) -> int:
        """When anything was presented last, monotonic."""

    def glance(self, turn: int) -> tuple[Glance, ...]:
        """See `renderer.window.Display`."""

    def show_again(self) -> None:
        """See `renderer.window.Display`."""


@dataclass(slots=True)
class Watch:
    """One for the whole process; each display that is opened is given to it by ``begin``.

    It belongs to the main loop: ``turn`` is called there at every turn, and nowhere else. So when that loop hangs, in
    a present call or anywhere, nobody says that all is well, and who watches from outside ends the process.
    """

    clock: Clock
    notify: Notify
    escalator: Escalator
    limit_ns: int = 20_000_000_000
    """How long what is owed is borne."""
    looks: bool = True
    """False: only that frames come is watched, not what is on the surface."""
    fault: Code | None = None
    """What is wrong now."""
    verified_ns: int | None = None
    """When it was last as it should be: nothing owed, and on the surface what was presented."""
    mended: int = 0
    """How often presenting once more has cured it."""
    _surface: Surface | None = None
    _presented: bool = False
    _ready: bool = False
    _suspect: Verdict | None = None
    _trusted: set[Eye] = field(default_factory=set)
    _glances: int = 0
    _last_turn_ns: int = 0
    _awake_ns: int = 0
    """Since when the turns have come without a gap: a process that was stopped owes nothing for that time."""
    _well_ns: int = 0
    _beat_due_ns: int = 0
    _judged_ns: int = 0
    """When the next of what is owed becomes a fault."""
    _status: str = ""

    def __post_init__(self) -> None:
        self._well_ns = self._last_turn_ns = self._awake_ns = self.clock.monotonic_ns()

    @property
    def beat_ns(self) -> int:
        """How often it looks."""
        watchdog_s = self.notify.watchdog_s
        return _BEAT_NS if watchdog_s is None else min(_BEAT_NS, round(watchdog_s * 1e9))

    def begin(self, surface: Surface) -> None:
        """Another display is open, or the same one has another show."""
        self._surface = surface
        self._presented, self._suspect = False, None
        self._awake_ns = self._last_turn_ns = self.clock.monotonic_ns()
        self._beat_due_ns = self._judged_ns = self._awake_ns + self.beat_ns

    def trust(self, eyes: Collection[Eye]) -> None:
        """What these see is believed from the start: they have seen it right before this process."""
        self._trusted |= set(eyes)

    def presented(self, status: str) -> None:
        """Something else is on now: the first time it is looked at, at once."""
        if not self._presented:
            self._presented = True
            self._beat_due_ns = self.clock.monotonic_ns()
        if status != self._status:
            self._status = status
            self.notify.status(status)

    def reloads(self) -> None:
        """The configuration is read anew; it is ready again when it was looked at next, and is well."""
        self.notify.reloading(self.clock.monotonic_ns() // 1_000)
        self._ready = False
        self._beat_due_ns = min(self._beat_due_ns, self.clock.monotonic_ns())

    def due_ns(self) -> int:
        """When the next turn is wanted, at the latest."""
        return min(self._beat_due_ns, self._judged_ns)

    def turn(self, owed: Collection[Owed]) -> Code | None:
        """One turn of the main loop; returns the fault for which something has to be done now."""
        now_ns = self.clock.monotonic_ns()
        if now_ns - self._last_turn_ns > self.beat_ns + _LATE_NS:
            self._awake_ns = now_ns
        self._last_turn_ns = now_ns
        ages = [(now_ns - max(each.since_ns, self._awake_ns), each) for each in owed]
        left_ns = [(each.limit_ns or self.limit_ns) - age_ns for age_ns, each in ages]
        self._judged_ns = now_ns + min((left for left in left_ns if left >= 0), default=self.beat_ns) + 1
        broken = [each for left, (_, each) in zip(left_ns, ages, strict=True) if left < 0]
        if broken and (self.fault is None or now_ns >= self._beat_due_ns):
            return self._found(broken[0].reason)
        if now_ns < self._beat_due_ns:
            return None
        return self._beat(now_ns, late=any(age_ns > _LATE_NS for age_ns, _ in ages))

    def escalate(self, reason: Code, least: EscalationStep = "renderer") -> EscalationStep | None:
        """The step to be taken now, counted already; None: wait. While it waits by that plan, it is alive."""
        step = self.escalator.step(reason, least)
        if step is None and self._presented:
            self._feed()
        return step

    def facts(self) -> dict[str, Any]:
        """For the screen's board. Times are monotonic ns; ``eyes``: what is compared with what was presented.

        ``last_frame_ns``: when a frame was last presented, or was seen to be there still as it was presented: a still
        that is on for an hour is not an hour old. ``presented_ns`` is the former alone.
        """
        shown_ns = None if self._surface is None else self._surface.shown_ns
        seen_ns = [ns for ns in (shown_ns, self.verified_ns) if ns is not None]
        told = {
            "fault": None if self.fault is None else self.fault.code,
            "presented_ns": shown_ns,
            "verified_ns": self.verified_ns,
            "mended": self.mended,
            "eyes": sorted(self._trusted),
        }
        return {"last_frame_ns": max(seen_ns, default=None), "watchdog": told | self.escalator.known.as_json()}

    def _beat(self, now_ns: int, *, late: bool) -> Code | None:
        verdict: Verdict = "good" if late or not self._presented else self._look()
        if verdict != "good":
            if self._suspect is not None:
                return self._found(_CODES[verdict])
            self._present_again(verdict, now_ns)
            return None
        if late or not self._presented:
            self._beat_due_ns = now_ns + _AGAIN_NS
            return None
        self._good(now_ns)
        return None

    def _look(self) -> Verdict:
        """The worst of what the eyes see. An eye on a server that never saw it right is not believed.

        Some servers do not let their screen be read (Xwayland shows black); on others it is trusted for good.
        """
        if not self.looks or self._surface is None:
            return "good"
        self._glances += 1
        verdicts = {glance.eye: judge(glance) for glance in self._surface.glance(self._glances)}
        self._trusted |= {eye for eye, verdict in verdicts.items() if verdict == "good" or eye != "server"}
        believed = {verdict for eye, verdict in verdicts.items() if eye in self._trusted}
        return "empty" if "empty" in believed else "wrong" if "wrong" in believed else "good"

    def _present_again(self, verdict: Verdict, now_ns: int) -> None:
        """The mildest cure, and no escalation: most of what others do to a window is undone by it."""
        log.warning("surface.not_as_presented", extra={"facts": {"code": _CODES[verdict].code}})
        self._suspect = verdict
        self._beat_due_ns = now_ns + _AGAIN_NS
        if self._surface is not None:
            self._surface.show_again()

    def _good(self, now_ns: int) -> None:
        if self._suspect is not None:
            self._suspect = None
            self.mended += 1
            log.info("surface.mended")
        if self.fault is not None:
            log.info("watchdog.well", extra={"facts": {"was": self.fault.code}})
            self.fault = None
        self.verified_ns = now_ns
        self._beat_due_ns = now_ns + self.beat_ns
        self._feed()
        self.escalator.well(now_ns - self._well_ns)

    def _found(self, reason: Code) -> Code:
        self.fault = reason
        self._well_ns = self.clock.monotonic_ns()
        self._beat_due_ns = self._well_ns + self.beat_ns
        return reason

    def _feed(self) -> None:
        """Ready before alive: a start is over when a frame was presented, and is on the surface."""
        if not self._ready:
            self._ready = self.notify.ready()
            self.notify.status(self._status)
        self.notify.watchdog()
