"""A scoreboard in the shape of ESPN's public one: an invented basketball league whose games go on in real time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox._dice import Dice

LEAGUE = "Coastal Basketball League"
_EVERY = timedelta(minutes=50)
"""A game starts this often."""
_LASTS = timedelta(minutes=125)
_SHOWN_BEFORE = timedelta(hours=2, minutes=30)
_SHOWN_AFTER = timedelta(hours=4, minutes=30)
_PERIODS = 4
_PERIOD_S = 600
_SEED = 7


@dataclass(frozen=True, slots=True)
class _Team:
    place: str
    name: str
    short: str
    colour: str
    other_colour: str


_EAST = (
    _Team("Port Merrow", "Gulls", "PMG", "1b4f9c", "f2c14e"),
    _Team("Harbour City", "Anchors", "HCA", "0c2340", "c8d6e5"),
    _Team("Cape Rowan", "Storm", "CRS", "0f7173", "f7f7f2"),
    _Team("Silverton", "Owls", "SIL", "56616f", "e5b83b"),
    _Team("Westmoor", "Herons", "WMH", "1f8a4c", "f4f1de"),
    _Team("Tidewater", "Rays", "TWR", "007ea7", "ff6b6b"),
    _Team("Saltby", "Seals", "SBY", "394867", "9ba4b4"),
    _Team("Easter Point", "Lights", "EPL", "b8860b", "10151f"),
)
_WEST = (
    _Team("Eastvale", "Foxes", "EVF", "d1541f", "2a1a12"),
    _Team("Lindholm", "Lynx", "LIN", "5b2a86", "f4d35e"),
    _Team("Northgate", "Rockets", "NGR", "c1121f", "fdf0d5"),
    _Team("Quarry Bay", "Bears", "QBB", "6b3e1d", "f0a202"),
    _Team("Granite Falls", "Elks", "GFE", "2f5d50", "e9c46a"),
    _Team("Redwater", "Kites", "RWK", "9d0208", "ffba08"),
    _Team("Pine Hollow", "Hawks", "PHH", "283618", "dda15e"),
    _Team("Maple Ridge", "Comets", "MRC", "3a0ca3", "4cc9f0"),
)


def scoreboard(now: datetime) -> dict[str, Any]:
    """The games around ``now``: finished, running and to come."""
    first = int((now - _SHOWN_AFTER).timestamp() // _EVERY.total_seconds()) + 1
    last = int((now + _SHOWN_BEFORE).timestamp() // _EVERY.total_seconds())
    events = [_event(number, now) for number in range(first, last + 1)]
    return {
        "leagues": [
            {
                "id": "4600",
                "name": LEAGUE,
                "abbreviation": "CBL",
                "slug": "cbl",
                "season": {"year": now.year, "type": {"id": "2", "name": "Regular Season"}},
            }
        ],
        "season": {"type": 2, "year": now.year},
        "day": {"date": now.strftime("%Y-%m-%d")},
        "events": events,
    }


def _event(number: int, now: datetime) -> dict[str, Any]:
    starts_at = datetime.fromtimestamp(number * _EVERY.total_seconds(), UTC)
    home, away = _pair(number)
    status, played_s = _status(starts_at, now)
    competitors = [
        _competitor(team, side, number, played_s, status["type"]) for team, side in ((home, "home"), (away, "away"))
    ]
    if status["type"]["completed"]:
        high = max(int(entry["score"]) for entry in competitors)
        for entry in competitors:
            entry["winner"] = int(entry["score"]) == high
    stamp = starts_at.strftime("%Y-%m-%dT%H:%MZ")
    name = f"{away.place} {away.name} at {home.place} {home.name}"
    return {
        "id": str(401_000_000 + number),
        "date": stamp,
        "name": name,
        "shortName": f"{away.short} @ {home.short}",
        "season": {"year": starts_at.year, "type": 2, "slug": "regular-season"},
        "competitions": [
            {
                "id": str(401_000_000 + number),
                "date": stamp,
                "neutralSite": False,
                "venue": {"id": home.short, "fullName": f"{home.place} Arena"},
                "competitors": competitors,
                "status": status,
                "broadcasts": [],
            }
        ],
        "status": status,
    }


def _pair(number: int) -> tuple[_Team, _Team]:
    """East against West, at home by turns. Three steps on in the West each game: nobody plays two games at once."""
    games = len(_EAST)
    east, west = _EAST[number % games], _WEST[(3 * number + number // games) % games]
    return (east, west) if number // games % 2 else (west, east)


def _status(starts_at: datetime, now: datetime) -> tuple[dict[str, Any], int]:
    """ESPN's status object, and the seconds of game time played."""
    whole_s = _PERIODS * _PERIOD_S
    if now < starts_at:
        soon = starts_at.strftime("%-m/%-d - %-I:%M %p UTC")
        return _status_of(0.0, "0:00", 0, ("1", "STATUS_SCHEDULED", "pre", soon)), 0
    if now >= starts_at + _LASTS:
        return _status_of(0.0, "0:00", _PERIODS, ("3", "STATUS_FINAL", "post", "Final")), whole_s
    played_s = int((now - starts_at) / _LASTS * whole_s)
    period = played_s // _PERIOD_S + 1
    left_s = _PERIOD_S - played_s % _PERIOD_S
    clock = f"{left_s // 60}:{left_s % 60:02d}"
    ordinal = ("1st", "2nd", "3rd", "4th")[period - 1]
    return _status_of(float(left_s), clock, period, ("2", "STATUS_IN_PROGRESS", "in", f"{clock} - {ordinal}")), played_s


