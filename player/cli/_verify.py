"""``plays verify``: an export checked offline, by somebody who does not trust the screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from cache import ExportVerdict, PublicKey, read_public_keys, verify_export
from player.cli._common import EXIT_NOT_GOOD, config_option, echo_json, errors_told, json_option


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    "key_paths",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="The screen's public keys (`ooh-player key`); every record must be signed by one of them.",
)
@click.option("--first", type=click.IntRange(min=1), help="The seq that it must begin with.")
@click.option("--last", type=click.IntRange(min=1), help="The seq that it must end with.")
@config_option
@json_option
@errors_told
def verify(
    file: Path,
    key_paths: tuple[Path, ...],
    first: int | None,
    last: int | None,
    config_path: Path | None,  # noqa: ARG001 - every command takes --config
    as_json: bool,
) -> None:
    """Check an export offline: every record's hash and signature, the chain, and no seq missing or doubled.

    \b
    Example:  ooh-player plays verify plays.jsonl --key proof.pub
    Exit:     1 when a record is broken, missing or doubled; the first one is named.
    """
    keys = [key for path in key_paths for key in read_public_keys(path.read_bytes())]
    with file.open("rb") as lines:
        verdict = verify_export(lines, keys, first=first, last=last)
    if as_json:
        echo_json(_as_json(verdict, keys))
    elif verdict.fault is None:
        click.echo(_as_line(verdict, keys))
    else:
        click.echo(verdict.fault, err=True)
    if verdict.fault is not None:
        sys.exit(EXIT_NOT_GOOD)


def _as_json(verdict: ExportVerdict, keys: Sequence[PublicKey]) -> dict[str, object]:
    return {
        "ok": verdict.fault is None,
        "plays": verdict.plays,
        "fault": verdict.fault,
        "first_seq": verdict.first_seq,
        "last_seq": verdict.last_seq,
        "last_hash": verdict.last_hash,
        "signed": verdict.signed,
        "signatures_checked": bool(keys),
    }


def _as_line(verdict: ExportVerdict, keys: Sequence[PublicKey]) -> str:
    if not verdict.plays:
        return "good: 0 plays"
    if keys:
        signatures = "every signature good"
    elif verdict.signed:
        signatures = "signatures not checked: give --key"
    else:
        signatures = "not signed"
    return f"good: {verdict.plays} plays, seq {verdict.first_seq} to {verdict.last_seq}, chain whole, {signatures}"
