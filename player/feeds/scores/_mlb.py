"""Major League Baseball's StatsAPI (``statsapi.mlb.com/api/v1/schedule``): today's games with their linescores."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from config import Code, OohError
from player import _loose as loose
from player.feeds._ask import Ask
from player.feeds._shapes import Reading
from player.feeds._web_feed import WebFeed
from player.feeds.scores import _terms as terms
from player.feeds.scores._colours import MLB
from player.feeds.scores._terms import Game, Side, State

URL = "https://statsapi.mlb.com/api/v1/schedule"
ATTRIBUTION = "Scores: MLB Advanced Media"

_MOST_GAMES = 100
_INNING = {"top": "Top", "middle": "Mid", "bottom": "Bot", "end": "End"}


class MlbFeed(WebFeed):
    """``Feed`` of the day's games."""

    def read(self, ask: Ask) -> Reading:
        """See ``WebFeed.read``."""
        scores = self.setup.config.panels.scores
        data = terms.board("MLB", read_schedule(ask.json(schedule_url(scores.url))), scores, ask.told_at)
        return Reading(data, ATTRIBUTION, next_in_s=terms.next_news_s(data, ask.now))


def schedule_url(url: str) -> str:
    """The whole URL; what the configured one asks for is kept."""
    parts = urlsplit(url or URL)
    query = {"sportId": "1", "hydrate": "linescore,team", **dict(parse_qsl(parts.query))}
    return urlunsplit(parts._replace(query=urlencode(query, safe=",")))


def read_schedule(answer: loose.Node) -> list[Game]:
    """The games of every date in it. Raises ``OohError`` FEED_INVALID when it is no schedule."""
    if not isinstance(answer.get("dates"), list):
        raise OohError(Code.FEED_INVALID, loose.label(answer, "message", 200) or "it has no dates")
    rows = [row for day in loose.nodes(answer, "dates") for row in loose.nodes(day, "games")]
    return [game for row in rows[:_MOST_GAMES] if (game := _game(row)) is not None]


def _game(row: loose.Node) -> Game | None:
    status, lines, teams = loose.node(row, "status"), loose.node(row, "linescore"), loose.node(row, "teams")
    home, away = _side(teams, lines, "home"), _side(teams, lines, "away")
    state = _state(status)
    if home is None or away is None or state is None:
        return None
    starts_at = terms.moment(row.get("gameDate"))
    detail = _inning(lines) if state == "live" else _final(lines) if state == "final" else None
    word = terms.stopped(loose.text(status, "detailedState", 60))
    if word is not None:
        state, starts_at, detail = terms.held_up(state, word, starts_at)
    elif state == "next":
        starts_at, detail = _start(row, status, starts_at)
    return Game(loose.text(row, "gamePk", 20), state, starts_at, detail, (home, away))


def _state(status: loose.Node) -> State | None:
    """``abstractGameState``; while the teams warm up it is "Live" already, and the coded state is still "P"."""
    abstract = loose.text(status, "abstractGameState", 10) or ""
    if abstract == "Live":
        return "next" if loose.text(status, "codedGameState", 2) in {"P", "S"} else "live"
    return "final" if abstract == "Final" else "next" if abstract == "Preview" else None


def _start(row: loose.Node, status: loose.Node, starts_at: datetime | None) -> tuple[datetime | None, str | None]:
    """A second game that begins when the first is over has a start that is only a placeholder."""
    if status.get("startTimeTBD") is not True:
        return starts_at, None
    return None, "Game 2" if loose.whole(row, "gameNumber", 1, 9) == 2 else "TBD"


def _inning(lines: loose.Node) -> str | None:
    """``Top 5th``."""
    half = _INNING.get((loose.text(lines, "inningState", 10) or "").lower())
    ordinal = loose.label(lines, "currentInningOrdinal", 5)
    return f"{half} {ordinal}" if half and ordinal else ordinal


def _final(lines: loose.Node) -> str:
    """``Final``, or ``Final/11`` when it took more or fewer innings than planned."""
    played, planned = (loose.whole(lines, key, 1, 40) for key in ("currentInning", "scheduledInnings"))
    return f"Final/{played}" if played is not None and played != (planned or 9) else "Final"


def _side(teams: loose.Node, lines: loose.Node, which: str) -> Side | None:
    holder = loose.node(teams, which)
    team, record = loose.node(holder, "team"), loose.node(holder, "leagueRecord")
    score = terms.points(holder, "score")
    if score is None:
        score = terms.points(loose.node(loose.node(lines, "teams"), which), "runs")
    short = loose.label(team, "abbreviation", 6)
    wins, losses = (loose.whole(record, key, 0, 999) for key in ("wins", "losses"))
    return terms.side(
        loose.label(team, "teamName") or loose.label(team, "clubName") or loose.label(team, "name"),
        short,
        score,
        MLB.get(short or ""),
        f"{wins}-{losses}" if wins is not None and losses is not None else None,
    )
