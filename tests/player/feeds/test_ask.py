"""One source's requests: conditional, bounded, and silent about keys."""

from __future__ import annotations

import gzip
import json
from email.utils import format_datetime

import pytest

from config import Code, OohError
from player.backoff import ThrottledError
from player.feeds import Ask
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.fake_http import Asked
from tests.player.feeds.sources import Source

URL = "https://feed.test/data"


def ask(page: object, clock: FakeClock | None = None, secret: str = "") -> tuple[Ask, Source]:
    source = Source({"*": page})  # type: ignore[dict-item] # whatever a test serves
    return Ask(source, clock or FakeClock(), secret), source


@pytest.mark.parametrize("told", ["etag", "last-modified"])
def test_what_did_not_change_is_kept(told: str) -> None:
    sent = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}[told]

    def page(asked: Asked) -> HttpAnswer:
        if asked.headers.get(sent) == '"v1"':
            return HttpAnswer(304, {}, b"")
        return HttpAnswer(200, {told: '"v1"'}, b'{"a":1}')

    asking, source = ask(page)
    assert [asking.json(URL), asking.json(URL)] == [{"a": 1}] * 2
    assert sent not in source.asked[0].headers
    assert source.asked[1].headers[sent] == '"v1"'


def test_a_body_that_could_not_be_read_is_not_kept() -> None:
    asking, source = ask(HttpAnswer(200, {"etag": '"v1"'}, b"<html>"))
    for _ in range(2):
        with pytest.raises(OohError):
            asking.json(URL)
    assert "If-None-Match" not in source.asked[1].headers


def test_not_modified_to_a_question_without_condition_is_an_error() -> None:
    asking, _ = ask(HttpAnswer(304, {}, b""))
    with pytest.raises(OohError) as found:
        asking.json(URL)
    assert found.value.code is Code.FETCH_STATUS


def test_few_bodies_are_kept_and_no_large_ones() -> None:
    asking, source = ask(HttpAnswer(200, {"etag": '"v1"'}, b"{}"))
    for number in range(20):
        asking.json(f"{URL}/{number}")
    asking.json(f"{URL}/0")
    assert "If-None-Match" not in source.asked[-1].headers
    source.pages["*"] = HttpAnswer(200, {"etag": '"v1"'}, b'{"a":"' + b"x" * 1_100_000 + b'"}')
    asking.json(f"{URL}/large")
    asking.json(f"{URL}/large")
    assert "If-None-Match" not in source.asked[-1].headers


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        ('{"a":"é"}'.encode("utf-16"), {"a": "é"}),
        (b'{"a":NaN,"b":-Infinity,"d":[NaN]}', {"a": None, "b": None, "d": [None]}),
        (b'{"a":NaN,"c":"NaN \\" Infinity"}', {"a": None, "c": 'NaN " Infinity'}),
        (b'{"NaN":NaN}', {"NaN": None}),
        (b'\n\t {"a":\x00null}', {"a": None}),
    ],
    ids=["bom", "utf16", "nan", "nan-text", "nan-key", "controls"],
)
def test_bodies_that_servers_really_send(body: bytes, expected: object) -> None:
    assert ask(body)[0].json(URL) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Log in</title>",
        b"null",
        b"[1]",
        b'"text"',
        b'{"a":',
        b'{"a":NaN',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        gzip.compress(b"{}"),
        b'{"a":1e999999999999999999999}',
    ],
    ids=["html", "null", "list", "text", "cut", "cut-nan", "deep", "deep-objects", "gzip", "exponent"],
)
def test_what_is_no_object_is_invalid(body: bytes) -> None:
    with pytest.raises(OohError) as found:
        ask(body)[0].json(URL)
    assert found.value.code is Code.FEED_INVALID


@pytest.mark.parametrize(
    ("status", "headers", "wait_s"),
    [
        (429, {"retry-after": "30"}, 30.0),
        (429, {}, None),
        (503, {"retry-after": "soon"}, None),
        (500, {"retry-after": "99999999"}, 3600.0),
        (403, {"retry-after": "Sun, 22 Nov 2026 12:01:00 GMT"}, 60.0),
    ],
)
def test_being_told_to_wait(status: int, headers: dict[str, str], wait_s: float | None) -> None:
    with pytest.raises(ThrottledError) as found:
        ask(HttpAnswer(status, headers, b""))[0].json(URL)
    assert found.value.retry_after_s == wait_s


@pytest.mark.parametrize("key", ["reason", "message", "detail", "title"])
def test_an_error_says_what_the_server_said(key: str) -> None:
    with pytest.raises(OohError) as found:
        ask(HttpAnswer(401, {}, json.dumps({key: "Invalid\nAPI key"}).encode()))[0].json(URL)
    assert found.value.detail == "status 401: Invalid API key"


@pytest.mark.parametrize("shown", ["k&y/1", "k%26y%2F1"])
def test_a_key_is_in_no_error_nor_in_what_caused_it(shown: str) -> None:
    inner = OohError(Code.FETCH_NETWORK, f"max retries exceeded with url: /data?appid={shown}")
    for page in (inner, HttpAnswer(400, {}, json.dumps({"message": f"bad {shown}"}).encode())):
        with pytest.raises(OohError) as found:
            ask(page, secret="k&y/1")[0].json(URL)
        assert shown not in str(found.value)
        assert "***" in found.value.detail
        assert found.value.__cause__ is None
        assert found.value.__suppress_context__ or found.value.__context__ is None


def test_all_requests_of_a_visit_share_one_time_limit() -> None:
    clock = FakeClock()

    def slow(_asked: Asked) -> HttpAnswer:
        clock.advance(14)
        return HttpAnswer(200, {}, b"{}")

    asking, source = ask(slow, clock)
    for _ in range(3):
        assert asking.json(URL) == {}
    with pytest.raises(OohError) as found:
        asking.json(URL)
    assert found.value.code is Code.FETCH_TIMEOUT
    assert sum(asked.timeout_s for asked in source.asked) <= 15 + 15 + 12
    asking.begin()
    assert asking.json(URL) == {}


def test_it_says_who_asks() -> None:
    asking, source = ask({})
    asking.json(URL)
    assert source.asked[0].headers["User-Agent"].startswith("ooh-player/")


def test_the_age_of_an_answer_is_what_caches_say_or_what_its_date_shows() -> None:
    clock = FakeClock()
    told = {"age": "40", "date": format_datetime(clock.now(), usegmt=True)}
    asking, source = ask(HttpAnswer(200, told, b"{}"), clock)
    asking.json(URL)
    assert asking.age_s == 40
    clock.advance(100)
    asking.begin()  # a cache that sends no Age: only the Date tells
    source.pages["*"] = HttpAnswer(200, {"date": told["date"]}, b"{}")
    asking.json(URL)
    assert asking.age_s == 100
    asking.begin()
    asking.json(URL, lasting=True)
    assert (asking.age_s, asking.fresh_for_s) == (0, None)
