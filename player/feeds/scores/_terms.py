"""The scores panel's terms: games, sides and leaders, whatever the source calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from cache import rfc3339
from config import ScoresConfig
from player import _loose as loose

State = Literal["live", "next", "final"]
Side = dict[str, Any]

MOST_GAMES = 24
MOST_LEADERS = 24
_MOST_POINTS = 9_999
_ORDER: dict[State, int] = {"live": 0, "final": 1, "next": 2}
_COLOUR = re.compile(r"(?:#|0x)?([0-9a-fA-F]{6})")
_LONGEST_LIVE = timedelta(hours=30)
"""A game that began before that and is told as live is one that the source forgot."""
_LATEST_NEXT = timedelta(hours=12)

# What stops a game, by the word in the source's own name of its status. Its score, if any, is no result.
_STOPPED: tuple[tuple[str, str], ...] = (
    ("POSTPON", "Postponed"),
    ("CANCEL", "Cancelled"),
    ("SUSPEND", "Suspended"),
    ("ABANDON", "Abandoned"),
    ("FORFEIT", "Forfeit"),
    ("DELAY", "Delayed"),
)
_OFF = frozenset(word for _, word in _STOPPED) - {"Forfeit"}


@dataclass(frozen=True, slots=True)
class Game:
    """One game, or one field of athletes; ``key`` is the source's id, for telling doubles."""

    key: str | None
    state: State
    starts_at: datetime | None
    detail: str | None
    sides: tuple[Side, Side] | None = None
    """Home, away."""
    leaders: tuple[dict[str, str], ...] = ()
    name: str | None = None
    """Of an event without sides."""
    ends_at: datetime | None = None

    def data(self) -> dict[str, Any]:
        """As the panel reads it."""
        head = {"state": self.state, "starts_at": rfc3339(self.starts_at) if self.starts_at else None}
        if self.sides is None:
            return {**head, "detail": self.detail, "name": self.name, "leaders": list(self.leaders)}
        home, away = self.sides
        if self.state == "next":
            home, away = {**home, "score": None}, {**away, "score": None}
        return {**head, "detail": self.detail, "home": home, "away": away}


def stopped(*words: str | None) -> str | None:
    """What keeps a game from going on as planned, in one word, or None: ``STATUS_RAIN_DELAY`` → ``Delayed``."""
    said = " ".join(word.upper() for word in words if word)
    return next((told for part, told in _STOPPED if part in said), None)


def held_up(state: State, word: str, starts_at: datetime | None) -> tuple[State, datetime | None, str]:
    """State, start and detail of a game that ``stopped``: what was put off has no time any more, and no score.

    A delay within a live game leaves it live. A forfeit is a result.
    """
    if word == "Forfeit":
        return "final", starts_at, word
    if word == "Delayed" and state == "live":
        return "live", starts_at, word
    return "next", None, word


def side(
    name: str | None, short: str | None, score: int | None, colour: object = None, record: str | None = None
) -> Side | None:
    """One team or athlete; None without a name."""
    name = name or short
    if name is None:
        return None
    letters = "".join(mark for mark in name if mark.isalnum())[:3].upper() or name[:3]
    return {"name": name, "short": short or letters, "score": score, "colour": hex_colour(colour), "record": record}


def points(value: object, key: str) -> int | None:
    """A whole score under ``key``: a number or text."""
    return loose.whole(value, key, 0, _MOST_POINTS)


def hex_colour(found: object) -> str | None:
    """``#rrggbb`` from six hex digits with or without ``#``; None for anything else."""
    match = _COLOUR.fullmatch(found.strip()) if isinstance(found, str) and len(found) < 20 else None
    return f"#{match[1].lower()}" if match else None


def moment(found: object) -> datetime | None:
    """An ISO 8601 time; one without an offset is UTC, as all these sources mean it."""
    if not isinstance(found, str):
        return None
    try:
        at = datetime.fromisoformat(found.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def board(league: str | None, games: Iterable[Game], config: ScoresConfig, told_at: datetime | None) -> dict[str, Any]:
    """The snapshot's data: favourites first, then live games, finals from the latest, what comes next from the soonest.

    ``told_at``: the server's time, when it told one: what it forgot to update is left out by it.
    """
    kept = [game for game in _once(games) if told_at is None or not _forgotten(game, told_at)]
    wanted = [word.casefold() for word in config.teams if word.strip()]
    if config.only_teams and wanted:
        kept = [game for game in kept if _favourite(game, wanted)]
    kept.sort(key=lambda game: (not _favourite(game, wanted), *_rank(game)))
    return {"league": league or "Scores", "games": [game.data() for game in kept[:MOST_GAMES]]}


def next_news_s(data: dict[str, Any], now: datetime) -> float | None:
    """Seconds until there can be news: None while a game is live, else until the next start (or very long)."""
    games: Sequence[dict[str, Any]] = data["games"]
    if any(game["state"] == "live" for game in games):
        return None
    starts = [at for game in games if game["state"] == "next" and (at := moment(game["starts_at"])) is not None]
    if any(at <= now for at in starts):
        return None  # it should have begun: the answer that says so may come at any moment
    return min(((at - now).total_seconds() for at in starts), default=86_400.0)


def _once(games: Iterable[Game]) -> list[Game]:
    """Each id once: the first, but a game that was put off yields to the same one with a time."""
    found: dict[str, Game] = {}
    for number, game in enumerate(games):
        key = game.key or f"no id {number}"
        if key not in found or (found[key].detail in _OFF and game.detail not in _OFF):
            found[key] = game
    return list(found.values())


def _forgotten(game: Game, told_at: datetime) -> bool:
    if game.starts_at is None or game.state == "final":
        return False
    longest = _LONGEST_LIVE if game.state == "live" else _LATEST_NEXT
    if game.sides is None and game.state == "live":
        longest = timedelta(days=7)
    return max(game.starts_at + longest, game.ends_at or game.starts_at) < told_at


def _favourite(game: Game, wanted: Sequence[str]) -> bool:
    names = {str(entry[key]).casefold() for entry in game.sides or () for key in ("name", "short")}
    names |= {leader["name"].casefold() for leader in game.leaders}
    return any(word in names or any(word in name.split() for name in names) for word in wanted)


def _rank(game: Game) -> tuple[int, float]:
    at = game.starts_at.timestamp() if game.starts_at else 0.0
    if game.state == "next" and game.starts_at is None:
        at = float("inf")
    return _ORDER[game.state], -at if game.state == "final" else at
