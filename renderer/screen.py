"""The screen process: opens the display, the journal and the cache, and runs the show. No network here."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from cache import (
    Board,
    Cache,
    Clock,
    CodeCounter,
    Doorbell,
    Folders,
    Identity,
    Journal,
    Notify,
    Playhead,
    ScreenHours,
    Store,
)
from config import Config, ConfigError, OohError, ScreenConfig, Size, config_hash
from renderer.card import Cards, CardSaid
from renderer.panels import slate
from renderer.power import Power, find_backlight, find_switch
from renderer.show import (
    Alarm,
    CaptureFolder,
    Clerk,
    Dimmer,
    Guard,
    Lookout,
    Next,
    Notice,
    Orders,
    Presenter,
    Proof,
    Recorder,
    Show,
    ShowSettings,
    Stager,
    Troubles,
    WallClock,
    Worker,
    is_provisioned,
)
from renderer.video import Videos
from renderer.watchdog import Escalator, Eye, Watch
from renderer.window import Display, Frame, open_display

log = logging.getLogger("ooh.screen")

T = TypeVar("T")
Reload = Callable[[], Config]
"""Reads the configuration anew. Raises ``ConfigError``."""

_DISK_AGAIN_S = 5.0
_UNDIMMED = 100


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """What one run of the screen is asked besides the config."""

    headless: bool = False
    """Draw into memory; no display is needed."""
    size: Size | None = None
    """Another size than the config's, before rotation."""
    max_plays: int | None = None
    """End with 0 once the journal holds this many plays."""
    capture_dir: Path | None = None
    """Keep what was presented here, raw: ``0001.bgrx`` and ``0001.json``."""


def run_screen(
    config: Config,
    folders: Folders,
    clock: Clock,
    options: ScreenOptions,
    version: str,
    reload: Reload | None = None,
) -> int:
    """Run the show until SIGTERM or enough plays; returns the exit code, that of an escalation (75, 76) included.

    ``reload`` is called on SIGHUP and reads the configuration anew; None: SIGHUP ends the show as SIGTERM does.
    Raises ``OohError`` (DISPLAY_UNAVAILABLE) when there is no display; the supervisor starts the process again.
    """
    watch = Watch(clock, Notify.of(os.environ), Escalator(folders, clock))
    screen = Screen(_sized(config, options), folders, clock, options, version, watch, reload)
    screen.codes.watch()
    exit_code = screen.run()
    screen.codes.unwatch()
    watch.notify.stopping()
    log.info("screen.ended", extra={"facts": {"exit": exit_code}} if exit_code else None)
    return exit_code


def _sized(config: Config, options: ScreenOptions) -> Config:
    size = options.size
    return config if size is None else replace(config, screen=replace(config.screen, size=str(size)))


