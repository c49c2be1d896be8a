"""``exchange try``: asks every configured exchange once and explains the answer."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cache import SystemClock
from config import Config, OohError
from player._mimes import shown_mimes
from player._screen_size import screen_size
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
from player.exchange import Explanation, NoFill, Opportunity, ScreenIdentity, open_exchange
from player.fetch import open_http

_SHOWN_CHARS = 2000


@click.group()
def exchange() -> None:
    """The programmatic exchanges.

    \b
    Example:  ooh-player exchange try
    """


@exchange.command("try")
@config_option
@json_option
@errors_told
def try_(config_path: Path | None, as_json: bool) -> None:
    """Ask every configured exchange once, as a test, and explain the answer. Nothing is played or billed.

    \b
    Example:  ooh-player exchange try --json
    Exit:     1 when an exchange cannot be understood or reached; a no-fill is a good answer.
    """
    config = read_config(config_path).config
    if not config.exchange:
        click.echo("no exchange is configured: set exchange.url", err=True)
        sys.exit(EXIT_NOT_GOOD)
    told = _ask_all(config)
    if as_json:
        echo_json([_as_json(explanation) for explanation in told])
    else:
        for explanation in told:
            click.echo(_as_text(explanation))
    if any(isinstance(explanation.result, OohError) for explanation in told):
        sys.exit(EXIT_NOT_GOOD)


def _ask_all(config: Config) -> list[Explanation]:
    clock = SystemClock()
    http = open_http(config.fetch, player_version())
    identity = ScreenIdentity.of(config.screen, player_version())
    screen = screen_size(config.screen, folders_of(config).run)
    opportunity = Opportunity(screen=screen, duration_ms=_slot_ms(config), mimes=shown_mimes())
    return [
        open_exchange(replace(each, test=True), identity, http, clock).explain(opportunity) for each in config.exchange
    ]


def _slot_ms(config: Config) -> int:
    lengths = [slot.seconds for slot in config.loop if slot.kind == "ad"] or [10.0]
    return round(lengths[0] * 1000)


def _as_json(explanation: Explanation) -> dict[str, Any]:
    return {
        "exchange": explanation.exchange,
        "url": explanation.url,
        "request": json.loads(explanation.request),
        "status": explanation.status,
        "answer": explanation.answer.decode("utf-8", "replace"),
        "result": _result(explanation),
        "reasons": list(explanation.reasons),
        "elapsed_ms": explanation.elapsed_ms,
    }


def _result(explanation: Explanation) -> dict[str, Any]:
    result = explanation.result
    if isinstance(result, OohError):
        return {"error": result.as_json()}
    if isinstance(result, NoFill):
        return {"no_fill": result.reason}
    return {
        "would_cache": [
            {"creative_url": lease.creative_url, "price": lease.price, "duration_ms": lease.duration_ms}
            for lease in result.leases
        ],
        "refused": [
            {"bid_id": refusal.bid_id, "code": refusal.code.code, "detail": refusal.detail}
            for refusal in result.refused
        ],
    }


def _as_text(explanation: Explanation) -> str:
    answer = explanation.answer.decode("utf-8", "replace")
    lines = [
        f"{explanation.exchange}  {explanation.url}  {explanation.status or 'no answer'}, {explanation.elapsed_ms} ms",
        f"  asked: {explanation.request.decode()[:_SHOWN_CHARS]}",
        f"  answered: {answer[:_SHOWN_CHARS] or '(nothing)'}",
    ]
    lines += [f"  {reason}" for reason in explanation.reasons]
    if isinstance(explanation.result, OohError):
        lines += [f"  {explanation.result.code.code}: {explanation.result.message}"]
        lines += [f"  do: {explanation.result.code.next_step}"]
    elif isinstance(explanation.result, NoFill):
        lines += [f"  no fill: {explanation.result.reason}"]
    return "\n".join(lines)
