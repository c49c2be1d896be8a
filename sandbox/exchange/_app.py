"""The exchange's HTTP face: one Flask application with its routes."""

from __future__ import annotations

import json
import logging
import time

from flask import Flask, Response, abort, jsonify, request

from sandbox.exchange._bid import NO_BID_REASON, Bidder
from sandbox.exchange._book import BEACON_KINDS, Book
from sandbox.exchange._broken import broken_creative
from sandbox.exchange._catalogue import Catalogue
from sandbox.exchange._heartbeat import BadHeartbeatError, read_heartbeats
from sandbox.exchange._mix import BROKEN_CREATIVES, Mix, Outcome
from sandbox.exchange._pages import served
from sandbox.exchange._request import imps_of, problems
from sandbox.feeds import add_feeds

MAX_BODY_BYTES = 10_000_000
RETRY_AFTER_S = 1

log = logging.getLogger("ooh.sandbox")


def make_app(mix: Mix, catalogue: Catalogue | None = None) -> Flask:
    """The exchange, its creatives, beacons, heartbeat receiver and feeds; the book is ``app.config["BOOK"]``."""
    catalogue = catalogue or Catalogue.load()
    book = Book()
    app = Flask("sandbox.exchange", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["BOOK"] = book
    _add_openrtb(app, mix, catalogue, book)
    _add_creatives(app, catalogue, book)
    _add_beacons(app, book)
    _add_heartbeats(app, book)
    add_feeds(app)
    from sandbox.vast import add_vast  # noqa: PLC0415 - they take their mix and their pictures from here
    from sandbox.vistar import add_vistar  # noqa: PLC0415

    vast_book = add_vast(app, mix, catalogue)
    vistar_book = add_vistar(app, mix, catalogue)

    @app.get("/_state")
    def state() -> Response:
        return jsonify({**book.state(), "vast": vast_book.state(), "vistar": vistar_book.state(time.time())})

    return app


def _add_openrtb(app: Flask, mix: Mix, catalogue: Catalogue, book: Book) -> None:
    bidder = Bidder(mix, catalogue)

    @app.post("/openrtb")
    def openrtb() -> Response:
        number = book.next_number()
        try:
            body = json.loads(request.get_data())
        except ValueError as error:
            return _refuse(book, [f"body: not JSON ({error})"])
        found = problems({name.lower(): value for name, value in request.headers.items()}, body)
        if found:
            return _refuse(book, found)
        outcome = mix.outcome(number)
        if outcome.delay_s:
            time.sleep(outcome.delay_s)
        log.info("exchange.answered", extra={"facts": {"number": number, "kind": outcome.kind, "as": outcome.flavour}})
        if outcome.kind in ("nofill", "throttle"):
            book.answered(outcome, ())
            return _throttled() if outcome.kind == "throttle" else _no_fill(outcome, body["id"])
        bids = bidder.bids(number, outcome, imps_of(body))
        if not bids:
            book.answered(Outcome("nofill", "status_204", outcome.delay_s), ())
            return Response(status=204)
        book.answered(outcome, bids)
        currency = (body.get("cur") or ["USD"])[0]
        answer = json.dumps(bidder.response(body["id"], currency, bids, request.host_url.rstrip("/")))
        if outcome.flavour == "invalid_json":
            answer = answer[: len(answer) // 2]
        return Response(answer, content_type="application/json", headers={"x-openrtb-version": "2.6"})


def _refuse(book: Book, reasons: list[str]) -> Response:
    log.warning("exchange.refused", extra={"facts": {"reasons": reasons}})
    book.refused(reasons)
    return Response(json.dumps({"error": "; ".join(reasons)}), status=400, content_type="application/json")


def _throttled() -> Response:
    return Response("too many requests\n", status=429, headers={"Retry-After": str(RETRY_AFTER_S)})


def _no_fill(outcome: Outcome, request_id: str) -> Response:
    """The four ways in which exchanges say that they have nothing."""
    if outcome.flavour == "status_204":
        return Response(status=204)
    bodies = {
        "empty_object": {},
        "nbr": {"id": request_id, "nbr": NO_BID_REASON},
        "empty_seatbid": {"id": request_id, "seatbid": []},
    }
    return jsonify(bodies[outcome.flavour])


def _add_creatives(app: Flask, catalogue: Catalogue, book: Book) -> None:
    mimes = {creative.file: creative.mime for creative in catalogue.creatives}

    @app.get("/creatives/<name>")
    def creative(name: str) -> Response:
        if name not in mimes:
            abort(404)
        book.served(name)
        return Response((catalogue.folder / name).read_bytes(), mimetype=mimes[name])

    @app.get("/creatives/html5/<path:path>")
    def page(path: str) -> Response:
        found = served(path)
        if found is None:
            abort(404)
        book.served(f"html5/{path}")
        return Response(found.body, mimetype=found.mime)

    @app.get("/creatives/broken/<kind>")
    def broken(kind: str) -> Response:
        if kind not in BROKEN_CREATIVES:
            abort(404)
        book.served(f"broken/{kind}")
        made = broken_creative(kind, catalogue)
        return Response(made.body, status=made.status, mimetype=made.mime)


def _add_beacons(app: Flask, book: Book) -> None:
    @app.route("/beacon/<kind>", methods=["GET", "POST"])
    def beacon(kind: str) -> Response:
        if kind not in BEACON_KINDS:
            abort(404)
        wrong = book.beacon(kind, request.args.get("bid", ""), request.args.get("price"))
        if wrong is not None:
            log.warning("exchange.bad_beacon", extra={"facts": {"kind": kind, "wrong": wrong}})
        return Response(status=204)  # as ad servers do; the book has what was wrong


def _add_heartbeats(app: Flask, book: Book) -> None:
    @app.post("/heartbeat")
    def heartbeat() -> Response:
        try:
            documents = read_heartbeats(request.get_data(), request.headers.get("Content-Encoding", ""))
        except BadHeartbeatError as error:
            return Response(f"{error}\n", status=400)
        for document in documents:
            book.heartbeat(document)
        return Response(status=204)

    @app.get("/_heartbeats")
    def heartbeats() -> Response:
        return jsonify(book.heartbeats())
