"""The feeds' HTTP face: every provider's paths and manners, with validators and ages as the real ones send them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request

from sandbox.feeds import _baseball as baseball
from sandbox.feeds import _golf as golf
from sandbox.feeds import _hockey as hockey
from sandbox.feeds import _news as news
from sandbox.feeds import _nws as nws
from sandbox.feeds import _open_weather_map as owm
from sandbox.feeds._place import Place
from sandbox.feeds._scoreboard import scoreboard
from sandbox.feeds._weather import BadQueryError, forecast

_MAX_AGE_S = 5


def add_feeds(app: Flask) -> None:
    """All of them; which path serves which provider is in docs/feeds.md."""
    feeds = Blueprint("feeds", __name__)
    _open_meteo(feeds)
    _nws(feeds)
    _open_weather_map(feeds)
    _scores(feeds)
    _news(feeds)
    feeds.after_request(_politely)
    app.register_blueprint(feeds)


def _politely(response: Response) -> Response:
    """An ETag, a short age, and 304 when nothing changed (RFC 9110 §13)."""
    if response.status_code != 200:
        return response
    response.headers.setdefault("Cache-Control", f"max-age={_MAX_AGE_S}")
    response.add_etag()
    response.make_conditional(request)
    return response


def _open_meteo(feeds: Blueprint) -> None:
    @feeds.get("/weather")
    def weather() -> Response:
        try:
            return jsonify(forecast(request.args, _now()))
        except BadQueryError as error:
            return _failed(400, {"error": True, "reason": str(error)})


def _nws(feeds: Blueprint) -> None:
    def served(make: Callable[[], dict[str, Any]]) -> Response:
        """Who does not say who asks is refused, and what is off the grid is not found, as the real service does."""
        if not request.headers.get("User-Agent"):
            return _failed(403, {"title": "Forbidden", "detail": "A User-Agent is required"})
        try:
            response = jsonify(make())
        except (ValueError, IndexError):
            return _failed(404, {"title": "Data Unavailable For Requested Point", "status": 404})
        response.headers["Content-Type"] = "application/geo+json"
        return response

    @feeds.get("/nws/points/<spot>")
    def points(spot: str) -> Response:
        return served(lambda: nws.point(_place(spot), f"{request.host_url}nws"))

    @feeds.get("/nws/gridpoints/SBX/<cell>/forecast")
    def daily(cell: str) -> Response:
        return served(lambda: nws.daily(cell, _now()))

    @feeds.get("/nws/gridpoints/SBX/<cell>/forecast/hourly")
    def hourly(cell: str) -> Response:
        return served(lambda: nws.hourly(cell, _now()))

    @feeds.get("/nws/gridpoints/SBX/<cell>/stations")
    def stations(cell: str) -> Response:
        return served(lambda: nws.stations(cell, f"{request.host_url}nws"))

    @feeds.get("/nws/stations/<station>/observations/latest")
    def observation(station: str) -> Response:
        return served(lambda: nws.observation(station, _now()))

    @feeds.get("/nws/alerts/active")
    def alerts() -> Response:
        return served(lambda: nws.alerts(_place(request.args.get("point", "")), _now()))


def _open_weather_map(feeds: Blueprint) -> None:
    def served(make: Callable[[Place, datetime], dict[str, Any]]) -> Response:
        """Any key will do, but one there must be."""
        if not request.args.get("appid"):
            return _failed(401, {"cod": 401, "message": "Invalid API key."})
        try:
            return jsonify(make(Place.of(request.args.get("lat", ""), request.args.get("lon", "")), _now()))
        except ValueError:
            return _failed(400, {"cod": "400", "message": "wrong latitude"})

    @feeds.get("/openweathermap/data/3.0/onecall")
    def one_call() -> Response:
        return served(owm.one_call)

    @feeds.get("/openweathermap/data/2.5/weather")
    def current() -> Response:
        return served(owm.current)

    @feeds.get("/openweathermap/data/2.5/forecast")
    def steps() -> Response:
        return served(owm.forecast)


def _scores(feeds: Blueprint) -> None:
    boards: dict[str, Callable[[datetime], dict[str, Any]]] = {
        "/scoreboard": scoreboard,
        "/golf": golf.leaderboard,
        "/mlb/api/v1/schedule": baseball.schedule,
        "/nhl/v1/score/now": hockey.scores,
        "/nhl/v1/schedule/now": hockey.schedule,
    }
    for path, make in boards.items():
        feeds.add_url_rule(path, path.replace(".", "-"), lambda make=make: jsonify(make(_now())))


def _news(feeds: Blueprint) -> None:
    @feeds.get("/headlines")
    def rss() -> Response:
        return Response(news.rss(_now()), content_type="application/rss+xml; charset=utf-8")

    @feeds.get("/headlines.atom")
    def atom() -> Response:
        return Response(news.atom(_now()), content_type="application/atom+xml")


def _place(spot: str) -> Place:
    latitude, _, longitude = spot.partition(",")
    return Place.of(latitude, longitude)


def _failed(status: int, told: dict[str, Any]) -> Response:
    response = jsonify(told)
    response.status_code = status
    return response


def _now() -> datetime:
    return datetime.now(UTC)
