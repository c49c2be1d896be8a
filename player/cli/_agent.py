"""``agent``: the process that has the network; started by ``run`` and by the demo."""

from __future__ import annotations

import faulthandler
import os
import sys
from pathlib import Path

import click

from cache import Notify, SystemClock
from config import Config
from player._kinds import load_config
from player._version import player_version
from player.agent import run_agent
from player.cli._alone import alone
from player.cli._common import config_option, errors_told, folders_of, read_config
from player.log import keep_warnings, set_level


@click.command(hidden=True)
@config_option
@errors_told
def agent(config_path: Path | None) -> None:
    """Ask for ads, fetch, prepare, deliver and report; no display. `run` starts it.

    \b
    Example:  ooh-player agent --config player.toml
    """
    config = read_config(config_path).config

    def reload() -> Config:
        again = load_config(config_path, os.environ).config
        set_level(again.log)
        return again

    folders = folders_of(config)
    keep_warnings(folders.state, "agent")
    with alone(folders.state, "agent"):
        faulthandler.enable()  # a watchdog's SIGABRT: the log then tells where each thread stood
        clock, notify = SystemClock(), Notify.of(os.environ)
        status = run_agent(config, folders, clock, player_version(), reload=reload, notify=notify)
    sys.exit(status)