@dataclass(slots=True)
class Screen:
    """What outlives a show: a display that is opened anew and a new configuration begin another one."""

    config: Config
    folders: Folders
    clock: Clock
    options: ScreenOptions
    version: str
    watch: Watch
    reload: Reload | None = None
    codes: CodeCounter = field(default_factory=CodeCounter)
    """Of the errors in this process's log."""
    _display: Display | None = None
    _last_frame: Frame | None = None
    _refused: dict[str, int] = field(default_factory=dict)
    _show: Show | None = None
    _reloads: bool = False
    _ends: bool = False

    def run(self) -> int:
        """One show after the other; returns the process's exit code."""
        self._set_watch()
        self.watch.trust(trusted_eyes(self.folders.run, self.clock.boot_id()))
        exit_code = self.watch.escalator.after_last_life()
        if exit_code is not None:
            return exit_code
        with _signals(self.on_signal):
            try:
                while True:
                    show = self._run_show(self._display or self._open())
                    if show.guard.exit_code is not None:
                        return show.guard.exit_code
                    if self._ends or not (show.display_changed or show.config_changed):
                        return 0
            finally:
                self._close()

    def on_signal(self, number: int) -> None:
        """SIGTERM and SIGINT end the show in good order; SIGHUP has the configuration read anew.

        Between two shows the first two end the process as it stands, and SIGHUP waits for the next show. Where there
        is nothing to read anew, SIGHUP (a closed terminal) ends it too.
        """
        if number == signal.SIGHUP and self.reload is not None:
            self._reloads = True
            if self._show is not None:
                self._show.ask_reload()
        elif self._show is not None:
            self._ends = True  # it may be ending for another reason already, to be followed by another one
            self._show.stop()
        else:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def _run_show(self, display: Display) -> Show:
        """Until it is stopped, or another display, size or configuration is there."""
        self.watch.begin(display)
        ground, opened_for = self.config.layout.brand_colour, self.config.screen
        show: Show | None = None
        try:
            store = self._insist(partial(_show_slate, display, ground))
            show = self._show = self._build(display, store)
            if self._reloads:
                show.ask_reload()
            with _woken_by_signals(show):
                show.run()
        finally:
            self._show = None
            if show is not None:
                show.close()
        self._last_frame = show.last_frame
        if show.display_changed or not same_window(opened_for, self.config.screen):
            self._close()
            log.info("screen.reopens")
        return show

    def _open(self) -> Display:
        """Open the display. What was on before it was closed is on again at once, not the bare ground."""
        screen, ground = self.config.screen, self.config.layout.brand_colour
        display = self._display = open_display(
            screen, headless=self.options.headless, environ=os.environ, clock=self.clock, ground=ground
        )
        if self._last_frame is not None and self._last_frame.size == display.size:
            display.show(self._last_frame)
        facts = {**asdict(display.output), "size": str(display.size), "evidence": display.evidence}
        log.info("screen.opened", extra={"facts": facts})
        return display

    def _close(self) -> None:
        display, self._display = self._display, None
        if display is not None:
            display.close()

    def _insist(self, show_slate: Callable[[], None]) -> Store:
        """While the disk refuses, the slate is on: never a dark screen, never an exit."""
        troubles = Troubles("disk")
        while True:
            with troubles:
                return Store(self.folders.store, self.config.cache.max_bytes)
            show_slate()
            self.watch.presented("showing the slate: the disk cannot be used")
            again_ns = self.clock.monotonic_ns() + round(_DISK_AGAIN_S * 1e9)
            while self.clock.monotonic_ns() < again_ns:
                self.watch.turn(())
                time.sleep(1.0)

    def _take_config(self) -> bool:
        """Read the configuration anew. True when it is another one; a bad one is refused and the old one goes on."""
        self._reloads = False
        if self.reload is None:
            return False
        self.watch.reloads()
        try:
            config = _sized(self.reload(), self.options)
        except ConfigError as error:
            for problem in error.problems:
                log.error("config.refused", extra={"facts": {"problem": str(problem)}})  # noqa: TRY400 - it says it all
            return False
        changed = config != self.config
        log.info("config.reloaded", extra={"facts": {"changed": changed}})
        self.config = config
        self._set_watch()
        return changed

    def _set_watch(self) -> None:
        """What the configuration says of it."""
        wanted, watch = self.config.watchdog, self.watch
        watch.limit_ns, watch.looks = round(wanted.seconds * 1e9), wanted.surface
        watch.escalator.may_reboot = wanted.reboot and watch.notify.by_systemd

    def _build(self, display: Display, store: Store) -> Show:
        """Put the show's parts together. Journal and cache are opened beside it, by those who use them."""
        config, folders, clock, version = self.config, self.folders, self.clock, self.version
        identity = Identity(config.screen.id, config.screen.venue or None, version)
        alarm = Alarm(_or_none("doorbell", lambda: Doorbell.listen(folders.run, "screen")), clock)
        lookout = Lookout(
            lambda: Journal.open(folders.state, clock, identity, check=False),
            lambda: Cache.open(folders, clock, config.cache.max_bytes),
            clock,
            alarm.nudge,
        )
        playhead = _or_none("playhead", lambda: Playhead(folders.run))
        proof = Proof(lambda: Journal.open(folders.state, clock, identity), playhead, Clerk(done=alarm.nudge), lookout)
        worker = Worker(alarm.nudge)
        orders = _orders(config, folders, clock, display, alarm)
        board = Board(folders.run, "screen")
        notice = Notice(board, display, version, config_hash(config), orders, self.watch, self.codes)
        captures = CaptureFolder(self.options.capture_dir) if self.options.capture_dir is not None else None
        videos = Videos(planar=display.takes_yuv, clock=clock)
        cards = Cards(CardSaid.of(config, version, display.output), folders.run, clock)
        return Show(
            clock=clock,
            alarm=alarm,
            coming=Next(clock, Stager(store, videos, cards), lookout, proof, worker, refused=self._refused),
            presenter=Presenter(display, clock, worker),
            recorder=Recorder(clock, display, proof, notice, store, worker, folders.run, captures, power=orders.power),
            settings=ShowSettings.of(config, display.size),
            lookout=lookout,
            orders=orders,
            guard=Guard(self.watch, clock, worker),
            reload=self._take_config,
            wall=_or_none("wall", WallClock),
            max_plays=self.options.max_plays,
        )


