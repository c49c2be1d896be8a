"""The screen process: opens the display, the journal and the cache, and runs the show. No network here."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from cache import Board, Cache, Clock, Doorbell, Folders, Identity, Journal, Playhead, ScreenHours, Store
from config import Config, OohError, Size, config_hash
from renderer.card import Cards, CardSaid
from renderer.panels import slate
from renderer.power import Power, find_backlight, find_switch
from renderer.show import (
    Alarm,
    CaptureFolder,
    Clerk,
    Dimmer,
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
from renderer.window import Display, Frame, open_display

log = logging.getLogger("ooh.screen")

T = TypeVar("T")

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


def run_screen(config: Config, folders: Folders, clock: Clock, options: ScreenOptions, version: str) -> int:
    """Run the show until SIGTERM or enough plays; returns the exit code.

    Raises ``OohError`` (DISPLAY_UNAVAILABLE) when there is no display; the supervisor starts the process again.
    """
    if options.size is not None:
        config = replace(config, screen=replace(config.screen, size=str(options.size)))
    while _run_show(config, folders, clock, options, version):
        log.info("screen.reopens")
    log.info("screen.ended")
    return 0


def _run_show(config: Config, folders: Folders, clock: Clock, options: ScreenOptions, version: str) -> bool:
    """Open the display and run the show on it; True when another display, or another size, is there now."""
    ground = config.layout.brand_colour
    display = open_display(config.screen, headless=options.headless, environ=os.environ, clock=clock, ground=ground)
    facts = {**asdict(display.output), "size": str(display.size), "evidence": display.evidence}
    log.info("screen.opened", extra={"facts": facts})
    show: Show | None = None
    try:
        store = _insist(lambda: Store(folders.store, config.cache.max_bytes), partial(_show_slate, display, ground))
        show = _build(config, folders, clock, options, version, display, store)
        with _signals(show):
            show.run()
    finally:
        if show is not None:
            show.close()
        display.close()
    return show.display_changed


def _insist(make: Callable[[], T], meanwhile: Callable[[], None]) -> T:
    """While the disk refuses, the slate is on: never a dark screen, never an exit."""
    troubles = Troubles("disk")
    while True:
        with troubles:
            return make()
        meanwhile()
        time.sleep(_DISK_AGAIN_S)


def _show_slate(display: Display, brand_colour: str) -> None:
    picture = slate(display.size, brand_colour)
    display.show(Frame.from_bgrx(display.size, picture.tobytes("raw", "BGRX")))
    display.pump()


def _build(
    config: Config,
    folders: Folders,
    clock: Clock,
    options: ScreenOptions,
    version: str,
    display: Display,
    store: Store,
) -> Show:
    """Put the show's parts together. Journal and cache are opened beside it, by those who use them."""
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
    notice = Notice(Board(folders.run, "screen"), display, version, config_hash(config), orders)
    captures = CaptureFolder(options.capture_dir) if options.capture_dir is not None else None
    videos = Videos(planar=display.takes_yuv, clock=clock)
    cards = Cards(CardSaid.of(config, version, display.output), folders.run, clock)
    return Show(
        clock=clock,
        alarm=alarm,
        coming=Next(clock, Stager(store, videos, cards), lookout, proof, worker),
        presenter=Presenter(display, clock, worker),
        recorder=Recorder(clock, display, proof, notice, store, worker, folders.run, captures, power=orders.power),
        settings=ShowSettings.of(config, display.size),
        lookout=lookout,
        orders=orders,
        wall=_or_none("wall", WallClock),
        max_plays=options.max_plays,
    )


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


@contextmanager
def _signals(show: Show) -> Iterator[None]:
    """SIGTERM, SIGINT and SIGHUP (a closed terminal) end the show in good order; each wakes the sleeping loop."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    old = {number: signal.signal(number, lambda *_: show.stop()) for number in numbers}
    old_fd = signal.set_wakeup_fd(show.alarm.wake_fd, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(old_fd)
        for number, handler in old.items():
            signal.signal(number, handler)
