"""Scores in the shape of the NHL's web API (``/v1/score/now``, ``/v1/schedule/now``): an invented league."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sandbox.feeds._fixtures import Fixture, League, Team

_TEAMS = (
    Team("Westmoor", "Herons", "WMH"),
    Team("Tidewater", "Rays", "TWR"),
    Team("Saltby", "Seals", "SBY"),
    Team("Easter Point", "Lights", "EPL"),
    Team("Granite Falls", "Elks", "GFE"),
    Team("Redwater", "Kites", "RWK"),
    Team("Pine Hollow", "Hawks", "PHH"),
    Team("Maple Ridge", "Comets", "MRC"),
)
_LEAGUE = League(_TEAMS, timedelta(minutes=60), timedelta(minutes=150))
_PERIOD_S = 1200
_PLAY = 0.27
"""Each period's share of a game; the rest are two intermissions."""
_BREAK = (1 - 3 * _PLAY) / 2


def scores(now: datetime) -> dict[str, Any]:
    """``/v1/score/now``."""
    games = [_game(fixture) for fixture in _LEAGUE.around(now, timedelta(hours=6), timedelta(hours=5))]
    day = timedelta(days=1)
    return {
        "prevDate": f"{now - day:%Y-%m-%d}",
        "currentDate": f"{now:%Y-%m-%d}",
        "nextDate": f"{now + day:%Y-%m-%d}",
        "gameWeek": [{"date": f"{now:%Y-%m-%d}", "dayAbbrev": f"{now:%a}".upper(), "numberOfGames": len(games)}],
        "oddsPartners": [],
        "games": games,
    }


def schedule(now: datetime) -> dict[str, Any]:
    """``/v1/schedule/now``: the same games by day, names in the schedule's words."""
    games = [_game(fixture) for fixture in _LEAGUE.around(now, timedelta(hours=6), timedelta(hours=36))]
    for game in games:
        for side in ("awayTeam", "homeTeam"):
            team = game[side]
            team["commonName"] = team.pop("name")
            team["placeName"] = {"default": team.pop("place")}
    week = [
        {"date": date, "dayAbbrev": "", "numberOfGames": len(rows), "games": rows}
        for date, rows in ((date, list(found)) for date, found in groupby(games, key=lambda game: game["gameDate"]))
    ]
    return {"nextStartDate": f"{now + timedelta(days=7):%Y-%m-%d}", "gameWeek": week, "numberOfGames": len(games)}


def _game(fixture: Fixture) -> dict[str, Any]:
    overtime = _goals(fixture, fixture.home) == _goals(fixture, fixture.away) and fixture.share >= 1
    game: dict[str, Any] = {
        "id": 2_026_020_000 + fixture.number % 9_999,
        "season": 20262027,
        "gameType": 2,
        "gameDate": f"{fixture.starts_at:%Y-%m-%d}",
        "venue": {"default": f"{fixture.home.place} Ice Hall"},
        "startTimeUTC": f"{fixture.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "easternUTCOffset": "-05:00",
        "gameState": _state(fixture),
        "gameScheduleState": "OK",
        "awayTeam": _team(fixture, fixture.away, extra=False),
        "homeTeam": _team(fixture, fixture.home, extra=overtime),
        "neutralSite": False,
    }
    if fixture.share >= 1:
        kind, number = ("OT", 4) if overtime else ("REG", 3)
        game |= {"gameOutcome": {"lastPeriodType": kind, **({"otPeriods": 1} if overtime else {})}, "period": number}
        game["periodDescriptor"] = {"number": number, "periodType": kind, "maxRegulationPeriods": 3}
    elif fixture.share >= 0:
        period, left_s, pause = _clock(fixture.share)
        game["period"] = period
        game["periodDescriptor"] = {"number": period, "periodType": "REG", "maxRegulationPeriods": 3}
        remaining = f"{left_s // 60:02d}:{left_s % 60:02d}"
        state = {"secondsRemaining": left_s, "running": not pause, "inIntermission": pause}
        game["clock"] = {"timeRemaining": remaining, **state}
    return game


def _clock(share: float) -> tuple[int, int, bool]:
    """Period, seconds left in it (or in the break that follows it), and whether it is a break."""
    part = share / (_PLAY + _BREAK)
    period, inside = int(part) + 1, part % 1 * (_PLAY + _BREAK)
    if inside >= _PLAY and period < 3:
        return period, int((1 - (inside - _PLAY) / _BREAK) * 1080), True
    return period, int((1 - min(inside / _PLAY, 1.0)) * _PERIOD_S), False


def _state(fixture: Fixture) -> str:
    if fixture.share < 0:
        return "PRE" if fixture.share > -0.2 else "FUT"
    if fixture.share < 1:
        return "CRIT" if fixture.share > 0.95 else "LIVE"
    return "OFF" if fixture.share > 1.5 else "FINAL"


def _goals(fixture: Fixture, team: Team) -> int:
    return len(fixture.scored(team, 12, 0.24))


def _team(fixture: Fixture, team: Team, *, extra: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": sum(map(ord, team.short)),
        "name": {"default": team.name},
        "place": team.place,
        "abbrev": team.short,
        "logo": "",
    }
    if fixture.share < 0:
        wins = 10 + sum(map(ord, team.short)) % 12
        return {**found, "record": f"{wins}-{30 - wins}-4"}
    return {**found, "score": _goals(fixture, team) + extra, "sog": 20}
