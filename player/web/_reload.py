"""Reload: the configuration is checked first, then the processes that live are told to read it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from config import ConfigError
from player._kinds import load_config

log = logging.getLogger("ooh.web")

Reloaded = Literal["reload", "same", "bad_config"]


def reloader(config_path: Path | None, run: Path) -> Callable[[], Reloaded]:
    """For ``Actions``: told, nothing new to tell, or a mistake in it and nobody told. Waits for nobody."""

    def reload() -> Reloaded:
        from player.setup import reload_player  # noqa: PLC0415 - its other halves are not for a page

        try:
            config = load_config(config_path, os.environ).config
        except ConfigError as error:
            log.warning("config.refused", exc_info=error)
            return "bad_config"
        answers = reload_player(config, run, longest_s=0.0)
        return "same" if all(answer.outcome == "had" for answer in answers) else "reload"

    return reload
