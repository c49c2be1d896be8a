"""The VAST server's HTTP face: its routes on the sandbox's application."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, abort, jsonify, request

from sandbox.exchange._catalogue import Catalogue
from sandbox.exchange._mix import Mix
from sandbox.vast._book import KINDS, VastBook
from sandbox.vast._film import film
from sandbox.vast._plan import Plan, plan
from sandbox.vast._write import answer, no_ad

RETRY_AFTER_S = 1
_PICTURE = "fjell-1920x1080.jpg"

log = logging.getLogger("ooh.sandbox")


def add_vast(app: Flask, mix: Mix, catalogue: Catalogue) -> VastBook:
    """Add the tag ``/vast``, its wrappers, film and calls, and ``/vast/_state``; returns the book."""
    book = VastBook()
    _add_tag(app, mix, catalogue, book)
    _add_media(app, mix, catalogue)
    _add_calls(app, book)
    return book


def _add_tag(app: Flask, mix: Mix, catalogue: Catalogue, book: VastBook) -> None:
    def written(planned: Plan, hop: int) -> Response:
        base = request.host_url.rstrip("/")
        return Response(answer(planned, base, mix.slot_ms, hop), content_type="application/xml")

    @app.get("/vast")
    def tag() -> Response:
        if any("[" in value for value in request.args.values()):
            book.bad_request("macro not replaced in the tag")
            return Response("macro not replaced\n", status=400)
        planned = plan(book.next_number(), mix, catalogue)
        if planned.outcome.delay_s:
            time.sleep(planned.outcome.delay_s)
        book.answered(planned)
        log.info("vast.answered", extra={"facts": {"number": planned.number, "shape": planned.shape}})
        if planned.outcome.kind == "throttle":
            return Response("too many requests\n", status=429, headers={"Retry-After": str(RETRY_AFTER_S)})
        if planned.outcome.kind == "nofill":
            return _none(planned)
        return written(planned, 0)

    @app.get("/vast/hop/<int:number>/<int:hop>")
    def hop(number: int, hop: int) -> Response:
        planned = plan(number, mix, catalogue)
        if hop > planned.wrappers:
            abort(404)
        return written(planned, hop)


def _none(planned: Plan) -> Response:
    flavour = planned.outcome.flavour
    if flavour == "status_204":
        return Response(status=204)
    if flavour == "empty_object":
        return Response(b"", content_type="application/xml")
    body = no_ad(request.host_url.rstrip("/"), planned.number, flavour)
    return Response(body, content_type="text/xml")


def _add_media(app: Flask, mix: Mix, catalogue: Catalogue) -> None:
    @app.get("/vast/film.mp4")
    def the_film() -> Response:
        return Response(film(catalogue.folder / _PICTURE, mix.slot_ms), mimetype="video/mp4")

    @app.get("/vast/vpaid.js")
    def vpaid() -> Response:
        return Response("throw new Error('no player of films runs this');\n", mimetype="application/javascript")


def _add_calls(app: Flask, book: VastBook) -> None:
    @app.get("/vast/beacon/<kind>")
    def call(kind: str) -> Response:
        if kind not in KINDS:
            book.bad_request(f"called {kind}")
            abort(404)
        wrong = book.beacon(kind, request.args)
        if wrong is not None:
            log.warning("vast.bad_beacon", extra={"facts": {"kind": kind, "wrong": wrong}})
        return Response(status=204)

    @app.get("/vast/none")
    def none() -> Response:
        book.no_ad_told(request.args.get("code", ""))
        return Response(status=204)

    @app.get("/vast/_state")
    def vast_state() -> Response:
        return jsonify(book.state())
