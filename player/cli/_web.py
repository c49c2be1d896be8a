"""``web``: the local page's process, and setting its PIN."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

import click

from cache import Folders, SystemClock
from config import Config, ConfigError
from player._kinds import load_config
from player._version import player_version
from player.cli._common import EXIT_BAD_USAGE, config_option, errors_told, folders_of, read_config
from player.log import keep_warnings

log = logging.getLogger("ooh.web")


@click.group(invoke_without_command=True)
@config_option
@click.pass_context
@errors_told
def web(context: click.Context, config_path: Path | None) -> None:
    """Serve the local page of this player; nothing when `web.enabled` is false. `run` starts it too.

    \b
    Example:  ooh-player web --config player.toml
    Signals:  SIGTERM or Ctrl-C ends it; SIGHUP reads the configuration again.
    Exit:     0 at once when the page is off; 1 when the port is taken or the PIN is missing.
    """
    context.obj = config_path
    if context.invoked_subcommand is None:
        _serve(config_path)


@web.command()
@click.option("--file", "file", type=click.Path(dir_okay=False, path_type=Path), help="Default: web.pin_file.")
@config_option
@click.pass_obj
@errors_told
def pin(outer_path: Path | None, file: Path | None, config_path: Path | None) -> None:
    """Ask for a new PIN and keep its hash; every session that is open ends. Reads one line when nobody is there to ask.

    \b
    Example:  ooh-player web pin --file /var/lib/ooh-player/web.pin
    """
    from player.web import write_pin  # noqa: PLC0415 - what a PIN needs, not what a page does

    config = read_config(config_path or outer_path).config
    target = file or Path(config.web.pin_file)
    if not target.is_absolute() and file is None:
        click.echo(
            "web.pin_file is not set to a whole path; name the file with --file, and then in web.pin_file", err=True
        )
        sys.exit(EXIT_BAD_USAGE)
    write_pin(target, _asked(), _owner(config))
    click.echo(f"the PIN's hash is in {target}")
    if str(target) != config.web.pin_file:
        click.echo(f'now set it in player.toml:  [web]  pin_file = "{target}"')


def _asked() -> str:
    if sys.stdin.isatty():
        told: str = click.prompt("New PIN, six characters or more", hide_input=True, confirmation_prompt=True)
        return told
    return sys.stdin.readline().rstrip("\r\n")


def _owner(config: Config) -> tuple[int, int] | None:
    """Root makes the file for the user that the player runs as: whom the state folder belongs to."""
    if os.geteuid() != 0:
        return None
    try:
        found = Folders.named(config.cache, os.environ).state.stat()
    except OSError:
        return None
    return found.st_uid, found.st_gid


def _serve(config_path: Path | None) -> None:
    config = read_config(config_path).config
    if not config.web.enabled:
        click.echo("the local page is off: web.enabled = false", err=True)
        return
    from player.web import open_site, serve_page  # noqa: PLC0415 - not for a page that is off

    folders = folders_of(config)
    keep_warnings(folders.state, "web")

    def on_config() -> Config | None:
        try:
            return load_config(config_path, os.environ).config
        except ConfigError as error:
            log.error("config.refused", exc_info=error)  # noqa: TRY400 - the code says it all
            return None

    site = open_site(config, folders, SystemClock(), player_version(), config_path)
    if serve_page(site, on_config).name == "CHANGED":
        log.info("web.begins_anew")
        logging.shutdown()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # one that comes before the new handler must not end it
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very command, with the new configuration
