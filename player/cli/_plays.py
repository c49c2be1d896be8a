"""``plays``: the journal, with each sink's state, and its export."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from cache import PlayRow
from player.cli._common import config_option, echo_json, errors_told, json_option, open_journal, read_config
from player.cli._export_to import FORMATS, export_plays, format_of
from player.cli._moment import since_option, until_option
from player.cli._verify import verify

_HEAD = "   seq  started                   kind        shown  ended       bills        what  [sinks]"


@click.group(invoke_without_command=True)
@config_option
@since_option
@until_option
@click.option("--kind", type=click.Choice(("ad", "house", "content")), help="Only plays of this kind.")
@click.option("--last", type=click.IntRange(min=1), help="Only the newest so many.")
@json_option
@click.pass_context
@errors_told
def plays(
    ctx: click.Context,
    config_path: Path | None,
    since: datetime | None,
    until: datetime | None,
    kind: str | None,
    last: int | None,
    as_json: bool,
) -> None:
    """The plays of this screen, newest last, with each sink's state. With --json one object a line.

    \b
    Example:  ooh-player plays --since 24h --kind ad
    """
    if ctx.invoked_subcommand is not None:
        if as_json or (since, until, kind, last) != (None, None, None, None):
            raise click.UsageError(f"Put the options behind {ctx.invoked_subcommand}, or they would do nothing.")
        ctx.obj = config_path
        return
    journal = open_journal(read_config(config_path).config)
    rows = (row for row in journal.plays(since) if _wanted(row, until, kind))
    told = 0
    for row in rows if last is None else _newest(rows, last):
        if told == 0 and not as_json and sys.stdout.isatty():
            click.secho(_HEAD, dim=True)
        told += 1
        if as_json:
            echo_json(_as_json(row))
        else:
            click.echo(_as_line(row))
    if told == 0:
        click.echo("no plays yet" if (since, until, kind) == (None, None, None) else "no such plays", err=True)


@plays.command()
@config_option
@since_option
@until_option
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="jsonl: the records as delivered; csv: for a spreadsheet; parquet: for a warehouse, needs pyarrow. "
    "Default: by the ending of --out, else jsonl.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; default: standard output.")
@click.pass_context
@errors_told
def export(
    ctx: click.Context,
    config_path: Path | None,
    since: datetime | None,
    until: datetime | None,
    form: str | None,
    out: Path | None,
) -> None:
    """Every closed play's record: one JSON object a line, exactly as it is delivered, or as CSV or Parquet.

    \b
    Example:  ooh-player plays export --since 7d --out plays.jsonl
    """
    form = form or format_of(out)
    if form == "parquet" and out is None and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for a terminal: name a file with --out.")
    journal = open_journal(read_config(config_path or ctx.obj).config)
    count = export_plays(journal, since, until, form, out)
    if out is not None:
        click.echo(f"{count} plays in {out}", err=True)


plays.add_command(verify)


def _wanted(row: PlayRow, until: datetime | None, kind: str | None) -> bool:
    began_before = until is None or datetime.fromisoformat(row.play.started_at) < until
    return began_before and kind in {None, row.play.kind}


def _newest(rows: Iterator[PlayRow], last: int) -> Iterator[PlayRow]:
    yield from deque(rows, maxlen=last)


def _as_json(row: PlayRow) -> dict[str, object]:
    play = row.play
    return {
        "id": play.id,
        "seq": play.seq,
        "kind": play.kind,
        "exchange": play.exchange,
        "campaign_id": play.campaign_id,
        "creative_id": play.creative_id,
        "started_at": play.started_at,
        "shown_ms": play.shown_ms,
        "end_reason": play.end_reason,
        "billable": play.billable,
        "display": play.display,
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
