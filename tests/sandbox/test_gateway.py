"""The sandbox's gateway books a batch once, and says no in every way that a real one does."""

from __future__ import annotations

import gzip

import pytest
import requests

from sandbox.gateway import Book, Manners, make_app
from tests.sandbox.servers import Process, running

LINES = b'{"id":"a"}\n{"id":"b"}\n'
HEADERS = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip", "Idempotency-Key": "k1"}


def post(url: str, lines: bytes = LINES, **headers: str) -> requests.Response:
    return requests.post(f"{url}/plays", data=gzip.compress(lines), headers={**HEADERS, **headers}, timeout=5)


def test_a_key_is_booked_once() -> None:
    book = Book()
    with running(make_app(book=book)) as url:
        assert [post(url).status_code for _ in range(3)] == [200, 200, 200]
        assert post(url, b'{"id":"c"}\n').status_code == 422, "another batch under the same key"
        assert post(url, b'{"id":"b"}\n{"id":"c"}\n', **{"Idempotency-Key": "k2"}).status_code == 200
    assert book.order == ["a", "b", "c"]
    assert (book.counts["batches_again"], book.counts["plays_again"], book.counts["keys_misused"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("lines", "headers", "status"),
    [
        (b"x" * 200, {}, 413),
        (b'{"id":"a"}', {}, 422),
        (b"[]\n", {}, 422),
        (b"nonsense\n", {}, 422),
        (LINES, {"Content-Type": "text/plain"}, 415),
        (LINES, {"Idempotency-Key": ""}, 400),
        (LINES, {"Authorization": "Bearer other"}, 401),
    ],
)
def test_it_refuses_what_is_not_the_contract(lines: bytes, headers: dict[str, str], status: int) -> None:
    whole = {"Authorization": "Bearer t", **headers}
    with running(make_app(Manners(token="t", most_bytes=100))) as url:
        assert post(url, lines, **whole).status_code == status


def test_it_throttles_and_lists_what_it_took() -> None:
    with running(make_app(Manners(throttle_share=0.5, retry_after_s=7, names_ids=True))) as url:
        answers = [post(url) for _ in range(10)]
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 5
    assert {answer.headers["Retry-After"] for answer in answers if answer.status_code == 429} == {"7"}
    assert {tuple(answer.json()["accepted"]) for answer in answers if answer.ok} == {("a", "b")}


def test_it_is_a_command() -> None:
    with Process("gateway", "--port", "0") as process:
        assert post(process.address).status_code == 200
        assert requests.get(f"{process.address}/_state", timeout=5).json()["plays"] == 2
