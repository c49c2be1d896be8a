"""The VAST server over HTTP: every shape is a document of its version, and the book tells good calls from bad."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import Element

import av
import pytest
from defusedxml.ElementTree import fromstring
from flask.testing import FlaskClient

from sandbox.exchange import Catalogue, Mix, make_app
from sandbox.vast import plan
from sandbox.vast._plan import SHAPES

ALWAYS = Mix(broken_share=0, nofill_share=0, throttle_share=0, slow_share=0)
CATALOGUE = Catalogue.load()
VERSIONS = {"inline": "2.0", "film": "4.2", "wrapped": "3.0", "pod": "4.1", "chain": "4.0", "buffet": "3.0"}
TURN: dict[str, int] = {shape: turn for turn, shape in enumerate(SHAPES)}
VALUES = {"[CACHEBUSTING]": "12345678", "[ERRORCODE]": "405", "[REASON]": "2"}


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with make_app(ALWAYS).test_client() as client:
        yield client


def documents(client: FlaskClient, shape: str) -> list[Element]:
    """The answer of that shape, hop by hop."""
    for _ in range(TURN[shape] + 1):
        answer = client.get("/vast?size=1920,1080")
    found = [parsed(answer.data)]
    while (uri := found[-1].find(".//{*}VASTAdTagURI")) is not None:
        found.append(parsed(client.get(path_of(str(uri.text))).data))
    return found


def parsed(body: bytes) -> Element:
    root: Element = fromstring(body, forbid_dtd=True)
    return root


def path_of(url: str) -> str:
    """A URL with its macros filled by the plainest of players."""
    parts = urlsplit(url.strip())
    query = [(name, VALUES.get(value, value if name == "foreign" else "x")) for name, value in parse_qsl(parts.query)]
    keep = {"ad", "at"}
    real = dict(parse_qsl(parts.query))
    query = [(name, real[name] if name in keep else value) for name, value in query]
    return f"{parts.path}?{urlencode(query)}"


def calls(documents: list[Element], name: str) -> list[str]:
    return [path_of(str(one.text)) for root in documents for one in root.iter() if one.tag.rpartition("}")[2] == name]


def events(documents: list[Element], event: str) -> list[str]:
    found = (one for root in documents for one in root.iter() if one.get("event") == event)
    return [path_of(str(one.text)) for one in found]


def state(client: FlaskClient) -> dict[str, object]:
    book: dict[str, object] = client.get("/vast/_state").get_json()
    return book


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "odd"])
def test_each_shape_is_a_document_of_its_version(client: FlaskClient, shape: str) -> None:
    found = documents(client, shape)
    assert {root.get("version") for root in found} == {VERSIONS[shape]}
    space = "{http://www.iab.com/VAST}" if VERSIONS[shape].startswith("4") else ""
    assert {root.tag for root in found} == {f"{space}VAST"}
    assert len(found) == {"wrapped": 2, "film": 2, "chain": 4}.get(shape, 1)
    assert found[-1].find(".//{*}InLine") is not None


def test_the_odd_one_is_not_well_formed(client: FlaskClient) -> None:
    for _ in range(TURN["odd"] + 1):
        body = client.get("/vast").data
    assert body.startswith(b"\xef\xbb\xbf\r\n<?xml")
    assert b"&at=" in body
    assert b"&amp;" not in body


def test_a_whole_chain_that_is_called_is_one_impression(client: FlaskClient) -> None:
    found = documents(client, "chain")
    for url in calls(found, "Impression"):
        assert client.get(url).status_code == 204
    assert len(calls(found, "Impression")) == 4
    assert (state(client)["impressions"], state(client)["partial"]) == (1, 0)


def test_half_a_chain_is_seen(client: FlaskClient) -> None:
    found = documents(client, "chain")
    for url in calls(found, "Impression")[1:]:
        client.get(url)
    assert state(client)["partial"] == 1


def test_a_call_twice_is_a_repeat(client: FlaskClient) -> None:
    (url,) = calls(documents(client, "inline"), "Impression")
    client.get(url)
    client.get(url)
    assert (state(client)["impressions"], state(client)["repeated_beacons"]) == (1, 1)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"cb": "[CACHEBUSTING]"}, "macro not replaced"),
        ({"cb": "12"}, "no random number"),
        ({"foreign": "-1"}, "foreign macro replaced"),
        ({"ad": "another"}, "unknown ad"),
        ({"at": "7"}, "unknown ad"),
    ],
    ids=["macro", "random", "foreign", "ad", "node"],
)
def test_what_is_wrong_with_a_call_is_told(client: FlaskClient, change: dict[str, str], wrong: str) -> None:
    (url,) = calls(documents(client, "inline"), "Impression")
    path, _, query = url.partition("?")
    client.get(f"{path}?{urlencode({**dict(parse_qsl(query)), **change})}")
    assert state(client)["bad_beacons"] == {wrong: 1}


def test_a_picture_has_no_quartiles(client: FlaskClient) -> None:
    (url,) = events(documents(client, "inline"), "midpoint")
    client.get(url)
    assert state(client)["bad_beacons"] == {"quartile of a picture": 1}


def test_a_program_wants_901(client: FlaskClient) -> None:
    found = documents(client, "buffet")
    client.get(calls(found, "Error")[0])
    assert state(client)["bad_beacons"] == {"405 instead of 901": 1}


def test_shown_and_failed_is_a_contradiction(client: FlaskClient) -> None:
    found = documents(client, "inline")
    for url in (*calls(found, "Impression"), *calls(found, "Error")):
        client.get(url)
    assert state(client)["shown_and_failed"] == 1


def test_a_tag_whose_macros_were_left_is_refused(client: FlaskClient) -> None:
    assert client.get("/vast?size=[PLAYERSIZE]").status_code == 400


def test_the_film_is_a_film(client: FlaskClient) -> None:
    with av.open(io.BytesIO(client.get("/vast/film.mp4").data)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 960, 540)
        assert stream.frames == ALWAYS.slot_ms * 25 // 1000


def test_the_kinds_of_no_ad() -> None:
    with make_app(Mix(broken_share=0, nofill_share=0.9, throttle_share=0, slow_share=0)).test_client() as client:
        answers = [client.get("/vast") for _ in range(30)]
        bodies = {(answer.status_code, b"Ad id" in answer.data, b"Error" in answer.data) for answer in answers}
    assert {(204, False, False), (200, False, False), (200, False, True), (200, True, True)} <= bodies


def test_trouble_is_a_loop_a_cut_or_a_broken_creative() -> None:
    mix = Mix()
    plans = [plan(number, mix, CATALOGUE) for number in range(200)]
    shapes = {one.shape for one in plans if one.outcome.kind == "broken"}
    assert shapes == {"loop", "cut", "broken"}
    assert all(one == plan(one.number, mix, CATALOGUE) for one in plans)
