"""The questions: few, each with a default, each answer held to the schema at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from cache import Board, Clock, ask_card
from config import Config, ConfigError, ExchangeConfig, Problem
from player._kinds import unknown_kind
from player.setup._draft import Draft
from player.setup._found import Found
from player.setup._secret import keep_secret

_PATTERN_S = 300
_TURN = {"up": 0, "right": 270, "down": 180, "left": 90}
"""Where the arrow of the test pattern points → by how much more the picture must be turned clockwise."""
_PLACE = re.compile(r"^\s*(-?[\d.]+)\s*[,; ]\s*(-?[\d.]+)\s*$")
_NONE = "-"


@dataclass(slots=True)
class Interview:
    """One talk with one tech. Answers go into the draft; a secret goes into its own file when the draft is saved."""

    draft: Draft
    config: Config
    found: Found
    run: Path
    clock: Clock
    secrets: dict[str, tuple[str, str]]
    """``*_file`` key → file name and secret, to be kept with the draft."""

    def hold(self) -> None:
        """Ask everything."""
        self._who()
        self._turn()
        self._where()
        self._exchange()
        self._hours()

    def keep_secrets(self) -> None:
        """Write what was typed and point the configuration at it. Raises ``OohError`` (FILE_UNUSABLE)."""
        for key, (name, secret) in self.secrets.items():
            self.draft.put(key, keep_secret(self.draft.path, name, secret))

    def _who(self) -> None:
        screen = self.config.screen
        known = screen.id if screen.id != "unprovisioned" else self.found.screen_id
        self._ask("screen.id", "Name of this screen, unique in the fleet", known, screen.id)
        self._ask("screen.venue", "Venue's id, as the exchange knows it (- for none)", screen.venue, screen.venue)

    def _turn(self) -> None:
        """By the arrow of the test pattern where a screen runs: a tech need not know which way 90 degrees is."""
        screen = self.config.screen
        click.echo(f"Display: {self.found.display or 'none is plugged in now'}; size {screen.size}.")
        if Board.read_living(self.run, "screen") is None or not ask_card(self.run, self.clock, "pattern", _PATTERN_S):
            self._ask("screen.rotation", "Picture turned clockwise by (0, 90, 180 or 270)", str(screen.rotation))
            return
        words = click.Choice(tuple(_TURN), case_sensitive=False)
        way = click.prompt("The screen shows the test pattern. Its arrow points", type=words, default="up")
        rotation = (screen.rotation + _TURN[way]) % 360
        if rotation != screen.rotation:
            self.draft.answer("screen.rotation", str(rotation))
            click.echo(f"  screen.rotation = {rotation}")

    def _where(self) -> None:
        screen, weather = self.config.screen, self.config.panels.weather
        machines = f"the machine's: {self.found.timezone}" if self.found.timezone else "the machine's"
        self._ask("screen.timezone", f"Time zone (- for {machines})", screen.timezone or _NONE, screen.timezone)
        known = _NONE if screen.latitude is None else f"{screen.latitude}, {screen.longitude}"
        while True:
            place = click.prompt("Place for weather and ads: latitude, longitude (- for none)", default=known)
            if place == known or self._take_place(place):
                break
        if self.draft.values.get("screen.latitude", screen.latitude) is not None:
            self._ask("panels.weather.place", "Name of the place, shown with the weather", weather.place)

    def _take_place(self, place: str) -> bool:
        if place == _NONE:
            return self._take({"screen.latitude": None, "screen.longitude": None})
        both = _PLACE.match(place)
        if both is None:
            click.echo("  Two numbers with a comma between them, such as 52.52, 13.405.")
            return False
        return self._take({"screen.latitude": both[1], "screen.longitude": both[2]})

    def _exchange(self) -> None:
        """The first exchange; further ones are written by hand."""
        known = self.config.exchange[0] if self.config.exchange else ExchangeConfig()
        if len(self.config.exchange) > 1:
            click.echo(f"Exchanges: {len(self.config.exchange)} are configured; they stay as they are.")
            return
        if not click.confirm("Does it show paid ads from an exchange", default=bool(known.url)):
            if known.url:
                click.echo("  It stays in the file; take exchange.url out there to end it.")
            return
        kind = self._ask("exchange.kind", "Its dialect (openrtb, vast or vistar)", known.kind)
        self._ask("exchange.url", "Its URL for ad requests", known.url, must=True)
        if kind == "vistar":
            self._ask("exchange.network_id", "The network's id", known.network_id, must=True)
            self._secret("exchange.api_key_file", "The network's API key", "exchange-api-key", known.api_key_file)
        else:
            self._secret("exchange.token_file", "Its token", "exchange-token", known.token_file)

    def _secret(self, key: str, words: str, name: str, known: str) -> None:
        stays = f"Enter keeps {known}" if known else "Enter for none"
        secret = click.prompt(f"{words}, typed unseen ({stays})", default="", hide_input=True, show_default=False)
        if secret.strip():
            self.secrets[key] = (name, secret.strip())

    def _hours(self) -> None:
        known = "; ".join(self.config.screen.hours) or _NONE
        while True:
            text = click.prompt(
                "Hours it is on, such as mon-fri 06:00-23:00; sat-sun 08:00-01:00 (- for always)", known
            )
            spans = [] if text == _NONE else [span.strip() for span in text.split(";") if span.strip()]
            if text == known or self._take({"screen.hours": json.dumps(spans)}):
                return

    def _ask(self, key: str, words: str, default: str, current: str | None = None, *, must: bool = False) -> str:
        """One key. ``current``: what is in force, where the default is only a proposal."""
        while True:
            text: str = click.prompt(words, default=default if default or must else _NONE, show_default=bool(default))
            text = "" if text == _NONE else text.strip()
            unchanged = text == (default if current is None else current)
            if must and not text:
                click.echo("  It cannot be empty.")
            elif unchanged or self._take({key: text}):
                return text

    def _take(self, answers: Mapping[str, str | None]) -> bool:
        """False, and what is wrong in the words of ``check``, when an answer is not taken: then none of them is.

        None takes a key out.
        """
        before = dict(self.draft.values)
        try:
            for key, text in answers.items():
                if text is None:
                    self.draft.put(key, None)
                elif key == "exchange.kind" and (words := unknown_kind(text)):
                    raise ConfigError((Problem("", None, key, words),))  # noqa: TRY301 - told as all others
                else:
                    self.draft.answer(key, text)
        except ConfigError as error:
            self.draft.values = before
            for problem in error.problems:
                click.echo(f"  {problem}")
            return False
        return True
