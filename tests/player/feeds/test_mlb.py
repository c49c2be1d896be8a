"""MLB's StatsAPI: states, innings, doubleheaders, rain."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from config import Code, OohError
from tests.fakes import FakeClock
from tests.player.feeds.sources import Source, one


def status(abstract: str, coded: str, detailed: str, **more: object) -> dict[str, object]:
    return {"abstractGameState": abstract, "codedGameState": coded, "detailedState": detailed, **more}


LIVE = status("Live", "I", "In Progress")
FINAL = status("Final", "F", "Final")
SCHEDULED = status("Preview", "S", "Scheduled")


def side(name: str, letters: str, score: object = None) -> dict[str, object]:
    team = {"id": 1, "name": f"City {name}", "teamName": name, "abbreviation": letters}
    found: dict[str, object] = {"team": team, "leagueRecord": {"wins": 90, "losses": 72, "pct": ".556"}}
    return {**found, "score": score} if score is not None else found


def lines(inning: int = 5, half: str = "Top", planned: int | None = 9) -> dict[str, object]:
    ordinal = {1: "1st", 2: "2nd", 3: "3rd"}.get(inning, f"{inning}th")
    teams = {"home": {"runs": 8}, "away": {"runs": 9}}
    found = {"currentInning": inning, "currentInningOrdinal": ordinal, "inningState": half}
    return {**found, "scheduledInnings": planned, "teams": teams}


def game(state: object, number: int = 1, **more: object) -> dict[str, Any]:
    teams = {"home": side("Red Sox", "BOS", 4), "away": side("Yankees", "NYY", 3)}
    return {"gamePk": number, "gameDate": "2026-11-22T17:10:00Z", "status": state, "teams": teams, **more}


def read(*games: object, **section: Any) -> list[dict[str, Any]]:
    page = {"copyright": "©", "dates": [{"date": "2026-11-22", "games": list(games)}]}
    feed = one("scores", {"provider": "mlb", **section}, Source({"/api/v1/schedule": page}), FakeClock())
    found: list[dict[str, Any]] = feed.fetch().data["games"]
    return found


def test_a_live_game() -> None:
    assert read(game(LIVE, linescore=lines())) == [
        {
            "state": "live",
            "starts_at": "2026-11-22T17:10:00.000Z",
            "detail": "Top 5th",
            "home": {"name": "Red Sox", "short": "BOS", "score": 4, "colour": "#bd3039", "record": "90-72"},
            "away": {"name": "Yankees", "short": "NYY", "score": 3, "colour": "#0c2340", "record": "90-72"},
        }
    ]


@pytest.mark.parametrize(
    ("state", "more", "expected"),
    [
        (LIVE, {"linescore": lines(1, "Middle")}, ("live", "Mid 1st", 4)),
        (LIVE, {"linescore": lines(11, "End")}, ("live", "End 11th", 4)),
        (LIVE, {}, ("live", None, 4)),
        (LIVE, {"linescore": None}, ("live", None, 4)),
        (status("Live", "N", "Umpire review: Close play"), {"linescore": lines()}, ("live", "Top 5th", 4)),
        (status("Live", "IR", "Delayed: Rain"), {"linescore": lines()}, ("live", "Delayed", 4)),
        (status("Live", "U", "Suspended: Rain"), {"linescore": lines()}, ("next", "Suspended", None)),
        (status("Live", "P", "Warmup"), {}, ("next", None, None)),
        (status("Preview", "P", "Pre-Game"), {}, ("next", None, None)),
        (status("Preview", "PR", "Delayed Start: Rain"), {}, ("next", "Delayed", None)),
        (SCHEDULED, {}, ("next", None, None)),
        (status("Preview", "S", "Scheduled", startTimeTBD=True), {"gameNumber": 2}, ("next", "Game 2", None)),
        (status("Preview", "S", "Scheduled", startTimeTBD=True), {}, ("next", "TBD", None)),
        (FINAL, {"linescore": lines(9)}, ("final", "Final", 4)),
        (FINAL, {"linescore": lines(12)}, ("final", "Final/12", 4)),
        (FINAL, {"linescore": lines(7, planned=7)}, ("final", "Final", 4)),
        (status("Final", "F", "Completed Early: Rain"), {"linescore": lines(6)}, ("final", "Final/6", 4)),
        (status("Final", "O", "Game Over"), {"linescore": lines(9)}, ("final", "Final", 4)),
        (status("Final", "D", "Postponed"), {}, ("next", "Postponed", None)),
        (status("Final", "C", "Cancelled"), {}, ("next", "Cancelled", None)),
        (status("Final", "R", "Forfeit: Willful rule violation"), {}, ("final", "Forfeit", 4)),
    ],
)
def test_states(state: object, more: dict[str, Any], expected: tuple[str, str | None, int | None]) -> None:
    (found,) = read(game(state, **more))
    assert (found["state"], found["detail"], found["home"]["score"]) == expected
    if expected[1] in {"Postponed", "Cancelled", "Suspended", "TBD", "Game 2"}:
        assert found["starts_at"] is None


def test_a_doubleheader_is_two_games_and_a_double_id_is_one() -> None:
    first, second = game(FINAL, 1, gameNumber=1), game(LIVE, 2, gameNumber=2)
    assert [found["state"] for found in read(first, second, second)] == ["live", "final"]


def test_a_game_that_was_put_off_yields_to_its_new_date() -> None:
    (found,) = read(game(status("Final", "D", "Postponed")), game(SCHEDULED))
    assert (found["starts_at"], found["detail"]) == ("2026-11-22T17:10:00.000Z", None)


def test_runs_stand_in_for_a_missing_score_and_names_for_missing_letters() -> None:
    teams = {"home": {"team": {"name": "Boston Red Sox"}}, "away": {"team": {"name": "Árvíz 🦊"}}}
    (found,) = read(game(LIVE, teams=teams, linescore=lines()))
    assert (found["home"]["score"], found["away"]["score"]) == (8, 9)
    assert (found["home"]["short"], found["away"]["short"], found["home"]["record"]) == ("BOS", "ÁRV", None)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        3,
        {},
        game(None),
        game({}),
        game(status("Other", "X", "Odd")),
        game(LIVE, teams=None),
        game(LIVE, teams={"home": side("A", "A")}),
        game(LIVE, teams={"home": {"team": {}}, "away": {"team": {"name": " "}}}),
    ],
)
def test_what_is_no_game_is_left_out(odd: object) -> None:
    assert len(read(odd, game(LIVE, 2))) == 1


@pytest.mark.parametrize("page", [{}, {"dates": None}, {"dates": {}}, {"message": "Object not found"}])
def test_what_is_no_schedule_is_invalid(page: dict[str, object]) -> None:
    with pytest.raises(OohError) as found:
        one("scores", {"provider": "mlb"}, Source({"*": page}), FakeClock()).fetch()
    assert found.value.code is Code.FEED_INVALID


def test_a_day_without_games_is_a_good_answer() -> None:
    assert read() == []


def test_what_is_asked() -> None:
    source = Source({"*": {"dates": []}})
    section = {
        "provider": "mlb",
        "url": "https://statsapi.mlb.com/api/v1/schedule?teamId=111&hydrate=team,linescore,venue",
    }
    snapshot = one("scores", section, source, FakeClock()).fetch()
    query = parse_qs(urlsplit(source.asked[0].url).query)
    assert query == {"sportId": ["1"], "teamId": ["111"], "hydrate": ["team,linescore,venue"]}
    assert (snapshot.attribution, snapshot.data["league"]) == ("Scores: MLB Advanced Media", "MLB")


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ({}, ["BOS", "LAD", "SEA"]),
        ({"teams": ("SEA",)}, ["SEA", "BOS", "LAD"]),
        ({"teams": ("mariners", " ")}, ["SEA", "BOS", "LAD"]),
        ({"teams": ("sea", "LAD"), "only_teams": True}, ["LAD", "SEA"]),
        ({"teams": ("nobody",), "only_teams": True}, []),
        ({"only_teams": True}, ["BOS", "LAD", "SEA"]),
    ],
)
def test_favourites_come_first_or_alone(section: dict[str, Any], expected: list[str]) -> None:
    rows = []
    teams = [("Red Sox", "BOS", LIVE), ("Dodgers", "LAD", FINAL), ("Mariners", "SEA", SCHEDULED)]
    for number, (name, letters, state) in enumerate(teams):
        rows.append(game(state, number, teams={"home": side(name, letters, 1), "away": side("Cubs", "CHC", 2)}))
    assert [found["home"]["short"] for found in read(*rows, **section)] == expected
