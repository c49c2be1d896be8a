"""The command line: each command is a module of its own, loaded when it is called."""

from __future__ import annotations

import gc

import click

from player._version import player_version
from player.cli._lazy import LazyGroup

COMMANDS = {
    "demo": "player.cli._demo:demo",
    "setup": "player.cli._setup:setup",
    "run": "player.cli._run:run",
    "check": "player.cli._check:check",
    "reload": "player.cli._reload:reload",
    "doctor": "player.cli._doctor:doctor",
    "status": "player.cli._status:status",
    "screenshot": "player.cli._screenshot:screenshot",
    "identify": "player.cli._service:identify",
    "pattern": "player.cli._service:pattern",
    "pause": "player.cli._service:pause",
    "resume": "player.cli._service:resume",
    "plays": "player.cli._plays:plays",
    "web": "player.cli._web:web",
    "key": "player.cli._key:key",
    "exchange": "player.cli._exchange:exchange",
    "config": "player.cli._config:config",
    "cache": "player.cli._cache:cache",
    "prepare": "player.cli._prepare:prepare",
    "layout": "player.cli._layout:layout",
    "sandbox": "player.cli._sandbox:sandbox",
    "agent": "player.cli._agent:agent",
    "screen": "player.cli._screen:screen",
}


@click.group(cls=LazyGroup, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(player_version(), prog_name="ooh-player")
def cli() -> None:
    """Play programmatic ads on an out-of-home screen, and prove that they were shown.

    \b
    Try it here and now:  ooh-player demo
    On a real screen:     ooh-player check && ooh-player run
    """
    gc.freeze()  # the command is loaded, and its code stays: no later search goes through it
    gc.enable()


__all__ = ["COMMANDS", "cli"]
