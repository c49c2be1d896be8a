"""The other feeds' wire formats: shapes as the providers document them, manners as their servers have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from flask import Flask
from flask.testing import FlaskClient

from sandbox.feeds import _baseball as baseball
from sandbox.feeds import _golf as golf
from sandbox.feeds import _hockey as hockey
from sandbox.feeds import _news as news
from sandbox.feeds import add_feeds

NOW = datetime(2026, 11, 22, 19, 15, tzinfo=UTC)


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("feeds")
    add_feeds(app)
    return app.test_client()


def test_the_weather_service_leads_from_point_to_forecasts(client: FlaskClient) -> None:
    point = client.get("/nws/points/43.6,-70.25").get_json()["properties"]
    for link in ("forecast", "forecastHourly", "observationStations"):
        assert client.get(point[link]).status_code == 200
    hourly = client.get(point["forecastHourly"]).get_json()["properties"]["periods"]
    assert len(hourly) == 156
    assert {"startTime", "isDaytime", "temperature", "temperatureUnit", "icon", "shortForecast"} <= hourly[0].keys()
    assert hourly[0]["startTime"].endswith("-05:00")
    names = [row["name"] for row in client.get(point["forecast"]).get_json()["properties"]["periods"]]
    assert len(names) == 14
    assert names[0] in {"Today", "Tonight"}
    stations = client.get(point["observationStations"]).get_json()["features"]
    station = stations[0]["properties"]["stationIdentifier"]
    report = client.get(f"/nws/stations/{station}/observations/latest").get_json()["properties"]
    assert report["temperature"]["unitCode"] == "wmoUnit:degC"
    assert (
        client.get("/nws/alerts/active?point=43.6,-70.25").get_json()["features"][0]["properties"]["status"] == "Test"
    )


def test_the_weather_service_wants_to_know_who_asks_and_where(client: FlaskClient) -> None:
    assert client.get("/nws/points/43,-70", headers={"User-Agent": ""}).status_code == 403
    for path in (
        "points/x,y",
        "points/99,0",
        "points/1",
        "gridpoints/SBX/1/forecast",
        "stations/X/observations/latest",
    ):
        assert client.get(f"/nws/{path}").status_code == 404


@pytest.mark.parametrize("path", ["3.0/onecall", "2.5/weather", "2.5/forecast"])
def test_openweather_wants_a_key_and_a_place(client: FlaskClient, path: str) -> None:
    root = f"/openweathermap/data/{path}"
    assert client.get(f"{root}?lat=1&lon=2").status_code == 401
    assert client.get(f"{root}?lat=north&lon=2&appid=k").status_code == 400
    assert client.get(f"{root}?lat=1&lon=2&appid=k").status_code == 200


@pytest.mark.parametrize("path", ["/scoreboard", "/golf", "/mlb/api/v1/schedule", "/nhl/v1/score/now", "/headlines"])
def test_what_did_not_change_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "max-age=5"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code in {200, 304}
    assert (again.status_code == 304) == (again.headers["ETag"] == first.headers["ETag"])
    assert again.status_code == 200 or not again.data


def games(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [game for day in board["dates"] for game in day["games"]]


def test_baseball_has_every_state_and_scores_that_only_grow() -> None:
    states = {
        game["status"]["detailedState"]
        for hours in range(0, 60, 3)
        for game in games(baseball.schedule(NOW + timedelta(hours=hours)))
    }
    assert states == {"Scheduled", "Warmup", "In Progress", "Final", "Postponed"}
    last: dict[int, int] = {}
    for minutes in range(0, 400, 7):
        for game in games(baseball.schedule(NOW + timedelta(minutes=minutes))):
            runs = game["teams"]["away"].get("score", 0)
            assert runs >= last.get(game["gamePk"], 0)
            last[game["gamePk"]] = runs


def test_baseball_ends_with_a_winner() -> None:
    for game in games(baseball.schedule(NOW)):
        if game["status"]["codedGameState"] == "F":
            assert game["teams"]["home"]["score"] != game["teams"]["away"]["score"]


def test_hockey_goes_through_periods_breaks_and_overtime() -> None:
    seen = set()
    for minutes in range(0, 60 * 48, 7):
        for game in hockey.scores(NOW + timedelta(minutes=minutes))["games"]:
            seen.add(
                (
                    game["gameState"],
                    game.get("clock", {}).get("inIntermission"),
                    game.get("gameOutcome", {}).get("lastPeriodType"),
                )
            )
    assert {row[0] for row in seen} == {"FUT", "PRE", "LIVE", "CRIT", "FINAL", "OFF"}
    assert {row[1] for row in seen} == {None, True, False}
    assert {row[2] for row in seen} == {None, "REG", "OT"}


@pytest.mark.parametrize("make", [baseball.schedule, hockey.scores], ids=["baseball", "hockey"])
def test_nobody_plays_two_games_at_once(make: Any) -> None:
    for minutes in range(0, 60 * 48, 25):
        board = make(NOW + timedelta(minutes=minutes))
        rows = board.get("games") or games(board)
        live = [row for row in rows if "clock" in row or row.get("status", {}).get("codedGameState") == "I"]
        letters = [
            str(side.get("abbrev") or side["team"]["abbreviation"])
            for row in live
            for side in (row.get("teams") or {"home": row["homeTeam"], "away": row["awayTeam"]}).values()
        ]
        assert len(letters) == len(set(letters))


@pytest.mark.parametrize("hours", range(0, 24 * 7, 11))
def test_golf_is_ranked(hours: int) -> None:
    (event,) = golf.leaderboard(NOW + timedelta(hours=hours))["events"]
    scores = [player["score"] for player in event["competitions"][0]["competitors"]]
    numbers = [0 if score == "E" else int(score) for score in scores]
    assert numbers == sorted(numbers)


def test_news_are_well_formed_and_a_new_story_comes_every_twenty_minutes() -> None:
    for make in (news.rss, news.atom):
        fromstring(make(NOW))
        assert make(NOW) == make(NOW + timedelta(minutes=4))
        assert make(NOW) != make(NOW + timedelta(minutes=20))
