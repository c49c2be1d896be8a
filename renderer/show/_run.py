"""The show's loop: what is on, what comes next, and sleep in between."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cache import Clock
from config import Code
from renderer.show._alarm import Alarm
from renderer.show._captures import write_picture
from renderer.show._forecast import as_document, write_forecast
from renderer.show._guard import Guard
from renderer.show._instead import DARK
from renderer.show._lookout import Lookout, Seen, Ticket
from renderer.show._next import Next
from renderer.show._on_air import OnAir
from renderer.show._orders import Orders
from renderer.show._present import CROSSING_NS, Presenter
from renderer.show._record import Recorder
from renderer.show._settings import ShowSettings
from renderer.show._wall import WallClock
from renderer.show.decide import Choice
from renderer.window import Frame, Movement

log = logging.getLogger("ooh.show")

LEAD_NS = 1_500_000_000
"""The next is staged this long before its time: 0.1 s of work here, 1 s on a slow card."""
_LOOK_NS = 200_000_000
"""And what was chosen is looked for once more this long before it: it may have been taken back."""
_PATIENCE_NS = 250_000_000
"""A look takes milliseconds; with a slow database it is decided by what was seen last."""
_FIRST_PATIENCE_NS = 1_000_000_000
_SLATE_NS = 10_000_000_000
_CARD_NS = 10_000_000_000
"""A status card is drawn anew this often: a tech looks at it."""
_DARK_NS = 30 * 86_400_000_000_000
"""Black is not presented again and again to a display that is off."""


@dataclass(slots=True)
class Show:
    """The player loop, in one thread, with a worker, a clerk and a lookout beside it."""

    clock: Clock
    alarm: Alarm
    coming: Next
    presenter: Presenter
    recorder: Recorder
    settings: ShowSettings
    lookout: Lookout
    orders: Orders
    guard: Guard
    reload: Callable[[], bool] = lambda: False
    """Reads the configuration anew; True when the show is to begin again with another one."""
    wall: WallClock | None = None
    max_plays: int | None = None
    """End when the journal holds this many."""
    display_changed: bool = False
    """True when it ended because the display must be opened anew."""
    config_changed: bool = False
    """True when it ended because another configuration holds."""
    _on_air: OnAir | None = None
    _stopping: bool = False
    _reloading: bool = False
    _seen: Seen = field(default_factory=Seen)
    _look: tuple[Ticket, int] | None = None
    """The look that the next choice waits for, and until when."""
    _looked_for: OnAir | None = None
    """For whose successor the second look was asked."""

    def stop(self) -> None:
        """End the play and leave ``run``. May be called from a signal handler or another thread."""
        self._stopping = True
        self.alarm.nudge()

    def ask_reload(self) -> None:
        """Read the configuration anew, soon. May be called from a signal handler or another thread."""
        self._reloading = True
        self.alarm.nudge()

    @property
    def last_frame(self) -> Frame | None:
        """What is on the screen, or was at the end."""
        return None if self._on_air is None else self._on_air.staged.frame

    def run(self) -> None:
        """Show until stopped, or until there are plays enough."""
        self.lookout.look()
        self.recorder.recover(self.settings.sinks, count=self.max_plays is not None)
        while not self._stopping and not (self._time_is_up() and self._enough()):
            self._notice_news()
            self._keep_alive()
            self._watch_over()
            self._follow_orders()
            self._look_ahead()
            if self._time_is_up() and self.coming.done:
                self._switch()
            else:
                self._sleep()
        self._leave()

    def close(self) -> None:
        """Take the bell down; after ``run``."""
        self.orders.power.close()
        self.alarm.close()
        if self.wall is not None:
            self.wall.close()

    def _keep_alive(self) -> None:
        events = self.presenter.keep_alive(self._on_air, self.settings, self.lookout.seen.snapshots)
        if "changed" in events:
            log.info("display.changed")
            self.display_changed = True
        if events and {"changed", "close"}.intersection(events):
            self.stop()
        for key in {"status", "identify", "pattern", "resume"}.intersection(events):
            self.orders.press(key)
        if self._on_air is not None:
            self.recorder.goes_on(self._on_air)

    def _watch_over(self) -> None:
        """Is what should be on the screen there? And whoever asked for another configuration has it read now."""
        on_air = self._on_air
        fault = self.guard.turn(on_air)
        if fault is Code.WATCHDOG_DECODER and on_air is not None:
            self.coming.leave_out(on_air.staged)
            on_air.end(self.clock.monotonic_ns(), "error")
        if fault is not None and self.guard.escalate(fault, on_air):
            self.display_changed = self.guard.exit_code is None
            self.stop()
        if self.guard.news():
            self.recorder.tell(on_air)
        if self._reloading:
            self._reloading = False
            if self.reload():
                self.config_changed = True
                self.stop()

    def _notice_news(self) -> None:
        """What the lookout saw, and whether the wall clock was set."""
        seen, before = self.lookout.seen, self._seen
        if seen is not before:
            self._seen = seen
            if seen.snapshots != before.snapshots:
                self.presenter.feeds_changed()
            if seen.differs(before):
                self._end_slate()
        if self.wall is not None and self.wall.was_set():
            log.info("clock.set")
            self.presenter.feeds_changed()
            self._end_slate()

    def _follow_orders(self) -> None:
        """When what is on is not what has to be, it ends, and that is staged at once."""
        on_air, now_ns = self._on_air, self.clock.monotonic_ns()
        wanted = self.orders.now(self._seen)
        self.orders.dim(wanted)
        if self.orders.news():
            self.recorder.tell(on_air)
        if on_air is not None and on_air.instead == wanted:
            return
        if self.coming.begun and self.coming.instead != wanted:
            self.coming.drop()
        if on_air is not None:
            on_air.end(now_ns, "screen_off" if wanted == DARK else "cut")

    def _look_ahead(self) -> None:
        """Begin to stage the next when it is time. While there is nothing but the slate, it stays on."""
        on_air, now_ns = self._on_air, self.clock.monotonic_ns()
        if self.coming.begun:
            self._make_ready(on_air, now_ns)
        if self.coming.begun or self._enough() or now_ns < self.coming.paused_until_ns:
            return
        if on_air is not None and now_ns < on_air.until_ns - LEAD_NS:
            return
        starts_ns = now_ns if on_air is None else max(now_ns, on_air.until_ns)
        instead = self.orders.at(starts_ns, self._seen)
        if instead is not None:
            ends_ns = starts_ns + (_DARK_NS if instead == DARK else _CARD_NS)
            if instead.until_ns is not None:
                ends_ns = instead.until_ns if instead.card != "status" else min(ends_ns, instead.until_ns)
            self.coming.begin(self.settings, self.coming.take_turn(instead, max(1, (ends_ns - starts_ns) // 1_000_000)))
            return
        if not self._has_looked(now_ns):
            return
        choice = self.coming.choose(self.settings, starts_ns)
        if choice.kind == "slate" and on_air is not None and on_air.staged.choice.kind == "slate":
            on_air.until_ns = now_ns + _SLATE_NS
            return
        self._await_grid(choice)
        self.coming.begin(self.settings, choice)

    def _has_looked(self, now_ns: int) -> bool:
        """Ask for a look, and be patient until it was done. The show itself never waits for it."""
        if self._look is None:
            patience_ns = _PATIENCE_NS if self._on_air is not None else _FIRST_PATIENCE_NS
            self._look = (self.lookout.look(), now_ns + patience_ns)
        ticket, deadline_ns = self._look
        if now_ns < deadline_ns and not self.lookout.has_looked(ticket):
            return False
        self._look = None
        self._notice_news()
        return True

    def _await_grid(self, choice: Choice) -> None:
        """What is on stays until an aligned slot may start."""
        on_air = self._on_air
        if choice.aligned_ms is not None and on_air is not None:
            ahead_ms = choice.aligned_ms - self.clock.now().timestamp() * 1000
            on_air.until_ns = max(on_air.until_ns, self.clock.monotonic_ns() + round(ahead_ms * 1e6))

    def _make_ready(self, on_air: OnAir | None, now_ns: int) -> None:
        """Upload what is staged, and look once more whether it may still be shown."""
        staged = self.coming.staged
        if staged is not None:
            self.presenter.make_ready(staged)
        if on_air is not None and on_air is not self._looked_for and now_ns >= on_air.until_ns - _LOOK_NS:
            self._looked_for = on_air
            self.lookout.look()

    def _switch(self) -> None:
        """End what is on and bring on the next. The last frame of the old stays until the new one's first."""
        staged = self.coming.take(self.settings)
        if staged is None:
            return
        old, at_ns = self._on_air, None
        if old is not None:
            at_ns = old.until_ns if old.play is not None and old.cut is None else None
            began_ns = self._crossing_from(old)
            closed = self.recorder.ended(old, self.settings.sinks, whole=True)
            submitted_ns = self.clock.monotonic_ns()
            movement = self.presenter.movement(old.staged, staged, self.settings)
            if movement is not None:
                self.presenter.cross(old.staged, staged, movement, began_ns, self._sleep_until)
                at_ns = began_ns + CROSSING_NS
            if closed is not None:
                self.recorder.proof.settle(closed)
                if movement is None:
                    self.presenter.punctual.committed(self.clock.monotonic_ns() - submitted_ns)
        self._on_air = self.presenter.bring_on(staged, at_ns, self._sleep_until)
        self.orders.shown(self._on_air.instead)
        self.guard.presented(self._on_air)
        self.recorder.began(self._on_air, self.presenter.punctual.error_ns)
        self._tell_alignment(self._on_air, crossed=at_ns is not None and old is not None and at_ns > old.until_ns)
        if old is not None:
            old.staged.close()

    def _tell_alignment(self, on_air: OnAir, *, crossed: bool) -> None:
        """How far an aligned start was from its moment: then a crossing begins, which the first frame ends."""
        aligned_ms = on_air.staged.choice.aligned_ms
        if aligned_ms is None:
            return
        error_ms = on_air.shown_at.timestamp() * 1000 - aligned_ms - crossed * CROSSING_NS / 1e6
        self.recorder.notice.aligned(round(error_ms, 1))
        log.info("slot.aligned", extra={"facts": {"error_ms": round(error_ms, 1)}})

    def _crossing_from(self, old: OnAir) -> int:
        """From when a crossing is counted: from the end of what is on, unless that is past by more than a refresh."""
        now_ns = self.clock.monotonic_ns()
        on_time = old.play is not None and now_ns - old.until_ns <= self.presenter.punctual.refresh_ns
        return old.until_ns if on_time else now_ns

    def _sleep(self) -> None:
        on_air = self._on_air
        due = [self.guard.due_ns()]
        if self._look is not None:
            due.append(self._look[1])
        if on_air is not None:
            due += self.presenter.due_ns(on_air)
            due += self.recorder.due_ns()
            if (step_ns := self._next_step_ns(on_air)) is not None:
                due.append(step_ns)
            if on_air.mid_capture_ns is not None:
                due.append(on_air.mid_capture_ns)
        due += self.orders.due_ns()
        self._hear(self.alarm.wait(min(due, default=None), self.presenter.display.pump_s, self._ears()))

    def _next_step_ns(self, on_air: OnAir) -> int | None:
        """When something is to be done about the next; None: when the worker or the lookout says so."""
        if self._enough():
            return on_air.until_ns
        if not self.coming.begun:
            return None if self._look is not None else max(on_air.until_ns - LEAD_NS, self.coming.paused_until_ns)
        if on_air is not self._looked_for:
            return on_air.until_ns - _LOOK_NS
        return self._switch_ns(on_air) if self.coming.done else None

    def _switch_ns(self, on_air: OnAir) -> int:
        """When the switch begins: before the end for a cut, so that the play is on disk when the next comes on."""
        staged = self.coming.staged
        if staged is None or on_air.play is None or self._movement(on_air) is not None:
            return on_air.until_ns
        return on_air.until_ns - self.presenter.punctual.hand_over_ns

    def _movement(self, on_air: OnAir) -> Movement | None:
        staged = self.coming.staged
        return None if staged is None else self.presenter.movement(on_air.staged, staged, self.settings)

    def _sleep_until(self, due_ns: int) -> bool:
        self._hear(self.alarm.wait(due_ns))
        return not self._stopping

    def _ears(self) -> tuple[int, ...]:
        ears = self.presenter.display.ears
        return ears if self.wall is None else (*ears, self.wall.fileno())

    def _hear(self, words: tuple[str, ...]) -> None:
        for word in words:
            name, _, rest = word.partition(":")
            match name.partition("@")[0]:
                case "leases" | "feeds":
                    self.lookout.look()
                case "service":
                    self.orders.refresh()
                case "screenshot":
                    self._screenshot(Path(rest), name.partition("@")[2])
                case "forecast":
                    self._forecast(Path(rest))
                case "stop":
                    self._stopping = True
                case _:
                    log.debug("bell.unknown", extra={"facts": {"word": name[:40]}})

    def _screenshot(self, target: Path, most_width: str) -> None:
        """Copy what was presented now; the file is made aside."""
        width = int(most_width) if most_width.isascii() and most_width.isdigit() and most_width != "0" else None
        self.presenter.worker.do_aside(write_picture, self.presenter.display.capture(width), target)

    def _forecast(self, target: Path) -> None:
        """What the loop would show next; the file is made aside."""
        now_ns = self.clock.monotonic_ns()
        coming = self.coming.forecast(self.settings, now_ns if self._on_air is None else self._on_air.until_ns)
        self.presenter.worker.do_aside(write_forecast, as_document(coming, now_ns), target)

    def _end_slate(self) -> None:
        """There may be something better than the slate now, be it on or coming."""
        self.coming.drop_slate()
        if self._on_air is not None and self._on_air.staged.choice.kind == "slate":
            self._on_air.until_ns = min(self._on_air.until_ns, self.clock.monotonic_ns())

    def _time_is_up(self) -> bool:
        return self._on_air is None or self.clock.monotonic_ns() >= self._switch_ns(self._on_air)

    def _enough(self) -> bool:
        """True when what is on, or was on, is the last play that is wanted."""
        return self.max_plays is not None and self.recorder.plays >= self.max_plays

    def _leave(self) -> None:
        if self._on_air is not None:
            closed = self.recorder.ended(self._on_air, self.settings.sinks, whole=self._time_is_up())
            if closed is not None:
                self.recorder.proof.settle(closed)
            self._on_air.staged.close()
        self.coming.drop()
        self.recorder.close()
