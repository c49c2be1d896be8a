"""``screen``: the process that has the display; started by ``run`` and by the demo."""

from __future__ import annotations

import faulthandler
import os
import sys
from pathlib import Path

import click

from cache import SystemClock
from config import Config, Size
from player._kinds import load_config
from player._version import player_version
from player.cli._alone import alone
from player.cli._common import config_option, errors_told, folders_of, read_config
from player.cli._size import SizeType
from player.log import keep_warnings, set_level
from renderer.screen import ScreenOptions, run_screen


@click.command(hidden=True)
@config_option
@click.option("--headless", is_flag=True, help="Draw without a display.")
@click.option("--size", type=SizeType(), help="Another size than the display's, WxH.")
@click.option("--plays", type=click.IntRange(1), help="End when the journal holds this many plays.")
@click.option("--capture", type=click.Path(file_okay=False, path_type=Path), help="Keep what was presented here.")
@errors_told
def screen(
    config_path: Path | None, headless: bool, size: Size | None, plays: int | None, capture: Path | None
) -> None:
    """Show what the cache holds; no network. `run` starts it.

    \b
    Example:  ooh-player screen --headless --size 1920x1080
    """
    config = read_config(config_path).config

    def reload() -> Config:
        again = load_config(config_path, os.environ).config
        set_level(again.log)
        return again

    options = ScreenOptions(
        headless=headless,
        size=size,
        max_plays=plays,
        capture_dir=capture,
    )
    folders = folders_of(config)
    keep_warnings(folders.state, "screen")
    with alone(folders.state, "screen"):
        faulthandler.enable()  # a watchdog's SIGABRT: the log then tells where each thread stood
        status = run_screen(config, folders, SystemClock(), options, player_version(), reload)
    sys.exit(status)
