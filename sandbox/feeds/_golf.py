"""A leaderboard in the shape of ESPN's golf scoreboard: an invented tournament, always in one of its rounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox._dice import Dice

_PLAYERS = (
    "Ada Lindqvist", "Tomás Arriaga", "Keiko Hanamori", "Noor al-Rashid", "Bram Oosterhuis", "Freya Strand",
    "Mateo Villar", "Priya Raghunathan", "Callum Rowe", "Zofia Wrońska", "Ngozi Eze", "Li Wenhao",
)  # fmt: skip
_ROUNDS = 4


def leaderboard(now: datetime) -> dict[str, Any]:
    """The tournament of this week."""
    today = now - timedelta(hours=7)
    monday = (today - timedelta(days=today.weekday())).replace(hour=7, minute=0, second=0, microsecond=0)
    done = min(max((now - monday) / timedelta(days=7), 0.0), 1.0)
    round_number = min(_ROUNDS, int(done * _ROUNDS) + 1)
    scores = sorted((_strokes(name, monday, done), name) for name in _PLAYERS)
    status = {
        "period": round_number,
        "type": {
            "id": "2",
            "name": "STATUS_IN_PROGRESS",
            "state": "in",
            "completed": False,
            "description": "In Progress",
            "detail": f"Round {round_number} - In Progress",
            "shortDetail": f"Round {round_number}",
        },
    }
    ends = monday + timedelta(days=6, hours=12)
    event = {
        "id": str(401_700_000 + monday.toordinal()),
        "date": _stamp(monday),
        "endDate": _stamp(ends),
        "name": "The Saltby Links Open",
        "shortName": "Saltby Links Open",
        "competitions": [
            {
                "id": str(401_700_000 + monday.toordinal()),
                "date": _stamp(monday),
                "endDate": _stamp(ends),
                "competitors": [
                    _player(name, strokes, scores, order) for order, (strokes, name) in enumerate(scores, 1)
                ],
                "status": status,
            }
        ],
        "status": status,
    }
    league = {"id": "4601", "name": "Coastal Golf Tour", "abbreviation": "CGT", "slug": "cgt"}
    return {"leagues": [league], "season": {"year": now.year, "type": 2}, "events": [event]}


def _strokes(name: str, monday: datetime, done: float) -> int:
    """To par, hole after hole."""
    holes = int(done * _ROUNDS * 18)
    rolls = (Dice(18).roll(name, monday.date(), hole) for hole in range(holes))
    return sum(-1 if roll < 0.21 else 1 if roll > 0.85 else 0 for roll in rolls)


def _player(name: str, strokes: int, scores: list[tuple[int, str]], order: int) -> dict[str, Any]:
    place = 1 + sum(other < strokes for other, _ in scores)
    tied = sum(other == strokes for other, _ in scores) > 1
    first, _, last = name.partition(" ")
    return {
        "id": str(order),
        "order": order,
        "athlete": {"displayName": name, "shortName": f"{first[0]}. {last}", "fullName": name},
        "score": f"{strokes:+d}" if strokes else "E",
        "status": {"position": {"displayName": f"T{place}" if tied else str(place)}},
        "linescores": [],
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
