"""The presenter: brings a staged choice on at its time, crosses over, moves pictures and keeps panels true."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from cache import Clock
from renderer.show._on_air import OnAir
from renderer.show._punctual import Punctual
from renderer.show._settings import ShowSettings
from renderer.show._tiles import Snapshots, changes_at
from renderer.show._worker import Worker
from renderer.show.stage import Redrawn, Staged, apply, redraw
from renderer.window import Crossing, Display, Movement, WindowEvent

log = logging.getLogger("ooh.show")

CROSSING_NS = 400_000_000
_MOST_STEPS_HZ = 60.0

SleepUntil = Callable[[int], bool]
"""Sleeps until a monotonic time, or less when something rings; False when the show is to end."""


@dataclass(slots=True)
class Presenter:
    """Everything that reaches the display goes through here."""

    display: Display
    clock: Clock
    worker: Worker
    punctual: Punctual = field(init=False)
    _redraw: tuple[Staged, Future[Redrawn]] | None = None
    _stale: bool = False
    """True when feeds changed since the panels were drawn."""
    _ready: Staged | None = None

    def __post_init__(self) -> None:
        self.punctual = Punctual(self.display.output)

    def make_ready(self, staged: Staged | None) -> None:
        """Do ahead what presenting its first frame takes: once for each. Raises as the display does."""
        if staged is not None and staged is not self._ready:
            self._ready = staged
            self.display.make_ready(staged.frame)

    def bring_on(self, staged: Staged, at_ns: int | None = None, sleep_until: SleepUntil | None = None) -> OnAir:
        """Present its first whole frame, so that it is on at ``at_ns`` (None: now).

        It shows for as long as planned from then on: a frame that comes late, by no more than one refresh, does not
        move what comes after it.
        """
        if at_ns is not None and sleep_until is not None:
            call_ns = at_ns - self.punctual.lead_ns
            while self.clock.monotonic_ns() < call_ns and sleep_until(call_ns):
                pass
        called_ns = self.clock.monotonic_ns()
        started_ns = self.display.show(staged.frame)
        shown_at = self.clock.now()
        self.punctual.presented(started_ns - called_ns)
        self._ready = None
        from_ns = self.punctual.counted_from(started_ns, at_ns)
        if staged.motion is not None:
            staged.motion.begin(started_ns)
        return OnAir(staged, started_ns, shown_at, from_ns + staged.choice.planned_ms * 1_000_000, motion=staged.motion)

    def movement(self, old: Staged, new: Staged, settings: ShowSettings) -> Movement | None:
        """How the new takes the place of the old; None: at once."""
        if old.choice.kind == new.choice.kind == "content":
            return None  # two rounds of content look the same but for their tiles: a fade would only cost power
        wanted = new.choice.transition if new.choice.transition != "default" else settings.transition
        return None if wanted == "cut" else wanted

    def cross(self, old: Staged, new: Staged, movement: Movement, began_ns: int, sleep_until: SleepUntil) -> None:
        """Go over by the clock, ``CROSSING_NS`` from ``began_ns``: a slow machine takes fewer steps, not more time."""
        crossing = self._crossing(old, new, movement)
        if crossing is None:
            return
        step_ns = round(1e9 / min(_MOST_STEPS_HZ, self.display.output.refresh_hz))
        due_ns = began_ns + step_ns
        while due_ns < began_ns + CROSSING_NS and sleep_until(due_ns):
            now_ns = self.clock.monotonic_ns()
            if now_ns >= began_ns + CROSSING_NS:
                return
            if now_ns >= due_ns:  # a bell may have rung before
                due_ns = max(due_ns + step_ns, crossing.step(_eased((now_ns - began_ns) / CROSSING_NS)))

    def _crossing(self, old: Staged, new: Staged, movement: Movement) -> Crossing | None:
        try:
            return self.display.cross(old.frame, new.frame, movement)
        except MemoryError:
            log.exception("crossing.failed")  # then it is a cut, when its time has come
            return None

    def keep_alive(self, on_air: OnAir | None, settings: ShowSettings, snapshots: Snapshots) -> tuple[WindowEvent, ...]:
        """Present what is due: animation frames, panels that changed. Returns what the window has to say."""
        events = self.display.pump()
        if on_air is not None:
            if "exposed" in events:
                self.display.show(on_air.staged.frame)
            self._animate(on_air)
            self._refresh_panels(on_air, settings, snapshots)
        return events

    def feeds_changed(self) -> None:
        """There are new snapshots, or the wall clock was set."""
        self._stale = True

    def due_ns(self, on_air: OnAir) -> list[int]:
        """When the next things are to be presented."""
        moves_ns = None if on_air.motion is None else on_air.motion.due_ns
        due = [] if moves_ns is None else [moves_ns]
        changes = changes_at(on_air.staged.tiles)
        if self._redraw is None and on_air.staged.areas and changes is not None:
            away_s = max(0.0, (changes - self.clock.now()).total_seconds())
            due.append(self.clock.monotonic_ns() + round(away_s * 1e9))
        return due

    def _animate(self, on_air: OnAir) -> None:
        moved = on_air.animate(self.clock.monotonic_ns())
        if moved is not None:
            self.display.show(on_air.staged.frame, moved.dirty, moved.overlay)
            on_air.frames_presented += 1

    def _refresh_panels(self, on_air: OnAir, settings: ShowSettings, snapshots: Snapshots) -> None:
        """Have changed panels drawn by the worker, and present them when they are."""
        self._take_redrawn(on_air)
        if self._redraw is None and on_air.staged.areas and self._out_of_date(on_air.staged):
            self._stale = False
            job = self.worker.do(redraw, settings, on_air.staged, snapshots, self.clock.now())
            self._redraw = (on_air.staged, job)

    def _take_redrawn(self, on_air: OnAir) -> None:
        if self._redraw is None or not self._redraw[1].done():
            return
        (staged, job), self._redraw = self._redraw, None
        if staged is not on_air.staged:
            return
        if error := job.exception():
            log.error("panels.failed", exc_info=error)
            staged.areas = ()  # the panels stay as they are until the next play
        elif dirty := apply(staged, job.result()):
            self.display.show(staged.frame, dirty)
            on_air.frames_presented += 1

    def _out_of_date(self, staged: Staged) -> bool:
        due = changes_at(staged.tiles)
        return self._stale or (due is not None and self.clock.now() >= due)


def _eased(share: float) -> float:
    """Slow at both ends (smoothstep): calmer than a linear fade."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
