"""The agent process: signals, reload, exit codes."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass

from cache import Clock, Folders, Notify
from config import Config, ConfigError, OohError
from player._signals import SignalBell
from player.agent._agent import Agent

log = logging.getLogger("ooh.agent")

EXIT_GOOD = 0
EXIT_FAILED = 1
EXIT_BAD_CONFIG = 2


@dataclass(slots=True)
class _Reload:
    """Keeps the configuration to run with; a bad new one is refused and the old one goes on."""

    read: Callable[[], Config] | None
    config: Config
    notify: Notify
    clock: Clock
    again: bool = False

    def __call__(self) -> bool:
        self.notify.reloading(self.clock.monotonic_ns() // 1_000)
        if not self._takes():
            self.notify.ready()  # the new agent says so itself
        return self.again

    def _takes(self) -> bool:
        if self.read is None:
            log.warning("config.not_reloaded", extra={"facts": {"why": "this process was started without a file"}})
            return False
        try:
            config = self.read()
        except ConfigError as error:
            log.error("config.refused", exc_info=error)  # noqa: TRY400 - the code says all
            return False
        self.again = config != self.config
        log.info("config.reloaded", extra={"facts": {"changed": self.again}})
        self.config = config
        return self.again


def run_agent(
    config: Config,
    folders: Folders,
    clock: Clock,
    version: str,
    *,
    reload: Callable[[], Config] | None = None,
    notify: Notify | None = None,
) -> int:
    """Run until SIGTERM or SIGINT; SIGHUP, or the word "config", reads the configuration anew by ``reload``.

    ``notify`` is told when it is ready (its databases are open) and that it is alive.
    Returns the process's exit code. The folders stay those it was started with.
    """
    notify = notify or Notify()
    wanted = _Reload(reload, config, notify, clock)
    signals = SignalBell({signal.SIGTERM: "stop", signal.SIGINT: "stop", signal.SIGHUP: "config"})
    try:
        while True:
            wanted.again = False
            Agent(wanted.config, folders, clock, version).run(wanted, signals, notify=notify)
            if not wanted.again:
                notify.stopping()
                return EXIT_GOOD
    except ConfigError as error:
        log.error("agent.failed", exc_info=error)  # noqa: TRY400 - the code says all
        return EXIT_BAD_CONFIG
    except OohError as error:
        log.error("agent.failed", exc_info=error)  # noqa: TRY400 - the code says all
        return EXIT_FAILED
    finally:
        signals.close()
