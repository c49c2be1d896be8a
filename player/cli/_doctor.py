"""``doctor``: the tech's checklist."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from cache import Folders, SystemClock
from config import DEFAULT_PATH, Config, ConfigError, ScreenConfig
from player._running import wanted_hash
from player._version import player_version
from player.cli._common import EXIT_BAD_USAGE, EXIT_NOT_GOOD, config_option, echo_json, json_option, read_config
from player.doctor import LONGEST_S, Finding, Patient, bare_checkup, checkup, examine, summary
from player.fetch import open_http

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}
_IN_ALL_S = 8.5
_LEAST_S = 4.0


@click.command()
@config_option
@json_option
def doctor(config_path: Path | None, as_json: bool) -> None:
    """Look at everything that a screen needs, and say what to do about what is not good. Under 10 s, also offline.

    \b
    Example:  ooh-player doctor
    Exit:     1 when a line says fail, 2 when the configuration has a mistake.
    """
    try:
        config = read_config(config_path).config
    except ConfigError as error:
        _without_config(error, as_json=as_json)
    else:
        findings = examine_all(config, config_path)
        bad = any(finding.grade == "fail" for finding in findings)
        if as_json:
            echo_json({"ok": not bad, "summary": summary(findings), "findings": [asdict(one) for one in findings]})
        else:
            echo_findings(findings)
        _leave(EXIT_NOT_GOOD if bad else 0)


def examine_all(config: Config, config_path: Path | None, *, afresh: bool = False) -> tuple[Finding, ...]:
    """The whole list, within what is left of ten seconds since this process began, or since now (``afresh``)."""
    http = open_http(config.fetch, player_version())
    patient = Patient.of(config, Folders.named(config.cache, os.environ), SystemClock(), os.environ, http)
    patient = replace(patient, wanted=lambda pid: wanted_hash(config_path, pid, os.environ))
    checks = checkup(patient, http)
    return (_of_config(config, config_path or DEFAULT_PATH), *examine(checks, LONGEST_S if afresh else _time_left_s()))


def _of_config(config: Config, path: Path) -> Finding:
    """It has no mistake; but is it this screen's?"""
    what = f"{path}: no mistake" if path.exists() else "no file yet: the built-in defaults"
    if config.screen.id == ScreenConfig().id:
        step = "Give it one: sudo ooh-player setup"
        return Finding("config", "warn", f"{what}; this screen has no name (screen.id)", step)
    return Finding("config", "ok", f"{what}, screen {config.screen.id}")


def echo_findings(findings: Sequence[Finding]) -> None:
    """For people; colours on a terminal alone (click sees to that)."""
    for finding in findings:
        grade = click.style(f"{finding.grade:<4}", fg=_COLOURS[finding.grade])
        click.echo(f"{grade}  {finding.name}: {finding.what}")
        if finding.grade != "ok":
            click.echo(f"      do: {finding.next_step}")
    click.echo(summary(findings))


def _without_config(error: ConfigError, *, as_json: bool) -> None:
    """The mistakes as ``check`` tells them, and what can be looked at all the same."""
    config = Config()
    http = open_http(config.fetch, player_version())
    patient = Patient.of(config, Folders.named(config.cache, os.environ), SystemClock(), os.environ, http)
    count = len(error.problems)
    what = f"{count} mistake{'s' if count != 1 else ''}: without it, only this can be looked at"
    first = Finding("config", "fail", what, "Mend them: each is named with its file and line; then: ooh-player check")
    findings = (first, *examine(bare_checkup(patient), _time_left_s()))
    if as_json:
        told = error.as_json() | {"problems": [str(problem) for problem in error.problems]}
        document = {"ok": False, "summary": summary(findings), "findings": [asdict(one) for one in findings]}
        echo_json({"error": told, **document})
    else:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        echo_findings(findings)
    _leave(EXIT_BAD_USAGE)


def _time_left_s() -> float:
    """A slow board has spent some of the ten seconds on starting; enough is left to hear from a server."""
    with Path("/proc/self/stat").open(encoding="utf-8", errors="replace") as file:
        began_s = int(file.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    spent_s = time.clock_gettime(time.CLOCK_BOOTTIME) - began_s
    return min(LONGEST_S, max(_LEAST_S, _IN_ALL_S - spent_s))


def _leave(status: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # a check that hangs in the kernel must not keep the tech waiting
