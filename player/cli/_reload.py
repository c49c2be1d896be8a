"""``reload``: the running player reads its configuration again, if that is right."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from cache import Folders
from player._running import wanted_hash
from player.cli._common import (
    EXIT_NOT_GOOD,
    config_option,
    echo_json,
    errors_told,
    json_option,
    read_config,
)
from player.setup import reload_player


@click.command()
@config_option
@json_option
@errors_told
def reload(config_path: Path | None, as_json: bool) -> None:
    """Check the configuration, have the running player read it again, and tell what it did.

    A configuration with a mistake is refused with its lines, and the player goes on with the one it has.

    \b
    Example:  ooh-player reload
    Exit:     1 when no player runs, or one has not taken it; 2 when the configuration has a mistake.
    """
    config = read_config(config_path).config
    run = Folders.named(config.cache, os.environ).run
    answers = reload_player(run, lambda pid: wanted_hash(config_path, pid, os.environ))
    good = all(answer.outcome in {"took", "had"} for answer in answers)
    if as_json:
        echo_json({"ok": good, "processes": {answer.name: asdict(answer) for answer in answers}})
    else:
        for answer in answers:
            click.echo(str(answer))
        if any(answer.outcome == "absent" for answer in answers):
            click.echo("  next: start it: sudo systemctl start ooh-player.target, or ooh-player run", err=True)
    if not good:
        sys.exit(EXIT_NOT_GOOD)
