"""``plays``: the journal, with each sink's state, and its export."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import click

from cache import Journal, PlayRow
from player.cli._common import (
    config_option,
    echo_json,
    errors_told,
    json_option,
    open_journal,
    read_config,
)
from player.cli._verify import verify

_AGES = {"m": "minutes", "h": "hours", "d": "days"}


class SinceType(click.ParamType[datetime]):
    """A moment: RFC 3339, a date, or an age such as ``30m``, ``24h``, ``7d``."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or end with bad usage."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            if text[-1:] in _AGES and text[:-1].isdigit():
                return datetime.now(UTC) - timedelta(**{_AGES[text[-1]]: int(text[:-1])})
            at = datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is neither a time such as 2026-11-22T20:00:00Z nor an age such as 24h", param, ctx)
        return at if at.tzinfo else at.replace(tzinfo=UTC)


since_option = click.option("--since", type=SinceType(), help="Only plays that started after this time or age.")


@click.group(invoke_without_command=True)
@config_option
@since_option
@json_option
@click.pass_context
@errors_told
def plays(ctx: click.Context, config_path: Path | None, since: datetime | None, as_json: bool) -> None:
    """The plays of this screen, newest last, with each sink's state.

    \b
    Example:  ooh-player plays --since 24h
    """
    if ctx.invoked_subcommand is not None:
        ctx.obj = config_path
        return
    journal = open_journal(read_config(config_path).config)
    row = None
    for row in journal.plays(since):
        if as_json:
            echo_json(_as_json(row))
        else:
            click.echo(_as_line(row))
    if row is None:
        click.echo("no plays yet" if since is None else "no plays since then", err=True)


@plays.command()
@config_option
@since_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; default: standard output.")
@click.pass_context
@errors_told
def export(ctx: click.Context, config_path: Path | None, since: datetime | None, out: Path | None) -> None:
    """Every closed play's record, one JSON object a line, exactly as it is delivered.

    \b
    Example:  ooh-player plays export --since 7d --out plays.jsonl
    """
    journal = open_journal(read_config(config_path or ctx.obj).config)
    if out is None:
        write_export(journal, since, sys.stdout.buffer)
        return
    with out.open("wb") as file:
        count = write_export(journal, since, file)
    click.echo(f"{count} plays in {out}", err=True)


plays.add_command(verify)


def write_export(journal: Journal, since: datetime | None, file: BinaryIO) -> int:
    """Write the records as JSON lines; returns how many."""
    count = 0
    for line in _lines(journal, since):
        file.write(line)
        count += 1
    return count


def _lines(journal: Journal, since: datetime | None) -> Iterator[bytes]:
    for row in journal.plays(since):
        yield row.record + b"\n"


def _as_json(row: PlayRow) -> dict[str, object]:
    play = row.play
    return {
        "id": play.id,
        "seq": play.seq,
        "kind": play.kind,
        "creative_id": play.creative_id,
        "started_at": play.started_at,
        "shown_ms": play.shown_ms,
        "end_reason": play.end_reason,
        "billable": play.billable,
        "sinks": {
            sink: {"state": delivery.state, "attempts": delivery.attempts, "error": delivery.error}
            for sink, delivery in row.deliveries.items()
        },
    }


def _as_line(row: PlayRow) -> str:
    play = row.play
    shown = "?" if play.shown_ms is None else f"{play.shown_ms / 1000:.2f} s"
    sinks = ", ".join(f"{sink} {delivery.state.lower()}" for sink, delivery in row.deliveries.items()) or "no sink"
    bills = "billable" if play.billable else "not billable"
    what = play.creative_id or play.kind
    head = f"{play.seq:>6}  {play.started_at}  {play.kind:<7} {shown:>9}  {play.end_reason:<10} {bills:<12}"
    return f"{head} {what}  [{sinks}]"
