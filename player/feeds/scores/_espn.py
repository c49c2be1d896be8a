"""ESPN-style scoreboards (``site.api.espn.com/apis/site/v2/sports/SPORT/LEAGUE/scoreboard``): public, undocumented."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from urllib.parse import urlsplit

from config import Code, OohError
from player import _loose as loose
from player.feeds._ask import Ask
from player.feeds._shapes import FeedSetup, Reading
from player.feeds._web_feed import WebFeed
from player.feeds.scores import _terms as terms
from player.feeds.scores._espn_field import field_of
from player.feeds.scores._terms import Game, Side, State

_STATES: MappingProxyType[str, State] = MappingProxyType({"pre": "next", "in": "live", "post": "final"})
_MOST_EVENTS = 300


class EspnFeed(WebFeed):
    """``Feed`` of one scoreboard endpoint."""

    def __init__(self, setup: FeedSetup) -> None:
        super().__init__(setup)
        if not setup.config.panels.scores.url:
            raise OohError(Code.FEED_PROVIDER, "espn has a scoreboard for each league: set panels.scores.url")

    def read(self, ask: Ask) -> Reading:
        """See ``WebFeed.read``."""
        scores = self.setup.config.panels.scores
        answer = ask.json(scores.url)
        league, games = read_scoreboard(answer)
        data = terms.board(league, games, scores, ask.told_at)
        return Reading(data, _attribution(scores.url, answer), next_in_s=terms.next_news_s(data, ask.now))


def _attribution(url: str, answer: loose.Node) -> str:
    host = urlsplit(url).hostname or ""
    if host == "espn.com" or host.endswith(".espn.com"):
        return "Scores: ESPN"
    named = (loose.label(league, "name", 50) for league in loose.nodes(answer, "leagues")[:1])
    return f"Scores: {next(named, None) or host}"


def read_scoreboard(answer: loose.Node) -> tuple[str | None, list[Game]]:
    """League and games; no games at all is a good answer.

    Raises ``OohError`` FEED_INVALID when there is neither a league nor a list of events.
    """
    if not isinstance(answer.get("events"), list) and not isinstance(answer.get("leagues"), list):
        raise OohError(Code.FEED_INVALID, loose.label(answer, "message", 200) or "it has neither leagues nor events")
    leagues = loose.nodes(answer, "leagues")
    league = leagues[0] if leagues else {}
    games = [game for event in loose.nodes(answer, "events")[:_MOST_EVENTS] for game in _games(event)]
    return loose.label(league, "abbreviation") or loose.label(league, "name"), games


def _games(event: loose.Node) -> Iterator[Game]:
    """A tournament's matches are in its groupings (tennis); a card's bouts are its competitions (MMA)."""
    holders = [event, *loose.nodes(event, "groupings")]
    for holder in holders:
        for competition in loose.nodes(holder, "competitions")[:_MOST_EVENTS]:
            game = _game(event, competition)
            if game is not None:
                yield game


def _game(event: loose.Node, competition: loose.Node) -> Game | None:
    entrants = loose.nodes(competition, "competitors")
    status = loose.node(competition, "status") or loose.node(event, "status")
    kind = loose.node(status, "type")
    state = _STATES.get(loose.text(kind, "state", 10) or "")
    if state is None:
        return None
    if len(entrants) != 2:
        return field_of(event, competition, entrants, kind, state)
    starts_at = terms.moment(competition.get("date")) or terms.moment(event.get("date"))
    detail = loose.label(kind, "shortDetail", 32) or loose.label(kind, "detail", 32)
    word = terms.stopped(loose.text(kind, "name", 60), loose.text(kind, "description", 60))
    if word is not None:
        state, starts_at, detail = terms.held_up(state, word, starts_at)
    elif state == "final" and kind.get("completed") is False:
        state, starts_at = "next", None  # there is no result, and the detail says why
    elif state == "next":
        # The detail repeats the start in a time zone that is not the viewer's.
        known = competition.get("timeValid") is not False
        starts_at, detail = (starts_at, None) if known else (None, "TBD")
    home, away = entrants if loose.text(entrants[0], "homeAway", 10) != "away" else reversed(entrants)
    home_side, away_side = _side(home), _side(away)
    if home_side is None or away_side is None:
        return None
    key = loose.text(competition, "id") or loose.text(event, "id")
    return Game(key, state, starts_at, detail, (home_side, away_side))


def _side(entrant: loose.Node) -> Side | None:
    who = loose.node(entrant, "team") or loose.node(entrant, "athlete") or loose.node(entrant, "roster")
    names = (loose.label(who, key) for key in ("shortDisplayName", "shortName", "displayName", "name"))
    name = next((found for found in names if found), None)
    records = loose.nodes(entrant, "records")
    return terms.side(
        name,
        loose.label(who, "abbreviation", 6),
        _score(entrant),
        who.get("color"),
        loose.label(records[0], "summary", 16) if records else None,
    )


def _score(entrant: loose.Node) -> int | None:
    """Text or number, in newer answers inside an object; in tennis the sets won, each of which names its winner."""
    holder = loose.node(entrant, "score")
    found = terms.points(holder or entrant, "value" if holder else "score")
    sets = [line for line in loose.nodes(entrant, "linescores") if isinstance(line.get("winner"), bool)]
    return sum(line["winner"] is True for line in sets) if found is None and sets else found
