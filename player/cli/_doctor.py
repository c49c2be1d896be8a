"""``doctor``: the tech's checklist."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from cache import SystemClock
from player._version import player_version
from player.cli._common import (
    EXIT_NOT_GOOD,
    config_option,
    echo_json,
    errors_told,
    folders_of,
    json_option,
    read_config,
)
from player.doctor import examine, machine_checks, network_checks
from player.fetch import open_http

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@config_option
@json_option
@errors_told
def doctor(config_path: Path | None, as_json: bool) -> None:
    """Look at everything that a screen needs, and say what to do about what is not good. Under 10 s, also offline.

    \b
    Example:  ooh-player doctor
    Exit:     1 when a line says fail.
    """
    config = read_config(config_path).config
    clock = SystemClock()
    http = open_http(config.fetch, player_version())
    checks = machine_checks(folders_of(config), clock, os.environ) + network_checks(config, http, clock)
    findings = examine(checks)
    bad = any(finding.grade == "fail" for finding in findings)
    if as_json:
        echo_json({"ok": not bad, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            grade = click.style(f"{finding.grade:<4}", fg=_COLOURS[finding.grade])
            click.echo(f"{grade}  {finding.name}: {finding.what}")
            if finding.grade != "ok":
                click.echo(f"      do: {finding.next_step}")
    sys.stdout.flush()
    os._exit(EXIT_NOT_GOOD if bad else 0)  # a check that hangs must not keep the tech waiting
