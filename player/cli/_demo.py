"""``demo``: the main job on this machine, and the check that every play is proven."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.status import Status
from rich.table import Table

from cache import SystemClock
from config import USUAL_SIZE, Size
from player.cli._common import EXIT_NOT_GOOD, config_option, echo_json, errors_told, json_option, read_config
from player.cli._size import SizeType
from player.demo import DEMO_EXCHANGES, DemoOptions, DemoReport, run_demo
from player.display import display_at_hand


@click.command()
@click.option("--plays", type=click.IntRange(1, 10_000), default=12, show_default=True, help="End after this many.")
@click.option("--headless", is_flag=True, help="Open no window even when there is a display.")
@click.option("--size", type=SizeType(), help="The screen, WxH. Default: the display's, or 1920x1080 without one.")
@click.option(
    "--exchange", type=click.Choice(DEMO_EXCHANGES), default="openrtb", show_default=True, help="The dialect."
)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Leave screenshots, logs, plays.jsonl.")
@config_option
@json_option
@errors_told
def demo(
    plays: int,
    headless: bool,
    size: Size | None,
    exchange: str,
    keep: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Play ads on this machine without network or account, and count every play in the stream.

    Starts a sandbox (exchange, feeds, stream), the agent and the screen, each a process of its own.

    \b
    Example:  ooh-player demo --plays 8 --headless --keep out/
    Exit:     1 when screen, journal and stream do not agree.
    """
    read_config(config_path)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # ended like Ctrl-C: nothing is left behind
    people = Console(stderr=True, markup=False, emoji=False)
    if not headless and not display_at_hand(os.environ):
        headless = True
        people.print(f"No display here: drawing headless at {size or USUAL_SIZE}.")
    options = DemoOptions(plays=plays, headless=headless, size=size, keep=keep, exchange=exchange)
    with _progress(people) as progress:
        report = run_demo(options, SystemClock(), lambda view: progress.tell(view.line(plays)))
    if as_json:
        echo_json(report.as_json())
    else:
        _print(report, Console(markup=False, emoji=False), keep)
    if not report.verdict.agree:
        sys.exit(EXIT_NOT_GOOD)


class _Progress:
    """One live line on a terminal; elsewhere a line whenever it differs."""

    def __init__(self, console: Console, status: Status | None) -> None:
        self._console = console
        self._status = status
        self._last = ""

    def tell(self, line: str) -> None:
        """Show it."""
        if self._status is not None:
            self._status.update(line)
        elif line != self._last:
            self._console.print(line, soft_wrap=True)
        self._last = line


@contextmanager
def _progress(console: Console) -> Iterator[_Progress]:
    if console.is_terminal:
        with console.status("starting") as status:
            yield _Progress(console, status)
    else:
        yield _Progress(console, None)


def _print(report: DemoReport, console: Console, keep: Path | None) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")  # a path is of use only whole
    exchange = report.exchange
    broken = exchange.get("broken") or {}
    if not isinstance(broken, dict):
        broken = {"answers": broken}
    counted = ", ".join(f"{exchange.get(what)} {what}" for what in ("asked", "filled", "billed"))
    rows = {
        "screen": f"{report.size} by {report.driver}, first ad frame {report.first_frame_ms} ms after its start",
        "creatives": ", ".join(report.creatives) or "none",
        "exchange": f"{exchange.get('dialect')}, {counted}",
        "broken on purpose": ", ".join(f"{count} {kind}" for kind, count in broken.items()) or "none met",
        "leases": ", ".join(f"{count} {state.lower()}" for state, count in report.leases.items() if count),
        "restarts": ", ".join(f"{name} {count}" for name, count in report.restarts.items() if count) or "none",
        "heartbeats": f"{report.heartbeats} received",
        "repeats": f"{report.verdict.repeats} in the stream, removed by id",
        "contact sheet": str(report.contact_sheet),
        "kept": str(keep) if keep else "nothing else (--keep DIR keeps screenshots, logs, plays and heartbeats)",
        "took": f"{report.seconds:.0f} s",
    }
    for name, text in rows.items():
        table.add_row(name, text)
    console.print(table)
    console.print(report.verdict.line(), soft_wrap=True, highlight=False)
