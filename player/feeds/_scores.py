"""The scores feed: an ESPN-style scoreboard becomes the scores panel's snapshot (docs/feeds.md)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from cache import Clock, FeedSnapshot, rfc3339
from config import Code, OohError, PanelKind, ScoresConfig
from player import _loose as loose
from player.feeds._ask import get_json
from player.fetch import Http

_MOST_GAMES = 24
_STATES = {"pre": "next", "in": "live", "post": "final"}
_ORDER = {"live": 0, "final": 1, "next": 2}
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_MOST_POINTS = 9_999


class ScoresFeed:
    """``Feed`` of one scoreboard endpoint."""

    kind: PanelKind = "scores"

    def __init__(self, config: ScoresConfig, http: Http, clock: Clock) -> None:
        self._config = config
        self._http = http
        self._clock = clock

    @property
    def refresh_s(self) -> float:
        """Time between two requests, seconds."""
        return float(self._config.refresh_seconds)

    def fetch(self) -> FeedSnapshot:
        """See ``Feed.fetch``."""
        answer = get_json(self._http, self._config.url, self._clock)
        return FeedSnapshot(
            kind=self.kind,
            fetched_at=self._clock.now(),
            max_age_ms=self._config.max_age_seconds * 1000,
            attribution="",
            data=read_scoreboard(answer),
        )


def read_scoreboard(answer: loose.Node) -> dict[str, Any]:
    """The snapshot's data: live games first, then finals, latest first, then what comes next, soonest first.

    Events that are no game of two sides (a golf tournament) are left out; no games at all is a good answer.
    Raises ``OohError`` FEED_INVALID when there is neither a league nor a list of events.
    """
    if not isinstance(answer.get("events"), list) and not isinstance(answer.get("leagues"), list):
        raise OohError(Code.FEED_INVALID, "it has neither leagues nor events")
    leagues = loose.nodes(answer, "leagues")
    league = leagues[0] if leagues else {}
    games = [game for event in loose.nodes(answer, "events") for game in _games(event)]
    return {
        "league": loose.label(league, "abbreviation") or loose.label(league, "name") or "Scores",
        "games": sorted(games, key=_order)[:_MOST_GAMES],
    }


def _games(event: loose.Node) -> list[dict[str, Any]]:
    found = (_game(event, competition) for competition in loose.nodes(event, "competitions"))
    return [game for game in found if game is not None]


def _game(event: loose.Node, competition: loose.Node) -> dict[str, Any] | None:
    sides = loose.nodes(competition, "competitors")
    if len(sides) != 2:
        return None
    status = loose.node(competition, "status") or loose.node(event, "status")
    kind = loose.node(status, "type")
    state = _STATES.get(loose.text(kind, "state", 10) or "")
    if state is None:
        return None
    detail = loose.label(kind, "shortDetail", 32) or loose.label(kind, "detail", 32)
    if state == "final" and kind.get("completed") is False:
        state = "next"  # postponed or cancelled: there is no result, and the detail says so
    elif state == "next":
        detail = None  # it repeats the start in a time zone that is not the viewer's
    home, away = sides if loose.text(sides[0], "homeAway", 10) != "away" else reversed(sides)
    played = state != "next"
    home_side, away_side = _side(home, played=played), _side(away, played=played)
    if home_side is None or away_side is None:
        return None
    return {
        "state": state,
        "starts_at": _start(competition) or _start(event),
        "detail": detail,
        "home": home_side,
        "away": away_side,
    }


def _side(competitor: loose.Node, *, played: bool) -> dict[str, Any] | None:
    team = loose.node(competitor, "team") or loose.node(competitor, "athlete")
    name = loose.label(team, "shortDisplayName") or loose.label(team, "displayName") or loose.label(team, "name")
    short = loose.label(team, "abbreviation", 6) or (name or "")[:3].upper()
    if name is None:
        return None
    records = loose.nodes(competitor, "records")
    return {
        "name": name,
        "short": short,
        "score": _score(competitor) if played else None,
        "colour": _colour(team),
        "record": loose.label(records[0], "summary", 16) if records else None,
    }


def _score(competitor: loose.Node) -> int | None:
    """Text or number, in newer answers inside an object."""
    holder = loose.node(competitor, "score")
    return loose.whole(holder or competitor, "value" if holder else "score", 0, _MOST_POINTS)


def _colour(team: loose.Node) -> str | None:
    match = _COLOUR.fullmatch(loose.text(team, "color", 10) or "")
    return f"#{match[1].lower()}" if match else None


def _start(holder: loose.Node) -> str | None:
    try:
        at = datetime.fromisoformat(loose.text(holder, "date", 40) or "")
        return rfc3339(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _order(game: dict[str, Any]) -> tuple[int, float]:
    starts_at = game["starts_at"]
    at = datetime.fromisoformat(starts_at).timestamp() if starts_at else 0.0
    return _ORDER[game["state"]], -at if game["state"] == "final" else at
