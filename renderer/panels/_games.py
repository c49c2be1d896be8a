"""What the scores panel knows: the league and its games, those that matter most first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from cache import FeedSnapshot
from renderer.panels import _read as read
from renderer.panels._colour import Rgb, parse
from renderer.panels._runs import clusters
from renderer.panels._style import PanelSettings
from renderer.panels._type import clean

GameState = Literal["live", "next", "final"]
_NO_COLOUR: Rgb = (92, 108, 132)
_ORDER: tuple[GameState, ...] = ("live", "next", "final")
LIVE_LASTS = timedelta(minutes=3)
"""A score is called live no longer than this after it was fetched; then the tile says of when it is."""
_LEADERS = 24


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
class Leader:
    """One athlete in a field without teams."""

    position: str
    name: str
    score: str


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a game or an event stands."""

    state: GameState
    starts_at: datetime | None
    detail: str
    seen_at: datetime | None
    """When a live score was fetched that is too old to be called live."""

    @property
    def live(self) -> bool:
        """True while it is played, by data that is fresh enough to say so."""
        return self.state == "live" and self.seen_at is None

    def status(self, settings: PanelSettings, now: datetime) -> str:
        """``Q3 4:12``, ``As of 19:02``, ``19:30``, ``Sat 19:30``, ``Final``."""
        words = settings.language()
        if self.seen_at is not None:
            return words.word("as_of", time=settings.hour_minute(settings.local(self.seen_at)))
        if self.state == "live":
            return self.detail or words.word("live")
        if self.state == "final":
            return self.detail if 0 < len(self.detail) <= 9 and self.detail != "Final" else words.word("final")
        return " ".join(self.when(settings, now))

    def when(self, settings: PanelSettings, now: datetime) -> tuple[str, ...]:
        """Start of a game to come: its day, unless that is today, and its time of day; or what the feed says."""
        words = settings.language()
        if self.starts_at is None:
            return (self.detail or words.word("soon"),)
        local = settings.local(self.starts_at)
        days = (local.date() - settings.local(now).date()).days
        if days == 0:
            return (settings.hour_minute(local),)
        day = words.weekday_short(local) if 0 < days < 7 else words.day_month_short(local)
        return day, settings.hour_minute(local)


@dataclass(frozen=True, slots=True)
class Game(_Standing):
    """One game; ``sides`` in the order that they are written: home above away."""

    sides: tuple[Side, Side]

    def loser(self) -> Side | None:
        """The side that lost a game that is over."""
        first, second = self.sides
        if self.state != "final" or first.score is None or second.score is None or first.score == second.score:
            return None
        return first if first.score < second.score else second

    def lines(self, settings: PanelSettings, now: datetime) -> tuple[str, ...]:
        """The status for a narrow place: a start's day over its time, ``3rd`` over ``3:11`` for ``3:11 - 3rd``."""
        if self.state == "next":
            return self.when(settings, now)
        clock, _, period = self.detail.partition(" - ")
        return (period, clock) if self.live and clock and period else (self.status(settings, now),)


@dataclass(frozen=True, slots=True)
class Board(_Standing):
    """An event without teams (golf, racing): its leaders, best first."""

    name: str
    leaders: tuple[Leader, ...]


@dataclass(frozen=True, slots=True)
class Games:
    """Everything the panel may show."""

    league: str
    games: tuple[Game, ...]
    boards: tuple[Board, ...]
    attribution: str

    @property
    def live(self) -> int:
        """How many are being played."""
        return sum(game.live for game in (*self.games, *self.boards))


def games(snapshot: FeedSnapshot, settings: PanelSettings, now: datetime) -> Games | None:
    """Read a scores snapshot. None when it holds no game with two teams and no event with leaders."""
    seen_at = snapshot.fetched_at if now - snapshot.fetched_at >= LIVE_LASTS else None
    rows = read.tables(snapshot.data, "games")
    found = [game for row in rows if (game := _game(row, seen_at)) is not None]
    boards = [board for row in rows if (board := _board(row, seen_at)) is not None]
    if not found and not boards:
        return None
    far = datetime.max.replace(tzinfo=UTC)
    found.sort(key=lambda game: (_ORDER.index(game.state), (game.starts_at or far) if game.state == "next" else far))
    boards.sort(key=lambda board: _ORDER.index(board.state))
    league = clean(settings.title) or read.text(snapshot.data, "league")
    return Games(league, tuple(found), tuple(boards), clean(snapshot.attribution, 100))


def stops_being_live(snapshot: FeedSnapshot, known: Games) -> datetime | None:
    """When its live scores are too old to be called so."""
    return snapshot.fetched_at + LIVE_LASTS if known.live else None


def _game(row: Mapping[str, Any], seen_at: datetime | None) -> Game | None:
    state = row.get("state")
    home, away = _side(read.table(row, "home")), _side(read.table(row, "away"))
    if state not in _ORDER or home is None or away is None:
        return None
    old = seen_at if state == "live" else None
    return Game(state, read.moment(row, "starts_at"), read.text(row, "detail", 18), old, (home, away))


def _board(row: Mapping[str, Any], seen_at: datetime | None) -> Board | None:
    state = row.get("state")
    leaders = [leader for each in read.tables(row, "leaders", _LEADERS) if (leader := _leader(each)) is not None]
    if state not in _ORDER or not leaders:
        return None
    old = seen_at if state == "live" else None
    start, detail = read.moment(row, "starts_at"), read.text(row, "detail", 32)
    return Board(state, start, detail, old, read.text(row, "name", 60), tuple(leaders))


def _leader(row: Mapping[str, Any]) -> Leader | None:
    name, score = read.text(row, "name", 40), read.text(row, "score", 8)
    if score.startswith("-"):
        score = f"\N{MINUS SIGN}{score[1:]}"
    return Leader(read.text(row, "position", 4), name, score) if name else None


def _side(row: Mapping[str, Any]) -> Side | None:
    name, short = read.text(row, "name", 40), read.text(row, "short", 4)
    if not name and not short:
        return None
    short = (short or "".join(clusters("".join(c for c in name if c != " "))[:3])).upper()
    colour = parse(row.get("colour")) or _NO_COLOUR
    return Side(name or short, short, read.whole(row, "score", 0, 9_999), colour, read.text(row, "record", 12))
