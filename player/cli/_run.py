"""``run``: the daemon; supervises agent, screen and, when it is on, the local page."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import click

from cache import Board, Folders, Notify, SystemClock
from config import ConfigError
from player._kinds import load_config
from player.cli._alone import alone
from player.cli._common import config_option, errors_told, folders_of, read_config
from player.log import keep_warnings
from player.supervisor import Child, Supervisor, escalate, stamp_death

log = logging.getLogger("ooh.supervisor")

_SILENCE = 1.5
"""The screen itself acts after ``watchdog.seconds``: it has begun to when it is ended from outside."""
_LEAST_SILENCE_S = 5.0
_AGENT_S = 120.0
_AGENT_START_S = 600.0
_ME = (sys.executable, "-m", "player")


@click.command()
@config_option
@click.option("--headless", is_flag=True, help="Draw without a display.")
@errors_told
def run(config_path: Path | None, headless: bool) -> None:
    """Run the player until it is told to stop: starts agent and screen, and starts again what crashes.

    \b
    Example:  ooh-player run --config /etc/ooh-player/player.toml
    Signals:  SIGTERM or Ctrl-C ends it; SIGHUP reads the configuration again.
    Exit:     1 when another player is at work on the same state folder.
    """
    config = read_config(config_path).config
    folders = folders_of(config)
    keep_warnings(folders.state, "supervisor")
    with alone(folders.state, "player"):
        silence_s = max(_LEAST_SILENCE_S, config.watchdog.seconds * _SILENCE)
        children = player_children(config_path, headless=headless, page=config.web.enabled, silence_s=silence_s)
        _supervise(config_path, folders, children)


def _supervise(config_path: Path | None, folders: Folders, children: Sequence[Child]) -> None:
    clock, notify = SystemClock(), Notify.of(os.environ)
    supervisor = Supervisor(
        children, clock, on_exit=(stamp_death(folders.run, clock),), board=Board(folders.run, "supervisor")
    )
    supervisor.on_exit(escalate(folders, clock, supervisor.restart_all))
    wishes = _Wishes(supervisor)
    supervisor.start()
    ready = False
    while not wishes.stop.is_set():
        supervisor.wait(notify.watchdog_s)
        ready = _tell(notify, supervisor, ready=ready)
        if wishes.reload.is_set():
            wishes.reload.clear()
            _reload(config_path, supervisor)
    notify.stopping()
    supervisor.stop()
    wishes.close()
    supervisor.close()


def _tell(notify: Notify, supervisor: Supervisor, *, ready: bool) -> bool:
    """Where ``run`` itself is a unit of systemd's: it is ready when its screen is. True once that was said."""
    screen = supervisor.states()["screen"]
    notify.watchdog()
    if screen.status is not None:
        notify.status(screen.status)
    return ready or (screen.ready and notify.ready())


def player_children(config_path: Path | None, *, headless: bool, page: bool, silence_s: float) -> list[Child]:
    """Agent and screen, and the local page when it is wanted, each by this interpreter.

    ``silence_s``: the screen is killed, and started again, when it says nothing for longer. The agent has more time: it
    opens the journal in its main loop, and a large one on a slow card is looked through first.
    """
    head = ("--headless",) if headless else ()
    return [
        Child("screen", (*_ME, "screen", *_where(config_path), *head), watchdog_s=silence_s),
        Child(
            "agent", (*_ME, "agent", *_where(config_path)), watchdog_s=max(silence_s, _AGENT_S), start_s=_AGENT_START_S
        ),
        *([_page_child(config_path)] if page else []),
    ]


class _Wishes:
    """What signals ask for. The wake-up fd ends the supervisor's sleep, then the handlers have run."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.stop = threading.Event()
        self.reload = threading.Event()
        for number, wish in ((signal.SIGTERM, self.stop), (signal.SIGINT, self.stop), (signal.SIGHUP, self.reload)):
            signal.signal(number, _setter(wish))
        self._before = signal.set_wakeup_fd(supervisor.wake_fd, warn_on_full_buffer=False)

    def close(self) -> None:
        """Before the supervisor's descriptor is closed."""
        signal.set_wakeup_fd(self._before)


def _setter(wish: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        wish.set()

    return handle


def _reload(config_path: Path | None, supervisor: Supervisor) -> None:
    """Check the new configuration first: a bad one is refused and the old one keeps running.

    Agent and screen take a good one in place; what is on the screen ends as cut, and its picture stays meanwhile.
    """
    try:
        config = load_config(config_path, os.environ).config
    except ConfigError as error:
        for problem in error.problems:
            log.error("config.refused", extra={"facts": {"problem": str(problem)}})  # noqa: TRY400 - it says it all
        return
    log.info("config.reloaded")
    supervisor.forward(signal.SIGHUP)
    page = supervisor.states().get("web")
    if config.web.enabled and (page is None or page.done):
        supervisor.add(_page_child(config_path))


def _page_child(config_path: Path | None) -> Child:
    """The local page; it ends by itself when it is switched off."""
    return Child("web", (*_ME, "web", *_where(config_path)), done_on_success=True)


def _where(config_path: Path | None) -> tuple[str, ...]:
    return ("--config", str(config_path.resolve())) if config_path else ()
