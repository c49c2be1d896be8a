"""The scoreboard has ESPN's shape, and games that go on as games do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.feeds import scoreboard

NOW = datetime(2026, 11, 22, 19, 15, tzinfo=UTC)


def games(at: datetime) -> dict[str, Any]:
    return {event["id"]: event["competitions"][0] for event in scoreboard(at)["events"]}


def scores(game: dict[str, Any]) -> list[int]:
    return [int(side["score"]) for side in game["competitors"]]


def test_there_are_games_of_every_state() -> None:
    assert {game["status"]["type"]["state"] for game in games(NOW).values()} == {"pre", "in", "post"}


@pytest.mark.parametrize("hours", range(0, 72, 7))
def test_nobody_plays_two_games_at_once(hours: int) -> None:
    live = [g for g in games(NOW + timedelta(hours=hours)).values() if g["status"]["type"]["state"] == "in"]
    teams = [side["team"]["id"] for game in live for side in game["competitors"]]
    assert len(teams) == len(set(teams)) >= 2


def test_scores_only_grow_and_stay_when_final() -> None:
    last: dict[str, list[int]] = {}
    for minutes in range(0, 400, 5):
        for key, game in games(NOW + timedelta(minutes=minutes)).items():
            now = scores(game)
            assert all(after >= before for before, after in zip(last.get(key, now), now, strict=True))
            last[key] = now


def test_quarters_add_up() -> None:
    for game in games(NOW).values():
        for side in game["competitors"]:
            assert sum(line["value"] for line in side.get("linescores", [])) == int(side["score"])


def test_a_final_game_has_one_winner() -> None:
    for hours in range(0, 100, 4):
        for game in games(NOW + timedelta(hours=hours)).values():
            if game["status"]["type"]["completed"]:
                assert sorted(side["winner"] for side in game["competitors"]) == [False, True]
