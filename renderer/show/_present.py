"""The presenter: brings a staged choice on, fades, moves animations and keeps panels true."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from cache import Clock
from config import OohError
from renderer.show._motion import Motion
from renderer.show._on_air import OnAir
from renderer.show._settings import ShowSettings
from renderer.show._tiles import Snapshots, changes_at
from renderer.show._worker import Worker
from renderer.show.stage import Redrawn, Staged, apply, redraw
from renderer.window import Display

log = logging.getLogger("ooh.show")

FADE_NS = 400_000_000
_MOST_FADE_HZ = 60.0

SleepUntil = Callable[[int], bool]
"""Sleeps until a monotonic time, or less when something rings; False when the show is to end."""


@dataclass(slots=True)
class Presenter:
    """Everything that reaches the display goes through here."""

    display: Display
    clock: Clock
    worker: Worker
    _redraw: tuple[Staged, Future[Redrawn]] | None = None
    _stale: bool = False
    """True when feeds changed since the panels were drawn."""

    def bring_on(self, staged: Staged) -> OnAir:
        """Present its first whole frame."""
        started_ns = self.display.show(staged.frame)
        shown_at = self.clock.now()
        until_ns = started_ns + staged.choice.planned_ms * 1_000_000
        motion = Motion(staged.delays_ms, started_ns) if len(staged.delays_ms) > 1 else None
        return OnAir(staged, started_ns, shown_at, until_ns, motion=motion)

    def fade(self, old: Staged, new: Staged, sleep_until: SleepUntil) -> None:
        """Cross-fade by the clock: a slow machine takes fewer steps, not more time."""
        if new.choice.transition != "fade" or (old.choice.kind == new.choice.kind == "content"):
            return  # two rounds of content look the same but for their tiles: a fade would only cost power
        fade = self.display.fade(old.frame, new.frame)
        step_ns = round(1e9 / min(_MOST_FADE_HZ, self.display.refresh_hz))
        began_ns = self.clock.monotonic_ns()
        due_ns = began_ns + step_ns
        while due_ns < began_ns + FADE_NS and sleep_until(due_ns):
            now_ns = self.clock.monotonic_ns()
            if now_ns >= due_ns:  # a bell may have rung before
                due_ns = max(due_ns + step_ns, fade.step(_eased((now_ns - began_ns) / FADE_NS)))

    def keep_alive(self, on_air: OnAir | None, settings: ShowSettings, snapshots: Snapshots) -> bool:
        """Present what is due: animation frames, panels that changed. False when a person closed the window."""
        events = self.display.pump()
        if on_air is not None:
            if "exposed" in events:
                self.display.show(on_air.staged.frame)
            self._animate(on_air)
            self._refresh_panels(on_air, settings, snapshots)
        return "close" not in events

    def feeds_changed(self) -> None:
        """There are new snapshots."""
        self._stale = True

    def due_ns(self, on_air: OnAir) -> list[int]:
        """When the next things are to be presented."""
        due = [] if on_air.motion is None else [on_air.motion.due_ns]
        changes = changes_at(on_air.staged.tiles)
        if self._redraw is None and on_air.staged.areas and changes is not None:
            away_s = max(0.0, (changes - self.clock.now()).total_seconds())
            due.append(self.clock.monotonic_ns() + round(away_s * 1e9))
        return due

    def _animate(self, on_air: OnAir) -> None:
        try:
            changed = on_air.animate(self.clock.monotonic_ns())
        except OohError:
            log.exception("animation.failed", extra={"facts": {"creative": on_air.staged.creative_id}})
            on_air.motion = None  # its last good frame stays
            return
        if changed is not None:
            self.display.show(on_air.staged.frame, (changed,))
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
