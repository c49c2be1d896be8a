"""Scoreboards in ESPN's shape, and the ways they differ."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Code, Config, OohError, PanelsConfig, ScoresConfig
from player import _loose as loose
from player.feeds import open_feeds
from player.feeds.scores import _terms as terms
from player.feeds.scores._espn import read_scoreboard
from tests.fakes import FakeClock
from tests.player.feeds.sources import Source, one


def team(name: str, side: str | None = None, score: object = "3", **changes: object) -> dict[str, Any]:
    competitor: dict[str, Any] = {
        "score": score,
        "team": {
            "displayName": f"City {name}",
            "shortDisplayName": name,
            "abbreviation": name[:3].upper(),
            "color": "0A2342",
        },
        "records": [{"summary": "10-2"}],
        **changes,
    }
    return {**competitor, "homeAway": side} if side else competitor


def event(state: str, *sides: dict[str, Any], date: str = "2026-11-22T20:00Z", **kind: object) -> dict[str, Any]:
    return {
        "date": date,
        "status": {"type": {"state": state, **kind}},
        "competitions": [{"competitors": list(sides)}],
    }


def read(*events: object, **changes: object) -> dict[str, Any]:
    answer = {"leagues": [{"name": "Metro Hockey", "abbreviation": "MHL"}], "events": list(events), **changes}
    found = loose.decode(json.dumps(answer).encode())
    assert isinstance(found, dict)
    return board(found)


def board(answer: loose.Node) -> dict[str, Any]:
    return terms.board(*read_scoreboard(answer), ScoresConfig(), None)


def test_a_live_game() -> None:
    data = read(event("in", team("Foxes", "away", "2"), team("Bears", "home", "4"), shortDetail="Q3 4:12"))

    assert data == {
        "league": "MHL",
        "games": [
            {
                "state": "live",
                "starts_at": "2026-11-22T20:00:00.000Z",
                "detail": "Q3 4:12",
                "home": {"name": "Bears", "short": "BEA", "score": 4, "colour": "#0a2342", "record": "10-2"},
                "away": {"name": "Foxes", "short": "FOX", "score": 2, "colour": "#0a2342", "record": "10-2"},
            }
        ],
    }


def test_a_game_to_come_has_no_score_and_no_foreign_time() -> None:
    (game,) = read(event("pre", team("A", score="0"), team("B", score="0"), shortDetail="11/22 - 8:00 PM EST"))["games"]

    assert (game["state"], game["detail"]) == ("next", None)
    assert (game["home"]["score"], game["away"]["score"]) == (None, None)


def test_a_postponed_game_is_no_result() -> None:
    (game,) = read(event("post", team("A"), team("B"), completed=False, shortDetail="Postponed"))["games"]

    assert (game["state"], game["detail"], game["home"]["score"]) == ("next", "Postponed", None)


def test_sides_without_home_or_away_keep_their_order() -> None:
    (game,) = read(event("post", team("First"), team("Second")))["games"]

    assert (game["home"]["name"], game["away"]["name"]) == ("First", "Second")


def test_live_first_then_the_latest_results_then_the_next_starts() -> None:
    games = read(
        event("pre", team("n2"), team("x"), date="2026-11-24T20:00Z"),
        event("pre", team("n1"), team("x"), date="2026-11-23T20:00Z"),
        event("post", team("f1"), team("x"), date="2026-11-20T20:00Z"),
        event("post", team("f2"), team("x"), date="2026-11-21T20:00Z"),
        event("in", team("live"), team("x")),
    )["games"]

    assert [game["home"]["name"] for game in games] == ["live", "f2", "f1", "n1", "n2"]


@pytest.mark.parametrize(
    "odd",
    [
        {"name": "The Open", "status": {"type": {"state": "in"}}},  # golf: no competitions
        event("in", team("Alone")),
        event("strange", team("A"), team("B")),
        event("in", team("A", team=None), team("B")),
        event("in", team("A", team={"displayName": "   "}), team("B")),
        None,
        "event",
    ],
)
def test_what_is_no_game_of_two_sides_is_left_out(odd: object) -> None:
    assert len(read(odd, event("in", team("A"), team("B")))["games"]) == 1


@pytest.mark.parametrize(
    ("score", "points"),
    [
        ("7", 7),
        (7, 7),
        (7.0, 7),
        ({"value": 7.0, "displayValue": "7"}, 7),
        ("", None),
        (None, None),
        ("-1", None),
        ("1.5", None),
    ],
)
def test_scores_are_text_numbers_or_objects(score: object, points: int | None) -> None:
    (game,) = read(event("in", team("A", score=score), team("B")))["games"]

    assert game["home"]["score"] == points


@pytest.mark.parametrize("colour", ["", None, "red", "12345", "#12345g", 7])
def test_colours_that_are_none_are_none(colour: object) -> None:
    (game,) = read(event("in", team("A", team={"name": "A", "color": colour}), team("B")))["games"]

    assert game["home"]["colour"] is None


def test_no_games_is_a_good_answer() -> None:
    assert read()["games"] == []
    assert read(leagues=None) == {"league": "Scores", "games": []}


def test_a_hundred_games_are_cut() -> None:
    assert len(read(*(event("in", team("A"), team("B")) for _ in range(100)))["games"]) == 24


@pytest.mark.parametrize("answer", [{}, {"error": "no such league"}, {"events": None}, {"events": {}}])
def test_what_is_no_scoreboard_is_invalid(answer: loose.Node) -> None:
    with pytest.raises(OohError) as found:
        read_scoreboard(answer)
    assert found.value.code is Code.FEED_INVALID


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["events", "competitions", "competitors", "team", "score", "status", "type", "state", "date", "records"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@settings(deadline=2_000)
@given(st.dictionaries(st.sampled_from(["events", "leagues"]), ODD, max_size=2))
def test_no_json_breaks_it(answer: loose.Node) -> None:
    try:
        data = board(answer)
    except OohError as error:
        data = {"code": error.code.code}
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize(
    ("state", "kind", "expected"),
    [
        ("in", {"name": "STATUS_HALFTIME", "shortDetail": "Halftime"}, ("live", "Halftime", 3)),
        ("in", {"name": "STATUS_RAIN_DELAY", "shortDetail": "Rain Delay, Top 3rd"}, ("live", "Delayed", 3)),
        ("in", {"name": "STATUS_SUSPENDED", "shortDetail": "Suspended"}, ("next", "Suspended", None)),
        ("pre", {"name": "STATUS_DELAYED", "shortDetail": "Delayed"}, ("next", "Delayed", None)),
        ("post", {"name": "STATUS_POSTPONED", "completed": True}, ("next", "Postponed", None)),
        ("post", {"name": "STATUS_CANCELED", "shortDetail": "Canceled"}, ("next", "Cancelled", None)),
        ("post", {"name": "STATUS_ABANDONED"}, ("next", "Abandoned", None)),
        ("post", {"name": "STATUS_FORFEIT", "completed": True}, ("final", "Forfeit", 3)),
        ("post", {"name": "STATUS_FINAL", "completed": True, "shortDetail": "Final/OT"}, ("final", "Final/OT", 3)),
        ("post", {"name": "STATUS_FINAL_PEN", "completed": True, "shortDetail": "FT-Pens"}, ("final", "FT-Pens", 3)),
        ("post", {}, ("final", None, 3)),
    ],
)
def test_what_a_status_means(state: str, kind: dict[str, Any], expected: tuple[str, str | None, int | None]) -> None:
    (game,) = read(event(state, team("A"), team("B"), **kind))["games"]
    assert (game["state"], game["detail"], game["home"]["score"]) == expected
    if expected[0] == "next":
        assert game["starts_at"] is None


def test_a_start_that_is_not_known_yet() -> None:
    row = event("pre", team("A"), team("B"))
    row["competitions"][0]["timeValid"] = False
    (game,) = read(row)["games"]
    assert (game["starts_at"], game["detail"]) == (None, "TBD")


def golfer(order: int, name: str, score: object, position: str | None = None) -> dict[str, Any]:
    status = {"position": {"displayName": position}} if position else {}
    return {"order": order, "athlete": {"displayName": name}, "score": score, "status": status}


def test_a_field_of_athletes_shows_who_leads() -> None:
    players = [
        golfer(2, "B. Two", "-9", "T2"),
        golfer(1, "A. One", {"displayValue": "-12"}),
        golfer(3, "C. Three", "E"),
    ]
    row = event("in", *players, shortDetail="Round 3 - In Progress") | {"name": "The Open"}
    (found,) = read(row)["games"]
    assert found == {
        "state": "live",
        "starts_at": None,
        "detail": "Round 3 - In Progress",
        "name": "The Open",
        "leaders": [
            {"position": "1", "name": "A. One", "score": "-12"},
            {"position": "T2", "name": "B. Two", "score": "-9"},
            {"position": "3", "name": "C. Three", "score": "E"},
        ],
    } | {"starts_at": found["starts_at"]}


def test_at_most_24_lead_and_those_without_a_name_do_not() -> None:
    players = [golfer(nth, f"P{nth}" if nth % 2 else "  ", nth) for nth in range(1, 150)]
    (found,) = read(event("in", *players))["games"]
    assert [leader["name"] for leader in found["leaders"]] == [f"P{nth}" for nth in range(1, 48, 2)]


@pytest.mark.parametrize(
    "row",
    [
        event("pre", *(golfer(nth, "P", "E") for nth in range(5))),
        event("post", *(golfer(nth, "P", "E") for nth in range(5)), name="STATUS_CANCELED"),
        event("in", *(golfer(nth, "", "E") for nth in range(5))),
    ],
)
def test_a_field_without_a_standing_is_left_out(row: dict[str, Any]) -> None:
    assert read(row)["games"] == []


def test_tennis_matches_are_in_groupings_and_count_sets() -> None:
    def player(name: str, *sets: bool) -> dict[str, Any]:
        return {"athlete": {"shortName": name}, "linescores": [{"value": 6, "winner": won} for won in sets]}

    match = {
        "id": "9",
        "status": {"type": {"state": "in", "shortDetail": "3rd Set"}},
        "competitors": [player("A. Ace", True, False), player("B. Baseline", False, True)],
    }
    (game,) = read({"name": "Grand Slam", "groupings": [{"competitions": [match, match]}]})["games"]
    assert (game["home"]["name"], game["home"]["score"], game["away"]["score"]) == ("A. Ace", 1, 1)


def test_a_fight_card_has_many_bouts_without_scores() -> None:
    bouts = [
        {
            "id": str(nth),
            "date": "2026-11-22T20:00Z",
            "status": {"type": {"state": "post", "completed": True, "shortDetail": "Final"}},
            "competitors": [{"athlete": {"displayName": f"Red {nth}"}}, {"athlete": {"displayName": f"Blue {nth}"}}],
        }
        for nth in range(3)
    ]
    games = read({"competitions": bouts})["games"]
    assert [(game["home"]["name"], game["home"]["score"]) for game in games] == [
        (f"Red {nth}", None) for nth in range(3)
    ]


def test_doubles_have_a_roster() -> None:
    pair = {"roster": {"displayName": "A. Ace / B. Baseline"}}
    (game,) = read(event("pre", pair, pair))["games"]
    assert game["away"]["name"] == "A. Ace / B. Baseline"


@pytest.mark.parametrize("name", ["Förster 🦊", "الأهلي", "東京ジャイアンツ", "Ł\u200bódź\nKS"])
def test_names_in_any_script(name: str) -> None:
    (game,) = read(event("in", team(name, team={"name": name}), team("B")))["games"]
    assert game["home"]["name"].split()[0] in name.replace("\u200b", " ")
    assert 0 < len(game["home"]["short"]) <= 6


@pytest.mark.parametrize("colour", ["#0A2342", "0a2342", " 0A2342 ", "0x0a2342"])
def test_colours_in_their_spellings(colour: str) -> None:
    (game,) = read(event("in", team("A", team={"name": "A", "color": colour}), team("B")))["games"]
    assert game["home"]["colour"] == "#0a2342"


def test_an_id_is_shown_once() -> None:
    rows = [event("in", team("A"), team("B")) | {"id": "1"}, event("in", team("A"), team("B")) | {"id": "1"}]
    assert len(read(*rows)["games"]) == 1


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://site.api.espn.com/apis/site/v2/sports/football/nfl/scoreboard", "Scores: ESPN"),
        ("https://espn.com/x", "Scores: ESPN"),
        ("https://notespn.com/x", "Scores: Metro Hockey"),
        ("https://scores.example/x", "Scores: Metro Hockey"),
    ],
)
def test_who_is_named(url: str, shown: str) -> None:
    page = {"leagues": [{"name": "Metro Hockey", "abbreviation": "MHL"}], "events": []}
    snapshot = one("scores", {"url": url, "provider": "espn"}, Source({"*": page}), FakeClock()).fetch()
    assert (snapshot.attribution, snapshot.data["league"]) == (shown, "MHL")


def test_without_a_url_it_says_so() -> None:
    panels = PanelsConfig(scores=ScoresConfig(provider="espn"))
    assert open_feeds(Config(panels=panels), Source({}), FakeClock()) == ()
