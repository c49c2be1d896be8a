"""The exchange over HTTP: good requests get bids, bad ones are told why, the book counts."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sandbox.exchange import Catalogue, Mix, make_app

ALWAYS = Mix(broken_share=0, nofill_share=0, throttle_share=0, slow_share=0)
HEADERS = {"x-openrtb-version": "2.6"}
REQUEST: dict[str, Any] = {
    "id": "r1",
    "imp": [
        {
            "id": "1",
            "banner": {"w": 1920, "h": 1080, "mimes": ["image/jpeg", "image/png", "image/webp", "image/gif"]},
            "qty": {"multiplier": 2.5, "sourcetype": 2},
            "bidfloor": 1.0,
            "exp": 900,
        }
    ],
    "dooh": {"id": "screen-1", "venuetype": ["102"], "venuetypetax": 1},
    "device": {"devicetype": 8, "w": 1920, "h": 1080},
    "cur": ["EUR"],
    "at": 1,
    "tmax": 3000,
}


@pytest.fixture
def app() -> Flask:
    return make_app(ALWAYS)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def ask(client: FlaskClient, body: dict[str, Any] = REQUEST) -> dict[str, Any]:
    answer = client.post("/openrtb", json=body, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json or {}
    return document


def state(client: FlaskClient) -> dict[str, Any]:
    book: dict[str, Any] = client.get("/_state").json or {}
    return book


def test_a_bid_has_what_a_player_needs(client: FlaskClient) -> None:
    answer = ask(client)
    (bid,) = answer["seatbid"][0]["bid"]
    assert (answer["id"], answer["cur"], bid["impid"]) == ("r1", "EUR", "1")
    assert bid["dur"] == 3
    assert bid["price"] >= 1.0
    assert bid["iurl"] in bid["adm"]
    creative = client.get(bid["iurl"])
    assert creative.status_code == 200
    assert (creative.mimetype or "").startswith("image/")


def test_the_rotation_serves_every_creative(client: FlaskClient) -> None:
    catalogue = Catalogue.load().creatives
    bids = [ask(client)["seatbid"][0]["bid"][0]["crid"] for _ in catalogue]
    assert bids == [creative.file for creative in catalogue]


def test_two_impressions_get_two_different_creatives(client: FlaskClient) -> None:
    body = copy.deepcopy(REQUEST)
    body["imp"].append({**body["imp"][0], "id": "2"})
    first, second = ask(client, body)["seatbid"][0]["bid"]
    assert (first["impid"], second["impid"]) == ("1", "2")
    assert first["crid"] != second["crid"]


def test_only_allowed_types_are_bid(client: FlaskClient) -> None:
    body = copy.deepcopy(REQUEST)
    body["imp"][0]["banner"]["mimes"] = ["image/gif"]
    assert all(ask(client, body)["seatbid"][0]["bid"][0]["crid"].endswith(".gif") for _ in range(5))


def test_a_floor_that_nobody_pays_is_no_fill(client: FlaskClient) -> None:
    body = copy.deepcopy(REQUEST)
    body["imp"][0]["bidfloor"] = 9_999
    assert client.post("/openrtb", json=body, headers=HEADERS).status_code == 204
    assert state(client)["nofill"] == 1


def without(path: str) -> dict[str, Any]:
    body: Any = copy.deepcopy(REQUEST)
    *above, last = path.split(".")
    at = body
    for key in above:
        at = at[int(key)] if key.isdigit() else at[key]
    del at[last]
    return dict(body)


def changed(path: str, value: object) -> dict[str, Any]:
    body: Any = copy.deepcopy(REQUEST)
    *above, last = path.split(".")
    at = body
    for key in above:
        at = at[int(key)] if key.isdigit() else at[key]
    at[last] = value
    return dict(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (without("id"), "id:"),
        (without("imp"), "imp:"),
        (without("dooh"), "dooh:"),
        (without("imp.0.banner"), "imp[0].banner:"),
        (without("imp.0.banner.w"), "imp[0].banner:"),
        (without("imp.0.qty"), "imp[0].qty:"),
        (changed("imp.0.qty", {"multiplier": 0}), "multiplier"),
        (changed("imp.0.qty", {"multiplier": 1, "sourcetype": 1}), "vendor"),
        (changed("imp.0.bidfloor", "1.0"), "bidfloor"),
        (changed("imp.0.video", {"w": 1920}), "video.mimes"),
        (changed("imp.0.video", {"mimes": ["video/mp4"], "minduration": 9, "maxduration": 8}), "maxduration"),
        (changed("imp.0.video", {"mimes": ["video/mp4"], "delivery": ["2"]}), "delivery"),
        (changed("imp.0.video", {"mimes": ["video/mp4"], "plcmt": 9}), "plcmt"),
        (changed("imp.0.pmp", {"deals": [{"bidfloor": 1}]}), "deals[0].id"),
        (changed("imp.0.pmp", {"deals": {}}), "pmp.deals"),
        (changed("site", {"id": "x"}), "dooh:"),
        (changed("cur", ["euro"]), "cur:"),
        (changed("tmax", 0), "tmax:"),
        (changed("device.devicetype", 3), "device.devicetype:"),
        (changed("dooh.name", ""), "dooh.name: leave out"),
        (changed("user", None), "user: leave out"),
        (changed("imp", [REQUEST["imp"][0], REQUEST["imp"][0]]), "unique"),
    ],
)
def test_a_bad_request_is_told_why(client: FlaskClient, body: dict[str, Any], reason: str) -> None:
    answer = client.post("/openrtb", json=body, headers=HEADERS)
    assert answer.status_code == 400
    assert reason in (answer.json or {})["error"]
    assert state(client)["bad_requests"] == 1


def test_the_version_header_is_required(client: FlaskClient) -> None:
    assert client.post("/openrtb", json=REQUEST).status_code == 400


def test_broken_json_is_refused(client: FlaskClient) -> None:
    answer = client.post("/openrtb", data=b"{", headers={**HEADERS, "Content-Type": "application/json"})
    assert answer.status_code == 400


def test_the_book_counts_beacons_once_per_bid(client: FlaskClient) -> None:
    (bid,) = ask(client)["seatbid"][0]["bid"]
    burl = bid["burl"].replace("${AUCTION_PRICE}", str(bid["price"]))
    for url in (bid["nurl"].replace("${AUCTION_PRICE}", str(bid["price"])), burl, burl):
        assert client.get(url).status_code == 204
    book = state(client)
    assert (book["won"], book["billed"], book["repeated_beacons"], book["bad_beacons"]) == (1, 1, 1, {})


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("bid=unheard-of", "unknown bid"),
        ("bid=bid-1-0-0&price=${AUCTION_PRICE}", "macro not replaced"),
        ("bid=bid-1-0-0&price=0.01", "another price than the bid's"),
    ],
)
def test_the_book_knows_a_bad_beacon(client: FlaskClient, query: str, wrong: str) -> None:
    ask(client)
    assert client.get(f"/beacon/billed?{query}").status_code == 204
    book = state(client)
    assert (book["billed"], book["bad_beacons"]) == (0, {wrong: 1})


def test_billed_and_released_is_a_contradiction(client: FlaskClient) -> None:
    (bid,) = ask(client)["seatbid"][0]["bid"]
    for kind in ("burl", "lurl"):
        client.get(bid[kind].replace("${AUCTION_PRICE}", str(bid["price"])))
    assert state(client)["billed_and_released"] == 1


def test_heartbeats_are_kept(client: FlaskClient) -> None:
    body = gzip.compress(json.dumps({"schema": "ooh.heartbeat/1", "screen_id": "s"}).encode())
    assert client.post("/heartbeat", data=body, headers={"Content-Encoding": "gzip"}).status_code == 204
    assert client.post("/heartbeat", json={"n": 2}).status_code == 204
    book = state(client)
    assert (book["heartbeats"], book["last_heartbeat"]) == (2, {"n": 2})
    assert client.post("/heartbeat", json=[{"n": 3}, {"n": 4}]).status_code == 204
    assert [beat.get("n") for beat in client.get("/_heartbeats").get_json()] == [None, 2, 3, 4]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"{", ""),
        (b"[]", ""),
        (b"[{}, 1]", ""),
        (b"not gzip", "gzip"),
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip"),
        (gzip.compress(b'{"a":"' + b" " * 2_000_000 + b'"}', mtime=0), "gzip"),
        (b"{}", "br"),
    ],
    ids=["cut JSON", "nothing", "an odd list", "not gzip", "cut gzip", "too large", "another encoding"],
)
def test_a_bad_heartbeat_is_refused(client: FlaskClient, body: bytes, encoding: str) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    assert client.post("/heartbeat", data=body, headers=headers).status_code == 400
    assert state(client)["heartbeats"] == 0
