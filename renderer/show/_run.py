"""The show's loop: what is on, what comes next, and sleep in between."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from cache import Clock
from renderer.show._alarm import Alarm
from renderer.show._captures import write_png
from renderer.show._next import Next
from renderer.show._on_air import OnAir
from renderer.show._present import Presenter
from renderer.show._record import Recorder
from renderer.show._settings import ShowSettings

log = logging.getLogger("ooh.show")

LEAD_NS = 1_500_000_000
"""The next is staged this long before its time: 0.1 s of work here, 1 s on a slow card."""
_SLATE_NS = 10_000_000_000


@dataclass(slots=True)
class Show:
    """The player loop, in one thread, with a worker beside it."""

    clock: Clock
    alarm: Alarm
    coming: Next
    presenter: Presenter
    recorder: Recorder
    settings: ShowSettings
    max_plays: int | None = None
    """End when the journal holds this many."""
    _on_air: OnAir | None = None
    _stopping: bool = False

    def stop(self) -> None:
        """End the play and leave ``run``. May be called from a signal handler or another thread."""
        self._stopping = True
        self.alarm.nudge()

    def run(self) -> None:
        """Show until stopped, or until there are plays enough."""
        self.recorder.recover(self.settings.sinks)
        self.coming.shelf.look()
        while not self._stopping and not (self._time_is_up() and self._enough()):
            self._keep_alive()
            self._look_ahead()
            if self._time_is_up() and self.coming.done:
                self._switch()
            else:
                self._sleep()
        self._leave()

    def _keep_alive(self) -> None:
        if not self.presenter.keep_alive(self._on_air, self.settings, self.coming.shelf.snapshots):
            self.stop()
        if self._on_air is not None:
            self.recorder.goes_on(self._on_air)

    def _look_ahead(self) -> None:
        """Begin to stage the next when it is time. While there is nothing but the slate, it stays on."""
        on_air = self._on_air
        if self.coming.begun or self._enough():
            return
        if on_air is not None and self.clock.monotonic_ns() < on_air.until_ns - LEAD_NS:
            return
        choice = self.coming.choose(self.settings)
        if choice.kind == "slate" and on_air is not None and on_air.play is None:
            on_air.until_ns = self.clock.monotonic_ns() + _SLATE_NS
            return
        self.coming.begin(self.settings, choice)

    def _switch(self) -> None:
        """End what is on and bring on the next. The last frame of the old stays until the new one's first."""
        staged = self.coming.take(self.settings)
        if staged is None:
            return
        old = self._on_air
        if old is not None:
            self.recorder.ended(old, self.settings.sinks, whole=True)
            self.presenter.fade(old.staged, staged, self._sleep_until)
        self._on_air = self.presenter.bring_on(staged)
        self.recorder.began(self._on_air)
        if old is not None:
            old.staged.close()

    def _sleep(self) -> None:
        on_air = self._on_air
        due: list[int] = []
        if on_air is not None:
            due = self.presenter.due_ns(on_air)
            if not self._time_is_up():
                due.append(on_air.until_ns if self.coming.begun or self._enough() else on_air.until_ns - LEAD_NS)
            if on_air.mid_capture_ns is not None:
                due.append(on_air.mid_capture_ns)
        self._hear(self.alarm.wait(min(due, default=None), self.presenter.display.pump_s))

    def _sleep_until(self, due_ns: int) -> bool:
        self._hear(self.alarm.wait(due_ns))
        return not self._stopping

    def _hear(self, words: tuple[str, ...]) -> None:
        for word in words:
            name, _, rest = word.partition(":")
            match name:
                case "leases":
                    self._end_slate()
                case "feeds":
                    self._new_feeds()
                case "screenshot":
                    self.presenter.worker.do_aside(write_png, self.presenter.display.capture(), Path(rest))
                case "stop":
                    self._stopping = True
                case _:
                    log.debug("bell.unknown", extra={"facts": {"word": name[:40]}})

    def _new_feeds(self) -> None:
        if self.coming.shelf.look():
            self.presenter.feeds_changed()
        self._end_slate()

    def _end_slate(self) -> None:
        """There may be something better than the slate now, be it on or coming."""
        self.coming.drop_slate()
        if self._on_air is not None and self._on_air.play is None:
            self._on_air.until_ns = min(self._on_air.until_ns, self.clock.monotonic_ns())

    def _time_is_up(self) -> bool:
        return self._on_air is None or self.clock.monotonic_ns() >= self._on_air.until_ns

    def _enough(self) -> bool:
        """True when what is on, or was on, is the last play that is wanted."""
        return self.max_plays is not None and self.recorder.plays >= self.max_plays

    def _leave(self) -> None:
        if self._on_air is not None:
            self.recorder.ended(self._on_air, self.settings.sinks, whole=self._time_is_up())
            self._on_air.staged.close()
        self.coming.drop()
        self.recorder.close()
