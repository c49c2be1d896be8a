"""``config show``: the effective values and where each came from."""

from __future__ import annotations

from pathlib import Path

import click

from config import toml
from player.cli._common import config_option, echo_json, errors_told, json_option, read_config


@click.group()
def config() -> None:
    """The configuration in force.

    \b
    Example:  ooh-player config show
    """


@config.command()
@config_option
@json_option
@errors_told
def show(config_path: Path | None, as_json: bool) -> None:
    """Every key with its value and where it came from. Secrets live in files and are never printed.

    \b
    Example:  ooh-player config show --json
    """
    loaded = read_config(config_path)
    rows = loaded.effective()
    if as_json:
        echo_json({row.key: {"value": row.value, "source": row.source} for row in rows})
        return
    width = max(len(row.key) for row in rows)
    for row in rows:
        click.echo(f"{row.key:<{width}}  {toml(row.value):<32}  {row.source}")
