"""The National Hockey League's web API (``api-web.nhle.com/v1/score/now`` and ``/v1/schedule/now``): undocumented."""

from __future__ import annotations

from datetime import datetime

from config import Code, OohError
from player import _loose as loose
from player.feeds._ask import Ask
from player.feeds._shapes import Reading
from player.feeds._web_feed import WebFeed
from player.feeds.scores import _terms as terms
from player.feeds.scores._colours import NHL
from player.feeds.scores._terms import Game, Side, State

URL = "https://api-web.nhle.com/v1/score/now"
ATTRIBUTION = "Scores: NHL.com"

_MOST_GAMES = 100
_STATES: dict[str, State] = {
    "FUT": "next",
    "PRE": "next",
    "LIVE": "live",
    "CRIT": "live",
    "OVER": "final",
    "FINAL": "final",
    "OFF": "final",
}
_SCHEDULE = {"PPD": "Postponed", "CNCL": "Cancelled", "SUSP": "Suspended"}
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


class NhlFeed(WebFeed):
    """``Feed`` of the day's games, or of a week's from a schedule."""

    def read(self, ask: Ask) -> Reading:
        """See ``WebFeed.read``."""
        scores = self.setup.config.panels.scores
        data = terms.board("NHL", read_games(ask.json(scores.url or URL)), scores, ask.told_at)
        return Reading(data, ATTRIBUTION, next_in_s=terms.next_news_s(data, ask.now))


def read_games(answer: loose.Node) -> list[Game]:
    """Games of a score day (``games``) or a schedule (``gameWeek``). Raises ``OohError`` FEED_INVALID for neither."""
    if not isinstance(answer.get("games"), list) and not isinstance(answer.get("gameWeek"), list):
        raise OohError(Code.FEED_INVALID, loose.label(answer, "message", 200) or "it has neither games nor gameWeek")
    rows = loose.nodes(answer, "games")
    rows += [row for day in loose.nodes(answer, "gameWeek") for row in loose.nodes(day, "games")]
    return [game for row in rows[:_MOST_GAMES] if (game := _game(row)) is not None]


def _game(row: loose.Node) -> Game | None:
    home, away = _side(loose.node(row, "homeTeam")), _side(loose.node(row, "awayTeam"))
    state = _STATES.get((loose.text(row, "gameState", 10) or "").upper())
    if home is None or away is None or state is None:
        return None
    starts_at, detail = _when(row, state)
    word = _SCHEDULE.get((loose.text(row, "gameScheduleState", 10) or "").upper())
    if word is not None:
        state, starts_at, detail = terms.held_up("next" if state == "next" else "final", word, starts_at)
    return Game(loose.text(row, "id", 20), state, starts_at, detail, (home, away))


def _when(row: loose.Node, state: State) -> tuple[datetime | None, str | None]:
    starts_at = terms.moment(row.get("startTimeUTC"))
    if state == "live":
        return starts_at, _clock(row)
    if state == "final":
        return starts_at, _final(row)
    return (None, "TBD") if loose.text(row, "gameScheduleState", 10) == "TBD" else (starts_at, None)


def _period(descriptor: loose.Node, number: int | None) -> str | None:
    """``3rd``, ``OT``, ``2OT``, ``SO``: a playoff game plays whole overtimes."""
    kind = (loose.text(descriptor, "periodType", 5) or "").upper()
    number = loose.whole(descriptor, "number", 1, 30) or number
    if kind == "SO":
        return "SO"
    regular = loose.whole(descriptor, "maxRegulationPeriods", 1, 9) or 3
    if kind == "OT" or (number is not None and number > regular):
        extra = (number or regular + 1) - regular
        return f"{extra}OT" if extra > 1 else "OT"
    return _ORDINALS.get(number or 0)


def _clock(row: loose.Node) -> str | None:
    """``4:12 - 3rd``, ``2nd Int``, ``SO``."""
    clock = loose.node(row, "clock")
    period = _period(loose.node(row, "periodDescriptor"), loose.whole(row, "period", 1, 30))
    left = loose.label(clock, "timeRemaining", 6)
    if period is None or period == "SO":
        return period
    if clock.get("inIntermission") is True:
        return f"{period} Int"
    if left is None:
        return period
    return f"{left[1:] if left.startswith('0') and len(left) == 5 else left} - {period}"


def _final(row: loose.Node) -> str:
    """``Final``, ``Final/OT``, ``Final/2OT``, ``Final/SO``."""
    outcome = loose.node(row, "gameOutcome")
    descriptor = loose.node(row, "periodDescriptor")
    kind = (loose.text(outcome, "lastPeriodType", 5) or loose.text(descriptor, "periodType", 5) or "").upper()
    if kind == "SO":
        return "Final/SO"
    if kind != "OT":
        return "Final"
    extra = loose.whole(outcome, "otPeriods", 1, 20)
    if extra is None:
        return f"Final/{_period(descriptor, None) or 'OT'}"
    return f"Final/{extra}OT" if extra > 1 else "Final/OT"


def _side(team: loose.Node) -> Side | None:
    names = (_words(team, key) for key in ("name", "commonName", "placeName"))
    short = loose.label(team, "abbrev", 6)
    name = next((found for found in names if found), None)
    return terms.side(name, short, terms.points(team, "score"), NHL.get(short or ""), loose.label(team, "record", 16))


def _words(team: loose.Node, key: str) -> str | None:
    """Names are told in languages: ``{"default": "Canadiens", "fr": …}``."""
    return loose.label(loose.node(team, key), "default") or loose.label(team, key)
