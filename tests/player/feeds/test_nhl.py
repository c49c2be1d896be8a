"""The NHL's web API: states, intermissions, overtimes, shoot-outs; score days and schedules."""

from __future__ import annotations

from typing import Any

import pytest

from config import Code, OohError
from tests.fakes import FakeClock
from tests.player.feeds.sources import Source, one


def period(number: int, kind: str = "REG") -> dict[str, object]:
    return {"number": number, "periodType": kind, "maxRegulationPeriods": 3}


def clock(left: str = "04:12", *, pause: bool = False) -> dict[str, object]:
    return {"timeRemaining": left, "secondsRemaining": 252, "running": not pause, "inIntermission": pause}


def game(state: object, number: int = 1, **more: object) -> dict[str, Any]:
    return {
        "id": number,
        "startTimeUTC": "2026-11-22T19:00:00Z",
        "gameState": state,
        "gameScheduleState": "OK",
        "homeTeam": {"id": 6, "name": {"default": "Bruins"}, "abbrev": "BOS", "score": 3},
        "awayTeam": {"id": 8, "name": {"default": "Canadiens", "fr": "Canadiens"}, "abbrev": "MTL", "score": 2},
        **more,
    }


def read(page: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        one("scores", {"provider": "nhl"}, Source({"*": page}), FakeClock()).fetch().data["games"]
    )
    return found


def test_a_live_game() -> None:
    assert read({"games": [game("LIVE", periodDescriptor=period(3), clock=clock())]}) == [
        {
            "state": "live",
            "starts_at": "2026-11-22T19:00:00.000Z",
            "detail": "4:12 - 3rd",
            "home": {"name": "Bruins", "short": "BOS", "score": 3, "colour": "#fcb514", "record": None},
            "away": {"name": "Canadiens", "short": "MTL", "score": 2, "colour": "#af1e2d", "record": None},
        }
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (game("CRIT", periodDescriptor=period(3), clock=clock("00:09")), ("live", "0:09 - 3rd", 3)),
        (game("LIVE", periodDescriptor=period(2), clock=clock("17:00", pause=True)), ("live", "2nd Int", 3)),
        (game("LIVE", periodDescriptor=period(4, "OT"), clock=clock("02:31")), ("live", "2:31 - OT", 3)),
        (game("LIVE", periodDescriptor=period(6, "OT"), clock=clock("12:31")), ("live", "12:31 - 3OT", 3)),
        (game("LIVE", periodDescriptor=period(5, "SO"), clock=clock("00:00")), ("live", "SO", 3)),
        (game("LIVE", period=1, clock=clock("20:00")), ("live", "20:00 - 1st", 3)),
        (game("LIVE"), ("live", None, 3)),
        (game("LIVE", clock=None, periodDescriptor=None), ("live", None, 3)),
        (game("FUT"), ("next", None, None)),
        (game("PRE", gameScheduleState="TBD"), ("next", "TBD", None)),
        (game("FUT", gameScheduleState="PPD"), ("next", "Postponed", None)),
        (game("FUT", gameScheduleState="CNCL"), ("next", "Cancelled", None)),
        (game("LIVE", gameScheduleState="SUSP", periodDescriptor=period(2)), ("next", "Suspended", None)),
        (game("OVER"), ("final", "Final", 3)),
        (game("FINAL", gameOutcome={"lastPeriodType": "REG"}), ("final", "Final", 3)),
        (game("OFF", gameOutcome={"lastPeriodType": "SO"}), ("final", "Final/SO", 3)),
        (game("OFF", gameOutcome={"lastPeriodType": "OT", "otPeriods": 1}), ("final", "Final/OT", 3)),
        (game("OFF", gameOutcome={"lastPeriodType": "OT", "otPeriods": 3}), ("final", "Final/3OT", 3)),
        (game("OFF", gameOutcome={"lastPeriodType": "OT"}), ("final", "Final/OT", 3)),
        (game("OFF", periodDescriptor=period(5, "OT")), ("final", "Final/2OT", 3)),
        (game("off", periodDescriptor="x", gameOutcome=3), ("final", "Final", 3)),
    ],
)
def test_states(row: dict[str, Any], expected: tuple[str, str | None, int | None]) -> None:
    (found,) = read({"games": [row]})
    assert (found["state"], found["detail"], found["home"]["score"]) == expected
    if expected[1] in {"Postponed", "Cancelled", "Suspended", "TBD"}:
        assert found["starts_at"] is None


def test_a_schedule_has_days_and_other_names() -> None:
    team = {"commonName": {"default": "Bruins"}, "placeName": {"default": "Boston"}, "abbrev": "BOS"}
    week = [{"date": "2026-11-22", "games": [game("FUT", 1, homeTeam=team)]}, {"games": None}, None]
    (found,) = read({"gameWeek": week})
    assert found["home"] == {"name": "Bruins", "short": "BOS", "score": None, "colour": "#fcb514", "record": None}


def test_a_score_day_counts_its_week_without_games() -> None:
    assert len(read({"gameWeek": [{"date": "2026-11-22", "numberOfGames": 9}], "games": [game("FUT")]})) == 1


@pytest.mark.parametrize(
    "odd",
    [None, [], game("HALF"), game(None), game("LIVE", homeTeam=None), game("LIVE", awayTeam={"name": {"fr": "X"}})],
)
def test_what_is_no_game_is_left_out(odd: object) -> None:
    assert len(read({"games": [odd, game("LIVE", 2)]})) == 1


@pytest.mark.parametrize("page", [{}, {"games": None}, {"games": {}, "gameWeek": "x"}])
def test_what_is_no_answer_of_the_league_is_invalid(page: dict[str, Any]) -> None:
    with pytest.raises(OohError) as found:
        read(page)
    assert found.value.code is Code.FEED_INVALID
