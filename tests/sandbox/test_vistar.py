"""The lease-style ad server: strict with requests, exact with leases."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sandbox.exchange import Catalogue, Mix
from sandbox.vistar import VistarBook, add_vistar, problems
from sandbox.vistar._book import Leased

ALWAYS = Mix(broken_share=0, nofill_share=0, throttle_share=0, slow_share=0)
REQUEST: dict[str, Any] = {
    "network_id": "sandbox-network",
    "api_key": "sandbox-key",
    "device_id": "screen-1",
    "venue_id": "bar-1",
    "display_time": 0,
    "number_of_screens": 1,
    "direct_connection": True,
    "device_attribute": [{"name": "zip", "value": "10115"}],
    "display_area": [
        {
            "id": "display-0",
            "width": 1920,
            "height": 1080,
            "supported_media": ["image/jpeg", "image/png"],
            "allow_audio": False,
            "min_duration": 1,
            "max_duration": 60,
        }
    ],
}
NOW = 1_800_000_000.0


def client_of(mix: Mix) -> FlaskClient:
    app = Flask("test")
    add_vistar(app, mix, Catalogue.load())
    return app.test_client()


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with client_of(ALWAYS) as client:
        yield client


def ask(client: FlaskClient, **changes: object) -> Any:
    body = REQUEST | {"display_time": round(time.time()) + 10} | changes
    return client.post("/api/v1/get_ad/json", json=body)


def state(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/vistar/_state").json or {}
    return found


def test_an_ad_is_leased_and_given_back_once(client: FlaskClient) -> None:
    (ad,) = ask(client).json["advertisement"]
    assert state(client)["outstanding"] == 1
    first = client.get(ad["expiration_url"])
    again = client.get(ad["expiration_url"])
    assert (first.status_code, again.status_code, again.text) == (200, 400, "Lease Already Spent\n")
    book = state(client)
    assert (book["leased"], book["expirations"], book["outstanding"], book["repeated_calls"]) == (1, 1, 0, 1)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("network_id",), "", "network_id"),
        (("api_key",), None, "api_key"),
        (("device_id",), "x" * 65, "device_id"),
        (("venue_id",), "Bar 1", "venue_id"),
        (("venue_id",), None, "venue_id"),
        (("display_time",), "soon", "display_time"),
        (("display_time",), 1.5, "display_time"),
        (("display_time",), int(NOW) + 1_000, "display_time"),
        (("display_time",), int(NOW) - 60, "display_time"),
        (("number_of_screens",), 0, "number_of_screens"),
        (("direct_connection",), "yes", "direct_connection"),
        (("device_attribute",), None, "device_attribute"),
        (("device_attribute",), [{"name": "x"}], "device_attribute"),
        (("display_area",), [], "display_area"),
        (("display_area", 0, "id"), "", "display_area.id"),
        (("display_area", 0, "width"), "1920", "display_area.width"),
        (("display_area", 0, "supported_media"), ["jpeg"], "display_area.supported_media"),
        (("display_area", 0, "allow_audio"), True, "display_area.allow_audio"),
        (("display_area", 0, "cpm_floor_cents"), 1.5, "display_area.cpm_floor_cents"),
        (("display_area", 0, "max_duration"), 0, "display_area"),
        (("latitude",), 91, "latitude"),
        (("tmax",), 5, "tmax"),
    ],
)
def test_what_is_wrong_is_said(path: tuple[str | int, ...], value: object, said: str) -> None:
    body: Any = copy.deepcopy(REQUEST) | {"display_time": int(NOW)}
    assert problems(body, NOW) == []
    at = body
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    assert any(one.startswith(f"{said}:") for one in problems(body, NOW)), problems(body, NOW)


def test_statuses(client: FlaskClient) -> None:
    assert ask(client, display_time="x").status_code == 400
    assert ask(client, api_key="wrong").status_code == 403
    assert client.post("/api/v1/get_ad/json", data=b"{").status_code == 400
    assert state(client)["bad_requests"] == 3


def leased(flaky: str = "") -> tuple[VistarBook, str]:
    book = VistarBook()
    book.answered(ALWAYS.outcome(0), Leased("l", "a.png", NOW, NOW + 900, 10.0, flaky))
    return book, "l"


@pytest.mark.parametrize(
    ("display_time", "at_s", "status", "said"),
    [
        (NOW + 5, 15, 200, "counted"),
        (NOW + 5, 12, 200, "counted"),  # 7 of 10 s, and the second that the API's rounding may take
        (NOW + 5, 11, 400, "Too early"),
        (NOW + 880, 890, 200, "counted"),
        (NOW + 880, 901, 400, "Lease expired by 1 seconds"),
        (NOW - 60, 10, 400, "Invalid display time"),
        (NOW + 60, 10, 400, "Invalid display time"),
        (None, 10, 400, "Invalid display time"),
    ],
)
def test_proofs(display_time: float | None, at_s: float, status: int, said: str) -> None:
    book, lease = leased()
    told = None if display_time is None else int(display_time)
    assert book.prove(lease, told, NOW + at_s)[0] == status
    assert book.state(NOW)["proofs"] == (status == 200)
    assert status == 200 or any(said.partition(" by ")[0] in one for one in book.state(NOW)["bad_calls"])


def test_a_lease_is_spent_by_either_call() -> None:
    book, lease = leased()
    assert book.prove(lease, int(NOW), NOW + 20)[0] == 200
    assert book.prove(lease, int(NOW), NOW + 20) == (400, "Lease Already Spent")
    assert book.expire(lease, NOW + 20) == (400, "Lease Already Spent")
    assert book.expire("unknown", NOW) == (400, "Invalid URL")


@pytest.mark.parametrize(("flaky", "status"), [("proof", 503), ("expiration", 408)])
def test_a_flaky_call_counts_the_second_time(flaky: str, status: int) -> None:
    book, lease = leased(flaky)
    calls = [
        book.prove(lease, int(NOW), NOW + 20) if flaky == "proof" else book.expire(lease, NOW + 20) for _ in range(2)
    ]
    assert [call[0] for call in calls] == [status, 200]


def test_what_nobody_answers_for_is_forgotten() -> None:
    book, _ = leased()
    assert (book.state(NOW + 10)["outstanding"], book.state(NOW + 10)["forgotten"]) == (1, 0)
    assert (book.state(NOW + 901)["outstanding"], book.state(NOW + 901)["forgotten"]) == (0, 1)


def test_all_assets_are_listed(client: FlaskClient) -> None:
    body = REQUEST | {"display_time": round(time.time())}
    found = (client.post("/api/v1/get_asset/json", json=body).json or {})["asset"]
    assert len(found) > 5
    assert {one["mime_type"] for one in found} == {"image/jpeg", "image/png"}
    assert state(client)["asset_lists"] == 1


def test_the_mix_holds_every_kind_of_answer() -> None:
    mix = Mix(broken_share=0.3, nofill_share=0.3, throttle_share=0.1, slow_share=0)
    with client_of(mix) as client:
        statuses = {ask(client).status_code for _ in range(60)}
        book = state(client)
    assert statuses == {200, 204, 429}
    assert len(book["broken"]) == 8
    assert book["filled"] + book["nofill"] + book["throttled"] + sum(book["broken"].values()) == 60
