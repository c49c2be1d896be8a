"""``cache``: the stored creatives and plates."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cache import Cache, Journal, SystemClock
from cache.tables import stored_rows
from config import Config
from player.cli._common import (
    EXIT_NOT_GOOD,
    config_option,
    echo_json,
    errors_told,
    folders_of,
    json_option,
    open_journal,
    read_config,
)


@click.group()
def cache() -> None:
    """The stored creatives and plates.

    \b
    Example:  ooh-player cache ls
    """


@cache.command()
@config_option
@json_option
@errors_told
def ls(config_path: Path | None, as_json: bool) -> None:
    """Every stored file: kind, bytes, last use, and for a plate the creative it shows.

    \b
    Example:  ooh-player cache ls
    """
    config = read_config(config_path).config
    rows = list(stored_rows(folders_of(config).state, _open(config).store))
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        of = f"  of {str(row['creative_sha256'])[:16]}" if row["creative_sha256"] else ""
        click.echo(f"{str(row['sha256'])[:16]}  {row['kind']:<8}  {row['size_bytes']:>12,} B  {row['used_at']}{of}")
    click.echo(f"{len(rows)} files", err=True)


@cache.command()
@config_option
@json_option
@errors_told
def verify(config_path: Path | None, as_json: bool) -> None:
    """Hash every stored file again; a wrong one is removed and fetched anew when it is next needed.

    \b
    Example:  ooh-player cache verify
    Exit:     1 when a file was wrong.
    """
    store = _open(read_config(config_path).config).store
    names = [file.sha256 for file in store.files()]
    wrong = [name for name in names if not store.verify(name)]
    if as_json:
        echo_json({"files": len(names), "wrong": wrong})
    else:
        for name in wrong:
            click.echo(f"wrong, removed: {name}", err=True)
        click.echo(f"{len(names)} files, {len(wrong)} wrong")
    if wrong:
        sys.exit(EXIT_NOT_GOOD)


@cache.command()
@config_option
@json_option
@errors_told
def gc(config_path: Path | None, as_json: bool) -> None:
    """Evict down to `cache.max_bytes`, least recently used first; never what a lease or a house ad needs.

    \b
    Example:  ooh-player cache gc
    """
    config = read_config(config_path).config
    opened = _open(config)
    report = opened.evict(_needed(open_journal(config)))
    if as_json:
        echo_json({"removed": report.removed, "freed_bytes": report.freed_bytes})
    else:
        click.echo(f"removed {report.removed} files, {report.freed_bytes:,} B")


def _open(config: Config) -> Cache:
    return Cache.open(folders_of(config), SystemClock(), config.cache.max_bytes)


def _needed(journal: Journal) -> set[str]:
    return {name for held in journal.held() for name in (held.creative_sha256, held.plate_sha256) if name}
