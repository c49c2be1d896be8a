"""``cache``: the stored creatives and plates."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cache import Cache, Journal, SystemClock
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
    """Every stored file: kind, bytes, last use.

    \b
    Example:  ooh-player cache ls
    """
    files = list(_open(read_config(config_path).config).store.files())
    if as_json:
        echo_json([{"sha256": f.sha256, "kind": f.kind, "bytes": f.size_bytes, "used_at": f.used_at} for f in files])
        return
    for file in files:
        click.echo(f"{file.sha256[:16]}  {file.kind:<8}  {file.size_bytes:>12,} B  {file.used_at}")
    click.echo(f"{len(files)} files, {sum(f.size_bytes for f in files):,} B", err=True)


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
