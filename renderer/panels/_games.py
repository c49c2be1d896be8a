"""What the scores panel knows: the league and its games, those that matter most first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from cache import FeedSnapshot
from renderer.panels import _read as read
from renderer.panels._colour import Rgb, parse
from renderer.panels._style import PanelSettings
from renderer.panels._type import clean

GameState = Literal["live", "next", "final"]
_NO_COLOUR: Rgb = (92, 108, 132)
_ORDER: tuple[GameState, ...] = ("live", "next", "final")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two teams in one game."""

    name: str
    short: str
    """Up to four letters for its badge."""
    score: int | None
    colour: Rgb
    record: str


@dataclass(frozen=True, slots=True)
class Game:
    """One game; ``sides`` in the order that they are written: home above away."""

    state: GameState
    starts_at: datetime | None
    detail: str
    sides: tuple[Side, Side]

    def loser(self) -> Side | None:
        """The side that lost a game that is over."""
        first, second = self.sides
        if self.state != "final" or first.score is None or second.score is None or first.score == second.score:
            return None
        return first if first.score < second.score else second

    def status(self, settings: PanelSettings, now: datetime) -> str:
        """``Q3 4:12``, ``19:30``, ``Sat 19:30``, ``Final``."""
        if self.state == "live":
            return self.detail or "Live"
        if self.state == "final":
            return self.detail if 0 < len(self.detail) <= 9 else "Final"
        return " ".join(self.when(settings, now))

    def lines(self, settings: PanelSettings, now: datetime) -> tuple[str, ...]:
        """The status for a narrow place: a start's day over its time, ``3rd`` over ``3:11`` for ``3:11 - 3rd``."""
        if self.state == "next":
            return self.when(settings, now)
        clock, _, period = self.detail.partition(" - ")
        return (period, clock) if self.state == "live" and clock and period else (self.status(settings, now),)

    def when(self, settings: PanelSettings, now: datetime) -> tuple[str, ...]:
        """Start of a game to come: its day, unless that is today, and its time of day; or what the feed says."""
        if self.starts_at is None:
            return (self.detail or "Soon",)
        local = settings.local(self.starts_at)
        days = (local.date() - settings.local(now).date()).days
        if days == 0:
            return (settings.hour_minute(local),)
        day = f"{local:%a}" if 0 < days < 7 else f"{local.day} {local:%b}"
        return day, settings.hour_minute(local)


@dataclass(frozen=True, slots=True)
class Games:
    """Everything the panel may show."""

    league: str
    games: tuple[Game, ...]
    attribution: str

    @property
    def live(self) -> int:
        """How many are being played."""
        return sum(game.state == "live" for game in self.games)


def games(snapshot: FeedSnapshot, settings: PanelSettings) -> Games | None:
    """Read a scores snapshot. None when it holds no game with two teams."""
    found = [game for row in read.tables(snapshot.data, "games") if (game := _game(row)) is not None]
    if not found:
        return None
    far = datetime.max.replace(tzinfo=UTC)
    found.sort(key=lambda game: (_ORDER.index(game.state), (game.starts_at or far) if game.state == "next" else far))
    league = clean(settings.title) or read.text(snapshot.data, "league")
    return Games(league, tuple(found), clean(snapshot.attribution, 60))


def _game(row: Mapping[str, Any]) -> Game | None:
    state = row.get("state")
    home, away = _side(read.table(row, "home")), _side(read.table(row, "away"))
    if state not in _ORDER or home is None or away is None:
        return None
    return Game(state, read.moment(row, "starts_at"), read.text(row, "detail", 18), (home, away))


def _side(row: Mapping[str, Any]) -> Side | None:
    name, short = read.text(row, "name", 40), read.text(row, "short", 4)
    if not name and not short:
        return None
    short = (short or "".join(c for c in name if c.isalnum())[:3]).upper()
    colour = parse(row.get("colour")) or _NO_COLOUR
    return Side(name or short, short, read.whole(row, "score", 0, 9_999), colour, read.text(row, "record", 12))
