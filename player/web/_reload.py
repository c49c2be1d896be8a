"""Reload: the configuration is checked first, then the processes that live are told to read it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from config import ConfigError
from player._kinds import load_config
from player._running import wanted_hash

log = logging.getLogger("ooh.web")

Reloaded = Literal["reload", "same", "bad_config", "no_screen"]


def reloader(config_path: Path | None, run: Path) -> Callable[[], Reloaded]:
    """For ``Actions``: what came of it, in a word that the page knows. Waits for nobody."""

    def reload() -> Reloaded:
        from player.setup import reload_player  # noqa: PLC0415 - its other halves are not for a page

        try:
            load_config(config_path, os.environ)
            answers = reload_player(run, lambda pid: wanted_hash(config_path, pid, os.environ), longest_s=0.0)
        except ConfigError as error:
            log.warning("config.refused", exc_info=error)
            return "bad_config"
        outcomes = {answer.outcome for answer in answers}
        if outcomes == {"absent"}:
            return "no_screen"
        return "same" if outcomes <= {"had", "absent"} else "reload"

    return reload
