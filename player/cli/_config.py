"""``config show``: the effective values and where each came from."""

from __future__ import annotations

from pathlib import Path

import click

from config import DEFAULT, toml
from player.cli._common import config_option, echo_json, errors_told, json_option, read_config

_WIDEST = 40


@click.group()
def config() -> None:
    """The configuration in force.

    \b
    Example:  ooh-player config show
    """


@config.command()
@click.argument("keys", nargs=-1)
@click.option("--changed", is_flag=True, help="Only what was set somewhere, not what is left to its default.")
@config_option
@json_option
@errors_told
def show(keys: tuple[str, ...], changed: bool, config_path: Path | None, as_json: bool) -> None:
    """Every key with its value and where it came from, or those that begin with KEYS (screen, panels.weather).

    Secrets live in files and are never printed; passwords inside URLs are masked.

    \b
    Example:  ooh-player config show --changed
    """
    found = [row for row in read_config(config_path).effective() if not changed or row.source != DEFAULT]
    rows = [row for row in found if not keys or any(_begins(row.key, key) for key in keys)]
    if as_json:
        echo_json({row.key: {"value": row.value, "source": row.source} for row in rows})
        return
    wide_key = max((len(row.key) for row in rows), default=0)
    wide_value = min(_WIDEST, max((len(toml(row.value)) for row in rows), default=0))
    for row in rows:
        line = f"{row.key:<{wide_key}}  {toml(row.value):<{wide_value}}  {row.source}"
        click.echo(line if changed or row.source == DEFAULT else click.style(line, bold=True))
    if not rows:
        click.echo("nothing is set" if changed else "no such key; `ooh-player config show` lists them all")


def _begins(key: str, wanted: str) -> bool:
    """``exchange`` and ``exchange[0]`` mean ``exchange[0].url``; ``screen.id`` itself."""
    return key == wanted or key.startswith((f"{wanted}.", f"{wanted}["))
