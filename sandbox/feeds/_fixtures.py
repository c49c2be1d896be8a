"""Invented leagues whose games go on in real time: who plays when, how far a game is, and what was scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox._dice import Dice


@dataclass(frozen=True, slots=True)
class Team:
    """One club."""

    place: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Fixture:
    """One game at one moment."""

    number: int
    home: Team
    away: Team
    starts_at: datetime
    share: float
    """How much of it is played: below 0 it is to come, from 1 on it is over."""

    def roll(self, *about: object) -> float:
        """Chance that belongs to this game."""
        return Dice(31).roll(self.number, *about)

    def scored(self, team: Team, chances: int, odds: float) -> list[float]:
        """At which shares of the game this team scored, up to now."""
        shares = ((nth + self.roll("at", team.short, nth)) / chances for nth in range(chances))
        hits = [share for nth, share in enumerate(shares) if self.roll("hit", team.short, nth) < odds]
        return [share for share in hits if share <= self.share]


@dataclass(frozen=True, slots=True)
class League:
    """A game starts every so often; nobody plays two at once."""

    teams: tuple[Team, ...]
    every: timedelta
    lasts: timedelta

    def around(self, now: datetime, before: timedelta, after: timedelta) -> Iterator[Fixture]:
        """The games that start from ``before`` ago to ``after`` ahead."""
        step = self.every.total_seconds()
        first, last = int((now - before).timestamp() // step) + 1, int((now + after).timestamp() // step)
        half = len(self.teams) // 2
        for number in range(first, last + 1):
            home, away = self.teams[number % half], self.teams[half + (number + number // half) % half]
            starts_at = datetime.fromtimestamp(number * step, UTC)
            yield Fixture(number, home, away, starts_at, (now - starts_at) / self.lasts)
