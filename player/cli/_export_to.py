"""Where an export goes: a file that is whole or not there, or standard output; with a progress bar when it is long."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cache import Journal, PlayRow
from config import Code, OohError
from player.cli._export import Csv, ExportWriter, JsonLines
from player.cli._export_parquet import Parquet

FORMATS = ("jsonl", "csv", "parquet")
LONG_PLAYS = 2_000
"""From so many plays on an export has a progress bar (about a second on a weak board)."""

Tell = Callable[[PlayRow], None]


def format_of(out: Path | None) -> str:
    """By the file's ending; JSON lines for anything else."""
    ending = "" if out is None else out.suffix.lower().removeprefix(".")
    return ending if ending in FORMATS else "jsonl"


def export_plays(journal: Journal, since: datetime | None, until: datetime | None, form: str, out: Path | None) -> int:
    """Write the plays that began from ``since`` to before ``until``; how many. At most 5,000 are in memory at a time.

    Raises ``OohError``: FILE_UNUSABLE, EXPORT_NO_PARQUET, JOURNAL_UNAVAILABLE.
    """
    with _opened(out) as file, _progress(journal) as tell:
        writer = _writer(form, file)
        count = 0
        for row in journal.plays(since):
            tell(row)
            if until is None or datetime.fromisoformat(row.play.started_at) < until:
                writer.add(row)
                count += 1
        writer.close()
    return count


def _writer(form: str, file: BinaryIO) -> ExportWriter:
    if form == "parquet":
        return Parquet(file)
    return Csv(file) if form == "csv" else JsonLines(file)


@contextmanager
def _opened(out: Path | None) -> Iterator[BinaryIO]:
    """The file, which takes its name when all of it is written; a pipe or a device is written as it is."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    whole = out.resolve()
    plain = whole.is_file() or not whole.exists()
    part = whole.with_name(f".{whole.name}.{secrets.token_hex(4)}") if plain else whole
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            if plain:
                os.fsync(file.fileno())
        if plain:
            part.replace(whole)
    except OSError as error:
        raise OohError(Code.FILE_UNUSABLE, f"{out}: {error.strerror or error}") from error
    finally:
        if plain:
            with suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def _progress(journal: Journal) -> Iterator[Tell]:
    """A bar over the seq that were read, on a terminal's error output; pipes and logs get nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    last = journal.counts().last_seq
    columns = (TextColumn("plays"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        first: int | None = None
        task = bar.add_task("plays", total=None, visible=False)

        def tell(row: PlayRow) -> None:
            nonlocal first
            if first is None:
                first = row.play.seq
                bar.update(task, total=last - first + 1, visible=last - first >= LONG_PLAYS)
            if row.play.seq % 100 == 0:
                bar.update(task, completed=row.play.seq - first + 1)

        yield tell
