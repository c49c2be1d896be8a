"""``identify``, ``pattern``, ``pause`` and ``resume``: what a tech asks of the screen. Each ends by itself."""

from __future__ import annotations

from pathlib import Path

import click

from cache import MOST_CARD_S, MOST_PAUSE_S, CardName, SystemClock, ask_card
from cache import pause as ask_pause
from cache import resume as ask_resume
from config import Code, OohError
from player.cli._common import config_option, echo_json, errors_told, folders_of, json_option, read_config

_CARD_SECONDS = click.IntRange(1, MOST_CARD_S)


@click.command()
@click.option("--seconds", type=_CARD_SECONDS, default=30, show_default=True, help="How long.")
@config_option
@json_option
@errors_told
def identify(seconds: int, config_path: Path | None, as_json: bool) -> None:
    """Show on the screen which one it is: its id, large, and a QR code.

    \b
    Example:  ooh-player identify --seconds 60
    On the screen itself: key i. Esc, or `ooh-player resume`, ends it.
    Exit:     1 when no screen is running.
    """
    _show("identify", seconds, config_path, as_json=as_json)


@click.command()
@click.option("--seconds", type=_CARD_SECONDS, default=60, show_default=True, help="How long.")
@config_option
@json_option
@errors_told
def pattern(seconds: int, config_path: Path | None, as_json: bool) -> None:
    """Show the test pattern: edges, shape, greys, colours, which way is up.

    \b
    Example:  ooh-player pattern --seconds 120
    On the screen itself: key t. Esc, or `ooh-player resume`, ends it.
    Exit:     1 when no screen is running.
    """
    _show("pattern", seconds, config_path, as_json=as_json)


@click.command()
@click.option("--minutes", type=click.IntRange(1, MOST_PAUSE_S // 60), default=15, show_default=True, help="How long.")
@config_option
@json_option
@errors_told
def pause(minutes: int, config_path: Path | None, as_json: bool) -> None:
    """Play nothing for a time, so that no ad is billed while somebody works at the screen.

    \b
    Example:  ooh-player pause --minutes 30
    `ooh-player resume`, or Esc on the screen itself, ends it early.
    Exit:     1 when no screen is running.
    """
    run = folders_of(read_config(config_path).config).run
    _insist(heard=ask_pause(run, SystemClock(), minutes * 60))
    _tell(f"paused for {minutes} min", {"paused_s": minutes * 60}, as_json=as_json)


@click.command()
@config_option
@json_option
@errors_told
def resume(config_path: Path | None, as_json: bool) -> None:
    """End a pause or a card: the loop goes on.

    \b
    Example:  ooh-player resume
    Exit:     1 when no screen is running.
    """
    _insist(heard=ask_resume(folders_of(read_config(config_path).config).run))
    _tell("the loop goes on", {"resumed": True}, as_json=as_json)


def _show(card: CardName, seconds: int, config_path: Path | None, *, as_json: bool) -> None:
    run = folders_of(read_config(config_path).config).run
    _insist(heard=ask_card(run, SystemClock(), card, seconds))
    _tell(f"{card} card for {seconds} s", {"card": card, "seconds": seconds}, as_json=as_json)


def _insist(*, heard: bool) -> None:
    if not heard:
        raise OohError(Code.SCREEN_NOT_RUNNING)


def _tell(words: str, document: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        echo_json(document)
    else:
        click.echo(words)
