"""``check``: reads the configuration and names every problem."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from config import ConfigError
from player._kinds import load_config
from player.cli._common import EXIT_BAD_USAGE, config_option, echo_json, json_option


@click.command()
@config_option
@json_option
def check(config_path: Path | None, as_json: bool) -> None:
    """Read the configuration and name every problem as `file:line: key: what is wrong and what is allowed`.

    \b
    Example:  ooh-player check --config /etc/ooh-player/player.toml
    Exit:     0 good, 2 when there is a problem.
    """
    try:
        loaded = load_config(config_path, os.environ)
    except ConfigError as error:
        if as_json:
            echo_json({"ok": False, "problems": [asdict(problem) for problem in error.problems]})
        else:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            count = len(error.problems)
            click.echo(f"{count} problem{'s' if count != 1 else ''}", err=True)
        sys.exit(EXIT_BAD_USAGE)
    files = sorted({source.rpartition(":")[0] for source in loaded.sources.values() if ":" in source})
    if as_json:
        echo_json({"ok": True, "problems": [], "files": files})
    else:
        click.echo(f"good: {', '.join(files) or 'the built-in defaults'}")
