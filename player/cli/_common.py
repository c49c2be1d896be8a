"""What every command shares: ``--config``, ``--json``, the exit codes and how an error is told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import click

from cache import Folders, Identity, Journal, SystemClock
from config import Code, Config, ConfigError, Loaded, OohError
from player import log
from player._kinds import load_config
from player._version import player_version

EXIT_NOT_GOOD = 1
EXIT_BAD_USAGE = 2

P = ParamSpec("P")
R = TypeVar("R")


def config_option(function: Callable[P, R]) -> Callable[P, R]:
    """Adds ``--config``; the command receives ``config_path``."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Default: /etc/ooh-player/player.toml, else the built-in defaults.",
    )(function)


def json_option(function: Callable[P, R]) -> Callable[P, R]:
    """Adds ``--json``; the command receives ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")(function)


def errors_told(function: Callable[P, R]) -> Callable[P, R]:
    """Turns an ``OohError``, or a file that cannot be used, into a sentence, its next step and the exit code."""

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except OohError as error:
            tell(error, as_json=bool(kwargs.get("as_json")))
        except OSError as error:
            if error.filename is None:
                raise  # not about a file: a closed pipe is click's, anything else a fault to report
            failed = OohError(Code.FILE_UNUSABLE, f"{error.filename}: {error.strerror}")
            tell(failed, as_json=bool(kwargs.get("as_json")))

    return told


def tell(error: OohError, *, as_json: bool = False) -> NoReturn:
    """Print an error and leave: 2 for a bad configuration, 1 for anything else."""
    if as_json:
        problems = error.problems if isinstance(error, ConfigError) else ()
        echo_json({"error": error.as_json() | ({"problems": [str(p) for p in problems]} if problems else {})})
    elif isinstance(error, ConfigError):
        for problem in error.problems:
            click.echo(str(problem), err=True)
    else:
        click.echo(f"{error.code.code}: {error.message}", err=True)
        click.echo(f"  next: {error.code.next_step}", err=True)
    sys.exit(EXIT_BAD_USAGE if error.code is Code.CONFIG_INVALID else EXIT_NOT_GOOD)


def read_config(path: Path | None) -> Loaded:
    """The configuration; sets the log up by it. Raises ``ConfigError``."""
    loaded = load_config(path, os.environ)
    log.set_up(loaded.config.log)
    return loaded


def folders_of(config: Config) -> Folders:
    """The player's folders by this configuration and environment."""
    return Folders.of(config.cache, os.environ)


def identity_of(config: Config) -> Identity:
    """Who the records say played."""
    return Identity(
        screen_id=config.screen.id,
        venue_id=config.screen.venue or None,
        player_version=player_version(),
    )


def open_journal(config: Config) -> Journal:
    """The journal of this configuration's player."""
    return Journal.open(folders_of(config).state, SystemClock(), identity_of(config))


def echo_json(document: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, default=str))
