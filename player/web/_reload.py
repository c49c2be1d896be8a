"""Reload: the configuration is checked first, then the processes that live are told to read it."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cache import Board, BoardName
from config import ConfigError
from player._kinds import load_config

log = logging.getLogger("ooh.web")

_BY_THEMSELVES: tuple[BoardName, ...] = ("screen", "agent", "web")


def reloader(config_path: Path | None, run: Path) -> Callable[[], bool]:
    """For ``Actions``: False, and nobody told, when the configuration has a mistake."""

    def reload() -> bool:
        try:
            load_config(config_path, os.environ)
        except ConfigError as error:
            log.warning("config.refused", exc_info=error)
            return False
        supervisor = Board.read_living(run, "supervisor")
        for board in [supervisor] if supervisor else [Board.read_living(run, name) for name in _BY_THEMSELVES]:
            if board is not None:
                with suppress(ProcessLookupError):
                    os.kill(board["pid"], signal.SIGHUP)
        return True

    return reload
