"""The feeds' HTTP face."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, Response, jsonify, request

from sandbox.feeds._scoreboard import scoreboard
from sandbox.feeds._weather import BadQueryError, forecast


def add_feeds(app: Flask) -> None:
    """``GET /weather`` and ``GET /scoreboard``."""

    @app.get("/weather")
    def weather() -> Response:
        try:
            return jsonify(forecast(request.args, datetime.now(UTC)))
        except BadQueryError as error:
            answer = jsonify({"error": True, "reason": str(error)})
            answer.status_code = 400
            return answer

    @app.get("/scoreboard")
    def scores() -> Response:
        return jsonify(scoreboard(datetime.now(UTC)))