def _status_of(clock: float, display: str, period: int, kind: tuple[str, str, str, str]) -> dict[str, Any]:
    type_id, name, state, detail = kind
    return {
        "clock": clock,
        "displayClock": display,
        "period": period,
        "type": {
            "id": type_id,
            "name": name,
            "state": state,
            "completed": state == "post",
            "description": {"pre": "Scheduled", "in": "In Progress", "post": "Final"}[state],
            "detail": detail,
            "shortDetail": detail,
        },
    }


def _competitor(team: _Team, side: str, number: int, played_s: int, kind: dict[str, Any]) -> dict[str, Any]:
    dice = Dice(_SEED)
    wins = int(dice.between(3, 15, "wins", team.short))
    entry: dict[str, Any] = {
        "id": team.short,
        "homeAway": side,
        "team": {
            "id": team.short,
            "location": team.place,
            "name": team.name,
            "abbreviation": team.short,
            "displayName": f"{team.place} {team.name}",
            "shortDisplayName": team.name,
            "color": team.colour,
            "alternateColor": team.other_colour,
        },
        "score": str(_points(team, number, played_s)),
        "records": [{"name": "overall", "type": "total", "summary": f"{wins}-{18 - wins}"}],
    }
    if kind["state"] != "pre":
        quarters = min(_PERIODS, played_s // _PERIOD_S + 1)
        entry["linescores"] = [{"value": float(_in_period(team, number, at, played_s))} for at in range(quarters)]
    return entry


def _points(team: _Team, number: int, played_s: int) -> int:
    """Never goes back while the game goes on; a draw at the end is the home team's by a free throw."""
    points = _baskets(team, number, played_s)
    home, away = _pair(number)
    ended = played_s == _PERIODS * _PERIOD_S
    return points + (ended and team == home and points == _baskets(away, number, played_s))


def _baskets(team: _Team, number: int, played_s: int) -> int:
    """Baskets of 2 and 3 points at seeded moments."""
    points = 0
    for chance in range(0, played_s, 24):
        roll = Dice(_SEED).roll("basket", team.short, number, chance)
        points += 3 if roll < 0.13 else 2 if roll < 0.44 else 0
    return points


def _in_period(team: _Team, number: int, period: int, played_s: int) -> int:
    start, end = period * _PERIOD_S, min(played_s, (period + 1) * _PERIOD_S)
    return _points(team, number, end) - _points(team, number, start)
