"""The gateway sink over real HTTP, against the sandbox's gateway and against answers of every kind."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cache import SystemClock
from config import Code, FetchConfig, OohError, ProofConfig
from player.backoff import Backoff, ThrottledError
from player.delivery import Delivery, Entry, GatewaySink, Sent
from player.delivery._gateway import MAX_BODY_BYTES
from player.fetch import HttpAnswer, open_http
from sandbox.gateway import Book, Manners, make_app
from tests.fakes import FakeClock
from tests.player.delivery.waiting import MemoryQueue
from tests.sandbox.servers import running

URL = "https://gateway.test/plays"


@dataclass
class FakeHttp:
    """Answers in turn; keeps what was asked."""

    answers: list[HttpAnswer | OohError] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def request(self, method: str, url: str, **about: Any) -> HttpAnswer:
        self.asked.append({"method": method, "url": url, **about})
        answer = self.answers.pop(0) if self.answers else HttpAnswer(200, {}, b"")
        if isinstance(answer, OohError):
            raise answer
        return answer


def entry(*names: str) -> Entry:
    data = b"".join(f'{{"id":"{name}"}}\n'.encode() for name in names)
    return Entry(names, data, len(data))


def ask(answer: HttpAnswer | OohError, clock: FakeClock) -> Sent:
    return GatewaySink(ProofConfig(gateway_url=URL), FakeHttp([answer]), clock).send([entry("a", "b", "c")])


def names(sent: Sent) -> tuple[list[str], list[str], list[str]]:
    return (
        [name for each in sent.accepted for name in each.entry.play_ids],
        [name for each in sent.refused for name in each.entry.play_ids],
        [each.play_id for each in sent.poison],
    )


def worker(queue: MemoryQueue, url: str, pause: Any = None, **proof: Any) -> Delivery:
    http = open_http(FetchConfig(allow_hosts=("127.0.0.1",)), "0")
    clock = SystemClock()
    sink = GatewaySink(ProofConfig(gateway_url=f"{url}/plays", **proof), http, clock)
    backoff = Backoff(first_s=0.01, cap_s=0.02)
    return Delivery(
        queue, sink, flush_bytes=2_000, fill_bytes=4_000, flush_seconds=60, clock=clock, backoff=backoff, pause=pause
    )


def test_the_request_is_as_the_contract_says(clock: FakeClock, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    http = FakeHttp()
    sink = GatewaySink(ProofConfig(gateway_url=URL, gateway_token_file=str(token)), http, clock)
    sink.send([entry("a", "b")])
    token.write_text("rotated")
    sink.send([entry("a", "b")])
    sink.send([entry("a")])
    first, again, other = http.asked
    assert (first["method"], first["url"]) == ("POST", URL)
    assert gzip.decompress(first["body"]) == b'{"id":"a"}\n{"id":"b"}\n'
    assert first["headers"]["Content-Type"] == "application/x-ndjson"
    assert first["headers"]["Content-Encoding"] == "gzip"
    assert first["headers"]["Authorization"] == "Bearer s3cret"
    assert again["headers"]["Authorization"] == "Bearer rotated"
    keys = [asked["headers"]["Idempotency-Key"] for asked in (first, again, other)]
    assert keys[0] == keys[1] != keys[2]
    assert first["body"] == again["body"]
    assert first["timeout_s"] <= 30


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (301, Code.DELIVERY_REFUSED),
        (400, Code.DELIVERY_REFUSED),
        (401, Code.DELIVERY_CREDENTIALS),
        (403, Code.DELIVERY_DENIED),
        (404, Code.DELIVERY_NO_RECEIVER),
        (408, Code.DELIVERY_UNAVAILABLE),
        (409, Code.DELIVERY_UNAVAILABLE),
        (413, Code.DELIVERY_TOO_LARGE),
        (422, Code.DELIVERY_REFUSED),
        (429, Code.DELIVERY_THROTTLED),
        (500, Code.DELIVERY_UNAVAILABLE),
        (503, Code.DELIVERY_UNAVAILABLE),
    ],
)
def test_every_status_has_its_code(clock: FakeClock, status: int, code: Code) -> None:
    with pytest.raises(OohError) as caught:
        ask(HttpAnswer(status, {"retry-after": "17"}, b""), clock)
    assert caught.value.code is code
    if status in {429, 503}:
        assert isinstance(caught.value, ThrottledError)
        assert caught.value.retry_after_s == 17


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OohError(Code.FETCH_NETWORK, "connection refused"), Code.DELIVERY_UNAVAILABLE),
        (OohError(Code.FETCH_TIMEOUT, "slow"), Code.DELIVERY_UNAVAILABLE),
        (OohError(Code.FETCH_REFUSED, "a private address"), Code.DELIVERY_REFUSED),
        (OohError(Code.FETCH_NETWORK, "certificate is not yet valid"), Code.DELIVERY_CLOCK),
    ],
    ids=["network", "timeout", "refused", "clock"],
)
def test_every_failure_of_the_network_has_its_code(clock: FakeClock, error: OohError, code: Code) -> None:
    with pytest.raises(OohError) as caught:
        ask(error, clock)
    assert caught.value.code is code


def test_a_token_that_cannot_be_read_is_no_reason_to_lose_plays(clock: FakeClock, tmp_path: Path) -> None:
    proof = ProofConfig(gateway_url=URL, gateway_token_file=str(tmp_path / "none"))
    with pytest.raises(OohError) as caught:
        GatewaySink(proof, FakeHttp(), clock).send([entry("a")])
    assert caught.value.code is Code.DELIVERY_CREDENTIALS


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (["a", "b", "c"], [], [])),
        (b"OK", (["a", "b", "c"], [], [])),
        (b'["a"]', (["a", "b", "c"], [], [])),
        (b'{"status": "fine"}', (["a", "b", "c"], [], [])),
        (b'{"accepted": ["c", "a", "z"]}', (["a", "c"], ["b"], [])),
        (b'{"accepted": []}', ([], ["a", "b", "c"], [])),
        (b'{"accepted": "all"}', ([], ["a", "b", "c"], [])),
        (b'{"refused": {"b": "no such screen", "z": "?"}}', (["a", "c"], [], ["b"])),
        (b'{"accepted": ["a", "b"], "refused": {"b": "unknown"}}', (["a"], ["c"], ["b"])),
    ],
)
def test_what_an_answer_acknowledges(clock: FakeClock, body: bytes, expected: object) -> None:
    sent = ask(HttpAnswer(202, {}, body), clock)
    assert names(sent) == expected
    assert all(each.sequence_number for each in sent.accepted)


def test_a_play_that_the_gateway_refuses_is_set_aside(clock: FakeClock) -> None:
    queue = MemoryQueue(sink="gateway")
    queue.add(3)
    http = FakeHttp([HttpAnswer(200, {}, b'{"refused": {"play-2": "no such screen"}}')])
    sink = GatewaySink(ProofConfig(gateway_url=URL), http, clock)
    step = Delivery(queue, sink, flush_bytes=2_000, flush_seconds=1, clock=clock).step(flush=True)
    assert (step.delivered, step.failed, step.set_aside) == (2, 0, 1)
    assert "no such screen" in queue.aside["play-2"]
    assert not queue.plays


def test_a_batch_keeps_its_key_over_retries_though_more_plays_come(clock: FakeClock) -> None:
    queue = MemoryQueue(sink="gateway")
    lost = OohError(Code.FETCH_NETWORK, "reset by peer")
    http = FakeHttp([lost, lost])
    sink = GatewaySink(ProofConfig(gateway_url=URL), http, clock)

    def later() -> Delivery:
        """As after a restart: nothing is remembered but the journal."""
        return Delivery(queue, sink, flush_bytes=2_000, fill_bytes=9_000, flush_seconds=1, clock=clock)

    queue.add(3)
    later().step(flush=True)
    queue.add(3)
    later().step(flush=True)
    queue.add(200)
    later().step(flush=True)
    later().drain(600)
    keys = [asked["headers"]["Idempotency-Key"] for asked in http.asked]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert gzip.decompress(http.asked[2]["body"]).count(b"\n") == 3
    assert len(queue.receipts) == 206
    assert len(set(keys)) == len(keys) - 2


def test_413_makes_batches_smaller_until_they_pass() -> None:
    book = Book()
    queue = MemoryQueue(sink="gateway")
    queue.add(40)
    with running(make_app(Manners(most_bytes=1_000), book)) as url:
        assert worker(queue, url).drain(20)
    assert book.order == [f"play-{number}" for number in range(1, 41)]
    assert not queue.aside


def test_one_record_too_large_for_the_gateway_is_set_aside_and_the_rest_passes() -> None:
    book = Book()
    queue = MemoryQueue(sink="gateway")
    queue.add(5)
    queue.add(1, size_bytes=30_000)
    queue.add(5)
    with running(make_app(Manners(most_bytes=20_000), book)) as url:
        assert worker(queue, url).drain(20)
    assert list(queue.aside) == ["play-6"]
    assert len(book.plays) == 10


def test_a_gateway_that_finds_everything_too_large_loses_nothing(clock: FakeClock) -> None:
    queue = MemoryQueue(sink="gateway")
    queue.add(4)
    http = FakeHttp([HttpAnswer(413, {}, b"")] * 50)
    sink = GatewaySink(ProofConfig(gateway_url=URL), http, clock)
    job = Delivery(queue, sink, flush_bytes=2_000, flush_seconds=1, clock=clock, pause=clock.advance)
    assert not job.drain(300)
    assert len(queue.plays) == 4
    assert job.last_error is not None
    assert job.last_error.code is Code.DELIVERY_TOO_LARGE
    assert len(http.asked) < 40, "it asks seldom"


def test_through_every_weather_all_plays_arrive_once(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret")
    book, queue = Book(), MemoryQueue(sink="gateway")
    queue.add(300)
    manners = Manners(token="s3cret", throttle_share=0.2, retry_after_s=0, lose_share=0.2, names_ids=True)
    with running(make_app(manners, book)) as url:
        assert worker(queue, url, gateway_token_file=str(token)).drain(30)
    assert book.order == [f"play-{number}" for number in range(1, 301)]
    assert set(queue.receipts) == set(book.plays)
    assert book.counts["batches_again"] > 0, "replies were lost"
    assert book.counts["plays_again"] == book.counts["keys_misused"] == book.counts["plays_conflicting"] == 0


def test_a_wrong_token_is_not_called_for_ever() -> None:
    queue = MemoryQueue(sink="gateway")
    queue.add(1)
    with running(make_app(Manners(token="other"))) as url:
        job = worker(queue, url)
        job.step(flush=True)
        assert job.last_error is not None
        assert job.last_error.code is Code.DELIVERY_CREDENTIALS
    assert queue.plays


def test_no_batch_is_larger_than_a_gateway_takes(clock: FakeClock) -> None:
    queue = MemoryQueue(sink="gateway")
    queue.add(900, size_bytes=20_000)
    http = FakeHttp()
    sink = GatewaySink(ProofConfig(gateway_url=URL), http, clock)
    job = Delivery(queue, sink, flush_bytes=2_000, fill_bytes=MAX_BODY_BYTES * 2, flush_seconds=1, clock=clock)
    assert job.drain(60)
    sizes = [len(gzip.decompress(asked["body"])) for asked in http.asked]
    assert max(sizes) <= MAX_BODY_BYTES
