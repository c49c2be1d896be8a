"""The gateway's HTTP face: ``POST /plays``. docs/delivery.md is the contract; this is its other side."""

from __future__ import annotations

import gzip
import socket
import zlib
from dataclasses import dataclass

from flask import Flask, Response, jsonify, request

from sandbox._dice import Dice
from sandbox.gateway._book import BatchError, Book

MAX_BODY_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Manners:
    """How it treats its callers. Shares are in [0, 1), seeded and evenly spaced."""

    token: str = ""
    most_bytes: int = MAX_BODY_BYTES
    """Larger bodies (before compression) get 413."""
    seed: int = 1
    throttle_share: float = 0.0
    retry_after_s: int = 1
    lose_share: float = 0.0
    """Of the batches that are booked and not answered."""
    names_ids: bool = False
    """Whether the answer lists what was accepted."""


def make_app(manners: Manners | None = None, book: Book | None = None) -> Flask:
    """The gateway; ``book`` is where to look."""
    manners, book = manners or Manners(), book or Book()
    dice = Dice(manners.seed)
    app = Flask("sandbox.gateway", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES

    @app.post("/plays")
    def plays() -> Response:
        if dice.spread(manners.throttle_share, book.count("asked"), "throttle"):
            return _problem(429, "slow down", {"Retry-After": str(manners.retry_after_s)})
        try:
            ids = _take(manners, book)
        except _RefusalError as refusal:
            return _problem(refusal.status, str(refusal))
        if dice.spread(manners.lose_share, book.count("answers"), "lose"):
            _hang_up()
        return jsonify({"accepted": ids} if manners.names_ids else {})

    @app.get("/_state")
    def state() -> Response:
        return jsonify({"plays": len(book.plays), "batches": len(book.batches), **book.counts})

    return app


class _RefusalError(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def _take(manners: Manners, book: Book) -> tuple[str, ...]:
    if manners.token and request.headers.get("Authorization") != f"Bearer {manners.token}":
        raise _RefusalError(401, "the token is not known")
    if request.mimetype != "application/x-ndjson" or request.headers.get("Content-Encoding") != "gzip":
        raise _RefusalError(415, "JSON lines, gzip")
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise _RefusalError(400, "no Idempotency-Key")
    try:
        lines = gzip.decompress(request.get_data())
    except (OSError, EOFError, zlib.error) as error:
        raise _RefusalError(400, "not gzip") from error
    if len(lines) > manners.most_bytes:
        raise _RefusalError(413, f"at most {manners.most_bytes} bytes")
    try:
        return book.take(key, lines)
    except BatchError as error:
        raise _RefusalError(422, str(error)) from error


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    answer = jsonify({"detail": detail})
    answer.status_code = status
    answer.headers.update(headers or {})
    return answer


def _hang_up() -> None:
    """Close the connection before the answer: the client cannot know that the batch was booked."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
