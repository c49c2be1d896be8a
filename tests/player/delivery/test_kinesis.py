"""The Kinesis sink over real HTTP with botocore: against a stream that misbehaves, and against moto's server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.session import Session
from moto.server import ThreadedMotoServer

from cache import SystemClock
from config import Code, OohError, ProofConfig
from player.backoff import Backoff
from player.delivery import Delivery, Entry, KinesisSink, encode, open_client
from tests.player.delivery.stream_server import Stream, read_entry, serving
from tests.player.delivery.waiting import MemoryQueue


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def stream() -> Iterator[Stream]:
    with serving(Stream()) as it:
        yield it


def sink_of(url: str) -> KinesisSink:
    client = open_client(ProofConfig(stream="plays", endpoint=url))
    return KinesisSink(client, "plays", "screen-1")


def worker_of(queue: MemoryQueue, sink: KinesisSink) -> Delivery:
    backoff = Backoff(first_s=0.01, cap_s=0.05)
    return Delivery(queue, sink, flush_bytes=2_000, flush_seconds=60, clock=SystemClock(), backoff=backoff)


def entry(*names: str) -> Entry:
    data = encode("screen-1", [f'{{"id":"{name}"}}\n'.encode() for name in names])
    return Entry(names, data, len(data))


def test_partial_failure_in_http_200_is_seen(stream: Stream) -> None:
    stream.orders.append("odd")
    sent = sink_of(stream.url).send([entry("a"), entry("b"), entry("c")])
    assert [each.entry.play_ids for each in sent.accepted] == [("a",), ("c",)]
    assert [each.entry.play_ids for each in sent.refused] == [("b",)]
    assert sent.refused[0].code is Code.DELIVERY_THROTTLED
    assert [each.sequence_number for each in sent.accepted] == ["1", "2"]
    assert stream.plays() == ["a", "c"]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ("http:500", Code.DELIVERY_UNAVAILABLE),
        ("http:503", Code.DELIVERY_UNAVAILABLE),
        ("http:429", Code.DELIVERY_THROTTLED),
        ("lose", Code.DELIVERY_UNAVAILABLE),
        ("error:ProvisionedThroughputExceededException", Code.DELIVERY_THROTTLED),
        ("error:LimitExceededException", Code.DELIVERY_THROTTLED),
        ("error:ResourceNotFoundException", Code.DELIVERY_NO_RECEIVER),
        ("error:AccessDeniedException", Code.DELIVERY_DENIED),
        ("error:InvalidSignatureException", Code.DELIVERY_CLOCK),
        ("error:RequestTimeTooSkewed", Code.DELIVERY_CLOCK),
        ("error:RequestExpired", Code.DELIVERY_CLOCK),
        ("error:ExpiredTokenException", Code.DELIVERY_CREDENTIALS),
        ("error:UnrecognizedClientException", Code.DELIVERY_CREDENTIALS),
        ("error:ValidationException", Code.DELIVERY_REFUSED),
        ("error:SomethingNobodyKnows", Code.DELIVERY_REFUSED),
    ],
)
def test_every_failure_has_its_code_and_is_tried_once(stream: Stream, order: str, code: Code) -> None:
    stream.orders.append(order)
    with pytest.raises(OohError) as caught:
        sink_of(stream.url).send([entry("a")])
    assert caught.value.code is code
    assert stream.requests == 1, "the SDK must not retry: the player is the one retry layer"


def test_nobody_listens() -> None:
    with pytest.raises(OohError) as caught:
        sink_of("http://127.0.0.1:9").send([entry("a")])
    assert caught.value.code is Code.DELIVERY_UNAVAILABLE


def test_no_credentials_is_refused(monkeypatch: pytest.MonkeyPatch, stream: Stream, tmp_path: Any) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(OohError) as caught:
        sink_of(stream.url).send([entry("a")])
    assert caught.value.code is Code.DELIVERY_CREDENTIALS


def test_through_every_weather_all_plays_arrive(stream: Stream) -> None:
    stream.orders.extend(["odd", "http:500", "lose", "error:ProvisionedThroughputExceededException", "odd", "odd"])
    queue = MemoryQueue()
    queue.add(60)
    assert worker_of(queue, sink_of(stream.url)).drain(20)
    assert set(stream.plays()) == {f"play-{number}" for number in range(1, 61)} == set(queue.receipts)


def test_a_lost_reply_is_the_only_cause_of_repeats(stream: Stream) -> None:
    stream.orders.extend(["odd", "http:500", "odd"])
    queue = MemoryQueue()
    queue.add(60)
    assert worker_of(queue, sink_of(stream.url)).drain(20)
    assert len(stream.plays()) == 60


def test_moto_takes_it_and_gives_it_back() -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        client: Any = Session().create_client("kinesis", region_name="us-east-1", endpoint_url=url)
        client.create_stream(StreamName="plays", ShardCount=2)
        queue = MemoryQueue()
        queue.add(300)
        assert worker_of(queue, sink_of(url)).drain(30)
        got = read_stream(client)
        assert sorted(got) == sorted(queue.receipts)
        assert len(got) == 300
        client.close()
    finally:
        server.stop()


def read_stream(client: Any) -> list[str]:
    out: list[str] = []
    for shard in client.list_shards(StreamName="plays")["Shards"]:
        at = client.get_shard_iterator(StreamName="plays", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")[
            "ShardIterator"
        ]
        for _ in range(20):
            answer = client.get_records(ShardIterator=at, Limit=1000)
            at = answer["NextShardIterator"]
            for record in answer["Records"]:
                assert record["PartitionKey"] == "screen-1"
                out.extend(line.decode().split('"')[3] for line in read_entry(record["Data"]))
            if not answer["MillisBehindLatest"]:
                break
            time.sleep(0.05)
    return out
