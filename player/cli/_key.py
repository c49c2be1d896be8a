"""``key``: the public keys that this screen's records are signed by, and a new one when it is wanted."""

from __future__ import annotations

import os
from pathlib import Path

import click

from cache import KeyFile, PublicKey
from config import Code, OohError
from player.cli._common import config_option, echo_json, errors_told, folders_of, json_option, read_config


@click.group(invoke_without_command=True)
@config_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the PEM to a file.")
@json_option
@click.pass_context
@errors_told
def key(ctx: click.Context, config_path: Path | None, out: Path | None, as_json: bool) -> None:
    """The public keys of this screen, PEM, the one that signs now last. Give them to those who check exports.

    \b
    Example:  ooh-player key --out screen-7.pub
    """
    if ctx.invoked_subcommand is not None:
        ctx.obj = config_path
        return
    keys = _known(_key_file(config_path))
    if as_json:
        echo_json({"key_id": keys[-1].key_id, "keys": [{"key_id": one.key_id, "pem": one.pem()} for one in keys]})
    elif out is None:
        click.echo("".join(one.pem() for one in keys), nl=False)
    if out is not None:
        out.write_text("".join(one.pem() for one in keys), encoding="ascii")
        click.echo(f"{keys[-1].key_id}: {len(keys)} public keys in {out}", err=True)


@key.command()
@config_option
@json_option
@click.pass_context
@errors_told
def rotate(ctx: click.Context, config_path: Path | None, as_json: bool) -> None:
    """Make a new key. The player signs by it from the next play on; what the old one signed stays good.

    \b
    Example:  ooh-player key rotate
    """
    file = _key_file(config_path or ctx.obj)
    _only_the_owner(file.path.parent)
    public = file.rotate()
    if as_json:
        echo_json({"key_id": public.key_id, "pem": public.pem()})
    else:
        click.echo(f"{public.key_id} signs from the next play on; hand out the public keys anew: ooh-player key")


def _key_file(config_path: Path | None) -> KeyFile:
    return KeyFile(folders_of(read_config(config_path).config).state)


def _known(file: KeyFile) -> tuple[PublicKey, ...]:
    """Before the first play there is none yet: it is made now, if it will be the player's own."""
    known = file.known()
    if known:
        return known
    _only_the_owner(file.path.parent)
    return (file.public(),)


def _only_the_owner(folder: Path) -> None:
    """A key made by root could not be read by the player: it would sign nothing any more."""
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise OohError(
            Code.JOURNAL_KEY, f"{folder} belongs to user {owner}: run this as that user (sudo -u '#{owner}')"
        )
