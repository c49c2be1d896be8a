"""``exchange try``: asks every configured exchange once and explains the answer."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from cache import Lease, SystemClock, rfc3339
from config import Code, Config, OohError
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
from player.exchange import (
    Answer,
    Explanation,
    NoFill,
    Offered,
    Opportunity,
    Rules,
    ScreenIdentity,
    cost,
    open_exchange,
)
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
    Exit:     1 when an exchange cannot be understood or reached; a no-fill is a good answer, and so are ads that
              your own rules refuse.
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
    if any(_not_good(explanation.result) for explanation in told):
        sys.exit(EXIT_NOT_GOOD)


def _ask_all(config: Config) -> list[Explanation]:
    clock = SystemClock()
    http = open_http(config.fetch, player_version())
    identity = ScreenIdentity.of(config.screen, player_version())
    screen = screen_size(config.screen, folders_of(config).run)
    opportunity = Opportunity(
        screen=screen, duration_ms=_slot_ms(config), mimes=shown_mimes(), rules=Rules.of(config.ads)
    )
    tables = [replace(each, test=True) for each in config.exchange if each.url]
    return [open_exchange(each, identity, http, clock).explain(opportunity) for each in tables]


def _not_good(result: Answer | OohError) -> bool:
    return isinstance(result, OohError) and result.code is not Code.EXCHANGE_RULES


def _slot_ms(config: Config) -> int:
    lengths = [slot.seconds for slot in config.loop if slot.kind == "ad"] or [10.0]
    return round(lengths[0] * 1000)


def _as_json(explanation: Explanation) -> dict[str, Any]:
    return {
        "exchange": explanation.exchange,
        "url": explanation.url,
        "request": json.loads(explanation.request or b"null"),
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
        "would_cache": [_lease(lease) for lease in result.leases],
        "refused": [
            {"bid_id": refusal.bid_id, "code": refusal.code.code, "detail": refusal.detail}
            for refusal in result.refused
        ],
    }


def _lease(lease: Lease) -> dict[str, Any]:
    """What would be kept. ``cost``: of one play, exact, in ``currency``; unknown is null."""
    priced = lease.price is not None and lease.multiplier is not None
    return {
        "creative_url": lease.creative_url or None,
        "alternatives": list(lease.alternatives),
        "page": None if lease.markup is None else lease.markup[:_SHOWN_CHARS],
        "creative_id": lease.creative_id,
        "advertiser_domain": lease.advertiser_domain,
        "deal_id": lease.deal_id,
        "size": [lease.width, lease.height] if lease.width and lease.height else None,
        "price": lease.price,
        "currency": lease.currency,
        "multiplier": lease.multiplier,
        "cost": _exactly(cost(lease.price or "0", lease.multiplier or 0)) if priced else None,
        "duration_ms": lease.duration_ms,
        "expires_at": rfc3339(lease.expires_at),
    }


def _exactly(amount: Decimal) -> str:
    """Without an exponent and idle zeros."""
    return format(amount.normalize(), "f")


def _line(lease: Lease) -> str:
    what = lease.creative_url or "a page in the answer"
    size = f", {lease.width}x{lease.height}" if lease.width and lease.height else ""
    money = "no price" if lease.price is None else f"CPM {lease.price} {lease.currency}"
    if lease.price is not None and lease.multiplier is not None:
        money += f", {_exactly(cost(lease.price, lease.multiplier))} a play"
    return f"  would cache: {what}{size}, {lease.duration_ms / 1000:g} s, {money}"


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
    elif isinstance(explanation.result, Offered):
        lines += [_line(lease) for lease in explanation.result.leases]
    elif isinstance(explanation.result, NoFill):
        lines += [f"  no fill: {explanation.result.reason}"]
    return "\n".join(lines)
