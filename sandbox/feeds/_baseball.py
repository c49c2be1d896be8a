"""A schedule in the shape of MLB's StatsAPI (``/api/v1/schedule?hydrate=linescore,team``): an invented league."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sandbox.feeds._fixtures import Fixture, League, Team

_TEAMS = (
    Team("Port Merrow", "Gulls", "PMG"),
    Team("Harbour City", "Anchors", "HCA"),
    Team("Cape Rowan", "Storm", "CRS"),
    Team("Silverton", "Owls", "SIL"),
    Team("Eastvale", "Foxes", "EVF"),
    Team("Lindholm", "Lynx", "LIN"),
    Team("Northgate", "Rockets", "NGR"),
    Team("Quarry Bay", "Bears", "QBB"),
)
_LEAGUE = League(_TEAMS, timedelta(minutes=70), timedelta(minutes=170))
_INNINGS = 9
_HALVES = ("Top", "Middle", "Bottom", "End")
_POSTPONED = 0.06


def schedule(now: datetime) -> dict[str, Any]:
    """The games around ``now``, by day."""
    games = [_game(fixture) for fixture in _LEAGUE.around(now, timedelta(hours=7), timedelta(hours=6))]
    days = [(date, list(rows)) for date, rows in groupby(games, key=lambda game: str(game["officialDate"]))]
    return {
        "copyright": "Invented. Use of any content on this page acknowledges that nobody plays here.",
        "totalItems": len(games),
        "totalEvents": 0,
        "totalGames": len(games),
        "totalGamesInProgress": sum(game["status"]["abstractGameState"] == "Live" for game in games),
        "dates": [
            {"date": date, "totalItems": len(rows), "totalGames": len(rows), "games": rows, "events": []}
            for date, rows in days
        ],
    }


def _game(fixture: Fixture) -> dict[str, Any]:
    state = _state(fixture)
    game: dict[str, Any] = {
        "gamePk": 700_000 + fixture.number % 100_000,
        "gameType": "R",
        "season": str(fixture.starts_at.year),
        "gameDate": fixture.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "officialDate": fixture.starts_at.strftime("%Y-%m-%d"),
        "status": state,
        "teams": {side: _side(fixture, team, state) for side, team in _sides(fixture)},
        "venue": {"id": fixture.number % 8, "name": f"{fixture.home.place} Park"},
        "gameNumber": 1,
        "doubleHeader": "N",
        "scheduledInnings": _INNINGS,
    }
    if state["abstractGameState"] != "Preview" and state["codedGameState"] != "D":
        game["linescore"] = _linescore(fixture)
    return game


def _sides(fixture: Fixture) -> tuple[tuple[str, Team], tuple[str, Team]]:
    return ("away", fixture.away), ("home", fixture.home)


def _state(fixture: Fixture) -> dict[str, Any]:
    if fixture.roll("rain") < _POSTPONED:
        return _status("Final", "D", "Postponed", "DR", "F") | {"reason": "Rain"}
    if fixture.share < -0.15:
        return _status("Preview", "S", "Scheduled", "S", "P")
    if fixture.share < 0:
        return _status("Live", "P", "Warmup", "PW", "L")
    if fixture.share < 1:
        return _status("Live", "I", "In Progress", "I", "L")
    return _status("Final", "F", "Final", "F", "F")


def _status(abstract: str, coded: str, detailed: str, code: str, letter: str) -> dict[str, Any]:
    return {
        "abstractGameState": abstract,
        "codedGameState": coded,
        "detailedState": detailed,
        "statusCode": code,
        "startTimeTBD": False,
        "abstractGameCode": letter,
    }


def _side(fixture: Fixture, team: Team, state: dict[str, Any]) -> dict[str, Any]:
    wins = 20 + sum(map(ord, team.short)) % 40
    side: dict[str, Any] = {
        "leagueRecord": {"wins": wins, "losses": 80 - wins, "pct": f"{wins / 80:.3f}".lstrip("0")},
        "team": {
            "id": sum(map(ord, team.short)),
            "name": f"{team.place} {team.name}",
            "abbreviation": team.short,
            "teamName": team.name,
            "shortName": team.place,
            "clubName": team.name,
            "locationName": team.place,
            "active": True,
        },
        "splitSquad": False,
    }
    if fixture.share >= 0 and state["codedGameState"] != "D":
        side["score"] = _runs(fixture, team)
    return side


def _runs(fixture: Fixture, team: Team) -> int:
    """The home team settles a draw in the last inning."""
    runs = len(fixture.scored(team, 27, 0.16))
    level = runs == len(fixture.scored(fixture.away, 27, 0.16))
    return runs + (fixture.share >= 1 and team == fixture.home and level)


def _linescore(fixture: Fixture) -> dict[str, Any]:
    part = min(max(fixture.share, 0.0), 0.999) * _INNINGS
    inning, half = int(part) + 1, _HALVES[int(part % 1 * 4)] if fixture.share < 1 else "Bottom"
    ordinal = {1: "1st", 2: "2nd", 3: "3rd"}.get(inning, f"{inning}th")
    runs = {side: {"runs": _runs(fixture, team), "hits": 0, "errors": 0} for side, team in _sides(fixture)}
    return {
        "currentInning": inning,
        "currentInningOrdinal": ordinal,
        "inningState": half,
        "inningHalf": "Top" if half in {"Top", "Middle"} else "Bottom",
        "isTopInning": half in {"Top", "Middle"},
        "scheduledInnings": _INNINGS,
        "innings": [],
        "teams": runs,
        "balls": 1,
        "strikes": 2,
        "outs": 1,
    }