def _show_slate(display: Display, brand_colour: str) -> None:
    picture = slate(display.size, brand_colour)
    display.show(Frame.from_bgrx(display.size, picture.tobytes("raw", "BGRX")))
    display.pump()


def _orders(config: Config, folders: Folders, clock: Clock, display: Display, alarm: Alarm) -> Orders:
    """What goes before the loop: cards, hours, a pause; and how bright it all is."""
    switch = find_switch(config.screen.power, display.output.driver, display.drm_fd)
    return Orders(
        clock=clock,
        run=folders.run,
        hours=ScreenHours(config.screen, clock),
        power=Power(switch, folders.run / "turned-off", alarm.nudge),
        dimmer=Dimmer(config.screen, clock, _brightness(config, display)),
        provisioned=is_provisioned(config),
    )


def _brightness(config: Config, display: Display) -> Callable[[int], None]:
    """By the panel's backlight where it has one, else in the picture. One that nobody speaks of is left alone."""
    asked = config.screen.brightness < _UNDIMMED or bool(config.screen.dim)
    backlight = find_backlight() if asked and display.output.driver == "kmsdrm" else None
    if backlight is None:
        return display.set_brightness

    def by_backlight(percent: int) -> None:
        display.set_brightness(_UNDIMMED if backlight.set(percent) else percent)

    return by_backlight


def _or_none(name: str, make: Callable[[], T]) -> T | None:
    """Parts that the show can do without: a full disk must not leave a dark screen."""
    try:
        return make()
    except (OohError, OSError):
        log.exception(f"{name}.unavailable")  # noqa: G004 - the event's name
        return None


def trusted_eyes(run: Path, boot_id: str) -> tuple[Eye, ...]:
    """What the screen process before this one, of the same boot, has seen its picture with."""
    board = Board.read(run, "screen") or {}
    eyes = (board.get("watchdog") or {}).get("eyes") or ()
    of_this_boot = boot_id and str(board.get("pid_born")).startswith(boot_id)
    return ("server",) if of_this_boot and board.get("driver") == "x11" and "server" in eyes else ()


def same_window(before: ScreenConfig, after: ScreenConfig) -> bool:
    """True when a window that was opened for one serves the other: nothing of what it was opened with has changed."""
    return (before.size, before.rotation, before.output) == (after.size, after.rotation, after.output)


@contextmanager
def _signals(handle: Callable[[int], None]) -> Iterator[None]:
    """SIGTERM, SIGINT and SIGHUP come to ``handle``."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    old = {number: signal.signal(number, lambda number, _: handle(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


@contextmanager
def _woken_by_signals(show: Show) -> Iterator[None]:
    """A signal that comes just before the loop sleeps ends that sleep."""
    old_fd = signal.set_wakeup_fd(show.alarm.wake_fd, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(old_fd)
