"""``setup``: a few questions, the configuration file, and the player told of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import click

from cache import Folders, SystemClock
from config import DEFAULT_PATH, Config, ConfigError, OohError, Problem
from player._running import wanted_hash
from player.cli._common import EXIT_BAD_USAGE, EXIT_NOT_GOOD, config_option, echo_json, errors_told, json_option
from player.cli._doctor import echo_findings, examine_all
from player.machine import Roots, read_machine
from player.setup import Applied, Change, Draft, Interview, apply, look_around


@click.command()
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One setting; may be given again.")
@click.option("--yes", is_flag=True, help="Ask nothing: write what --set says.")
@click.option("--only-write", is_flag=True, help="Write the file and leave the player alone; for making images.")
@config_option
@json_option
@errors_told
def setup(settings: tuple[str, ...], yes: bool, only_write: bool, config_path: Path | None, as_json: bool) -> None:
    """Set this screen up: asks a few questions, writes the file, starts or reloads the player, and looks it over.

    Every comment and every other key of the file stays; what was there before is kept beside it as .bak.

    \b
    Example:  ooh-player setup
    A fleet:  ooh-player setup --set screen.id=bar-17 --set exchange.url=https://… --yes --only-write
    Exit:     1 when the player did not take it or the doctor finds a failure, 2 when an answer has a mistake.
    """
    draft = Draft.of(config_path or DEFAULT_PATH, os.environ)
    asks = not (yes or settings)
    if not yes and (as_json or not sys.stdin.isatty()):
        click.echo("There is no terminal to ask at. Say it all: --set KEY=VALUE … --yes", err=True)
        sys.exit(EXIT_BAD_USAGE)
    _take(draft, settings)
    interview = _talk(draft) if asks else None
    secret = interview is not None and bool(interview.secrets)
    if not yes:
        _confirm(draft, interview)
    if interview is not None:
        interview.keep_secrets()
    written = _write(draft)
    _tell(written, secret=secret, as_json=as_json)
    if only_write:
        _only_written(written, as_json=as_json)
    else:
        _bring_up(written, secret=secret, as_json=as_json)


def _take(draft: Draft, settings: Sequence[str]) -> None:
    """Each ``KEY=VALUE``; all mistakes are named, not only the first."""
    problems: list[Problem] = []
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            problems.append(Problem("", None, key, "no value; write KEY=VALUE, such as screen.rotation=90"))
            continue
        try:
            draft.answer(key.strip(), text.strip())
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)


def _talk(draft: Draft) -> Interview:
    config = Config() if draft.is_new else draft.check().config
    folders, roots = Folders.named(config.cache, os.environ), Roots()
    machine = read_machine(folders, SystemClock(), roots=roots)
    click.echo(f"{draft.path}. Enter keeps what stands in [brackets]; Ctrl-C leaves everything as it was.\n")
    interview = Interview(draft, config, look_around(roots, machine.connectors), folders.run, SystemClock(), {})
    interview.hold()
    return interview


def _confirm(draft: Draft, interview: Interview | None) -> None:
    """What will be other than before, and a last question. Raises ``click.Abort``."""
    secrets = interview.secrets if interview is not None else {}
    loaded, changes = draft.check(), draft.changes()
    click.echo()
    for change in changes:
        click.echo(f"  {change}")
    for key in secrets:
        click.echo(f"  {key}: a new secret, in a file that only the player reads")
    for line in draft.overruled(loaded):
        click.echo(f"  {line}")
    if not changes and not secrets and not draft.is_new:
        click.echo("  nothing changes")
    elif not click.confirm(f"Write {draft.path}", default=True):
        raise click.Abort


@dataclass(frozen=True, slots=True)
class _Written:
    """What stands in the file now."""

    path: Path
    config: Config
    changes: tuple[Change, ...]
    overruled: tuple[str, ...]
    kept: Path | None
    """What was there before."""
    new: bool

    def document(self) -> dict[str, object]:
        return {
            "file": str(self.path),
            "backup": None if self.kept is None else str(self.kept),
            "changed": [asdict(change) for change in self.changes],
            "overruled": list(self.overruled),
        }


def _write(draft: Draft) -> _Written:
    """Nothing when nothing is other than before."""
    loaded, changes = draft.check(), draft.changes()
    kept = draft.save() if changes or draft.is_new else None
    return _Written(draft.path, loaded.config, changes, draft.overruled(loaded), kept, draft.is_new)


def _tell(written: _Written, *, secret: bool, as_json: bool) -> None:
    if as_json:
        return
    if written.changes or written.new:
        backup = f" (what was there: {written.kept})" if written.kept is not None else ""
        click.echo(f"written: {written.path}{backup}")
    else:
        click.echo("written: the secret alone" if secret else "nothing was written")
    for line in written.overruled:
        click.echo(f"  {line}", err=True)


def _only_written(written: _Written, *, as_json: bool) -> None:
    if as_json:
        echo_json({"ok": True, **written.document(), "applied": None, "findings": []})


def _bring_up(written: _Written, *, secret: bool, as_json: bool) -> None:
    """Reload or start the player, and look the machine over."""
    applied = _apply(written, secret=secret, as_json=as_json)
    findings = examine_all(written.config, written.path, afresh=True)
    good = applied.outcome != "failed" and all(finding.grade != "fail" for finding in findings)
    if as_json:
        told = {"applied": applied.outcome, "findings": [asdict(finding) for finding in findings]}
        echo_json({"ok": good, **written.document(), **told})
    else:
        click.echo()
        echo_findings(findings)
    sys.stdout.flush()
    os._exit(0 if good else EXIT_NOT_GOOD)  # as doctor does: what hangs must not keep the tech waiting


def _apply(written: _Written, *, secret: bool, as_json: bool) -> Applied:
    run = Folders.named(written.config.cache, os.environ).run
    try:
        wanted = partial(wanted_hash, written.path, environ=os.environ)
        applied = apply(run, wanted, SystemClock(), new_secret=secret)
    except OohError as error:
        if not as_json:
            click.echo(f"{error.code.code}: {error.message}\n  next: {error.code.next_step}", err=True)
        return Applied("failed")
    if not as_json:
        for line in applied.lines():
            click.echo(line)
    return applied
