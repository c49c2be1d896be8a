"""The ad server's HTTP face: its routes on the sandbox's application."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from flask import Flask, Response, jsonify, request

from sandbox.exchange._catalogue import Catalogue
from sandbox.exchange._mix import Mix, Outcome
from sandbox.vistar._answer import advertisement, asset, fitting, leased
from sandbox.vistar._book import VistarBook
from sandbox.vistar._request import authentic, problems

RETRY_AFTER_S = 1

log = logging.getLogger("ooh.sandbox")


def add_vistar(app: Flask, mix: Mix, catalogue: Catalogue) -> VistarBook:
    """Add ``/api/v1/get_ad``, ``get_asset``, ``proof_of_play``, ``expire`` and ``/vistar/_state``; returns the book."""
    book = VistarBook()
    _add_ads(app, mix, catalogue, book)
    _add_assets(app, catalogue, book)
    _add_calls(app, book)

    @app.get("/vistar/_state")
    def vistar_state() -> Response:
        return jsonify(book.state(time.time()))

    return book


def _add_ads(app: Flask, mix: Mix, catalogue: Catalogue, book: VistarBook) -> None:
    @app.post("/api/v1/get_ad/json")
    def get_ad() -> Response:
        number = book.next_number()
        body, bad = _read(book)
        if bad is not None:
            return bad
        outcome = mix.outcome(number)
        if outcome.delay_s:
            time.sleep(outcome.delay_s)
        log.info("vistar.answered", extra={"facts": {"number": number, "kind": outcome.kind, "as": outcome.flavour}})
        area = body["display_area"][0]
        creative = fitting(catalogue, outcome.turn, area)
        if outcome.kind in ("nofill", "throttle") or outcome.flavour == "invalid_json" or creative is None:
            book.answered(outcome, None)
            return _without(outcome)
        lease = leased(mix, number, outcome, creative, body["display_time"], time.time())
        book.answered(outcome, lease)
        ad = advertisement(lease, creative, area["id"], request.host_url.rstrip("/"), number, outcome)
        return jsonify({"advertisement": [ad]})


def _add_assets(app: Flask, catalogue: Catalogue, book: VistarBook) -> None:
    @app.post("/api/v1/get_asset/json")
    def get_asset() -> Response:
        body, bad = _read(book)
        if bad is not None:
            return bad
        book.listed()
        media = set(body["display_area"][0]["supported_media"])
        base = request.host_url.rstrip("/")
        return jsonify({"asset": [asset(one, base) for one in catalogue.creatives if one.mime in media]})


def _add_calls(app: Flask, book: VistarBook) -> None:
    @app.route("/api/v1/proof_of_play/json", methods=["GET", "POST"])
    def proof_of_play() -> Response:
        try:
            posted = json.loads(request.get_data() or b"{}")
        except ValueError:
            posted = {}
        told = posted.get("display_time") if isinstance(posted, dict) else None
        if told is None and request.args.get("display_time", "").isdigit():
            told = int(request.args["display_time"])
        return _said(*book.prove(request.args.get("lease", ""), told, time.time()))

    @app.get("/api/v1/expire/json")
    def expire() -> Response:
        return _said(*book.expire(request.args.get("lease", ""), time.time()))


def _read(book: VistarBook) -> tuple[dict[str, Any], Response | None]:
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        found = [f"body: not JSON ({error})"]
    else:
        found = problems(body, time.time())
        if not found and not authentic(body):
            book.refused(["credentials"])
            return {}, _said(403, "Could not authenticate, check network id or api key credentials.")
    if found:
        log.warning("vistar.refused", extra={"facts": {"reasons": found}})
        book.refused(found)
        return {}, _said(400, "; ".join(found))
    return body, None


def _without(outcome: Outcome) -> Response:
    """The ways in which there is no ad."""
    if outcome.kind == "throttle":
        return Response("too many requests\n", status=429, headers={"Retry-After": str(RETRY_AFTER_S)})
    match outcome.flavour:
        case "status_204":
            return Response(status=204)
        case "empty_object":
            return jsonify({})
        case "invalid_json":
            return Response('{"advertisement": [{"id": "x", ', content_type="application/json")
        case _:
            return jsonify({"advertisement": []})


def _said(status: int, text: str) -> Response:
    if status != 200:
        log.warning("vistar.refused_call", extra={"facts": {"status": status, "why": text}})
    return Response(f"{text}\n", status=status, content_type="text/plain")
