"""The stream, by an ordinary botocore client: limits, faults, and records that survive a kill."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from sandbox.stream import Faults, make_app
from sandbox.stream._put import Writer
from sandbox.stream._shards import HASH_KEYS, hash_key, shard_for, shards
from sandbox.stream._store import Store, sequence_number
from sandbox.stream._throttle import Bucket
from tests.sandbox.servers import Process, kinesis, running


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[Any]:
    app = make_app(tmp_path, streams=["plays:2"])
    with running(app) as address:
        yield kinesis(address)
    app.config["STORE"].close()


def entries(count: int, size: int = 10) -> list[dict[str, Any]]:
    return [{"Data": b"x" * size, "PartitionKey": f"screen-{at}"} for at in range(count)]


def read(client: Any, shard_id: str, **position: Any) -> list[dict[str, Any]]:
    position = position or {"ShardIteratorType": "TRIM_HORIZON"}
    iterator = client.get_shard_iterator(StreamName="plays", ShardId=shard_id, **position)["ShardIterator"]
    return list(client.get_records(ShardIterator=iterator)["Records"])


def test_records_come_back_in_order_on_the_shard_of_their_key(stream: Any) -> None:
    sent = [{"Data": f"{at}".encode(), "PartitionKey": "screen-1"} for at in range(20)]
    results = stream.put_records(StreamName="plays", Records=sent)["Records"]
    (shard_id,) = {result["ShardId"] for result in results}
    back = read(stream, shard_id)
    assert [record["Data"] for record in back] == [entry["Data"] for entry in sent]
    assert [record["SequenceNumber"] for record in back] == [result["SequenceNumber"] for result in results]
    assert shard_id == shard_for(hash_key("screen-1"), 2).id


def test_positions(stream: Any) -> None:
    results = [stream.put_record(StreamName="plays", Data=b"%d" % at, PartitionKey="k") for at in range(3)]
    shard_id, middle = results[1]["ShardId"], results[1]["SequenceNumber"]

    def at(kind: str, **more: Any) -> list[bytes]:
        return [record["Data"] for record in read(stream, shard_id, ShardIteratorType=kind, **more)]

    assert at("AT_SEQUENCE_NUMBER", StartingSequenceNumber=middle) == [b"1", b"2"]
    assert at("AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=middle) == [b"2"]
    assert at("LATEST") == []
    assert at("AT_TIMESTAMP", Timestamp=0) == [b"0", b"1", b"2"]


def test_a_stream_describes_itself(stream: Any) -> None:
    stream.create_stream(StreamName="other", ShardCount=3)
    summary = stream.describe_stream_summary(StreamName="other")["StreamDescriptionSummary"]
    assert (summary["StreamStatus"], summary["OpenShardCount"]) == ("ACTIVE", 3)
    ranges = [shard["HashKeyRange"] for shard in stream.list_shards(StreamName="other")["Shards"]]
    assert len(stream.describe_stream(StreamName="other")["StreamDescription"]["Shards"]) == 3
    assert (ranges[0]["StartingHashKey"], ranges[-1]["EndingHashKey"]) == ("0", str(HASH_KEYS - 1))
    assert stream.list_streams()["StreamNames"] == ["other", "plays"]


def test_hash_ranges_leave_no_gap() -> None:
    for count in (1, 2, 3, 7):
        parts = shards(count)
        assert parts[0].first_key == 0
        assert parts[-1].last_key == HASH_KEYS - 1
        assert all(after.first_key == before.last_key + 1 for before, after in itertools.pairwise(parts))
        assert all(shard_for(key, count) == part for part in parts for key in (part.first_key, part.last_key))


@pytest.mark.parametrize(
    ("records", "code"),
    [
        (entries(501), "ValidationException"),
        (entries(1, 1024 * 1024 + 1), "ValidationException"),
        (entries(11, 1024 * 1024 - 1000), "InvalidArgumentException"),
        ([{"Data": b"x", "PartitionKey": "k", "ExplicitHashKey": str(HASH_KEYS)}], "InvalidArgumentException"),
    ],
)
def test_limits_of_a_request(stream: Any, records: list[dict[str, Any]], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        stream.put_records(StreamName="plays", Records=records)
    assert caught.value.response["Error"]["Code"] == code


def test_an_unknown_stream_and_an_unknown_operation(stream: Any) -> None:
    with pytest.raises(stream.exceptions.ResourceNotFoundException):
        stream.put_record(StreamName="nothing", Data=b"x", PartitionKey="k")
    with pytest.raises(ClientError, match="UnknownOperation"):
        stream.delete_stream(StreamName="plays")
    with pytest.raises(stream.exceptions.ResourceInUseException):
        stream.create_stream(StreamName="plays", ShardCount=1)


def test_a_bucket_is_a_second_of_a_shard() -> None:
    now = [100.0]
    bucket = Bucket(lambda: now[0])
    assert all(bucket.take(1) for _ in range(1000))
    assert not bucket.take(1)
    now[0] += 0.5
    assert sum(bucket.take(1) for _ in range(1000)) == 500
    now[0] += 60
    assert bucket.take(1024 * 1024)
    assert not bucket.take(1000)
    now[0] += 0.125
    assert bucket.take(125_000)
    assert not bucket.take(125_000)


def put(writer: Writer, count: int, size: int) -> dict[str, Any]:
    data = base64.b64encode(b"x" * size).decode()
    records = [{"Data": data, "PartitionKey": "one-screen"} for _ in range(count)]
    return writer.put_records({"StreamName": "plays", "Records": records})


def test_a_burst_on_one_shard_is_throttled_within_a_good_answer(tmp_path: Path) -> None:
    """The founding talk's bug: many large sends at once, most of them refused though the answer is 200."""
    store = Store(tmp_path)
    store.create("plays", 1)
    writer = Writer(store, Faults(), monotonic_s=lambda: 0.0)
    answers = [put(writer, 10, 50_000) for _ in range(5)]
    taken = [result for answer in answers for result in answer["Records"] if "SequenceNumber" in result]
    refused = [result for answer in answers for result in answer["Records"] if "ErrorCode" in result]
    assert len(taken) == 20
    assert {result["ErrorCode"] for result in refused} == {"ProvisionedThroughputExceededException"}
    assert sum(answer["FailedRecordCount"] for answer in answers) == len(refused) == 30
    assert writer.counts["throttled"] == 30
    assert store.count() == 20
    store.close()


def test_refused_records_are_not_stored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.create("plays", 1)
    writer = Writer(store, Faults(fail_share=0.25))
    answer = put(writer, 100, 10)
    assert answer["FailedRecordCount"] == 25
    assert {"InternalFailure", "ProvisionedThroughputExceededException"} == {
        result["ErrorCode"] for result in answer["Records"] if "ErrorCode" in result
    }
    assert store.count() == 75
    store.close()


def test_a_lost_answer_is_a_stored_record(tmp_path: Path) -> None:
    app = make_app(tmp_path, Faults(lose_share=0.5), streams=["plays"])
    lost = 0
    with running(app) as address:
        client = kinesis(address)
        for _ in range(10):
            try:
                client.put_record(StreamName="plays", Data=b"x", PartitionKey="k")
            except ConnectionClosedError:
                lost += 1
    assert lost == 5
    assert app.config["STORE"].count() == 10
    app.config["STORE"].close()


def test_records_and_numbers_survive_a_kill(tmp_path: Path) -> None:
    arguments = ("stream", "--dir", str(tmp_path), "--stream", "plays")
    with Process(*arguments, "--port", "0") as first:
        sent = kinesis(first.address).put_record(StreamName="plays", Data=b"before", PartitionKey="k")
        port = first.port
        first.kill()
    with pytest.raises(EndpointConnectionError):
        kinesis(f"http://127.0.0.1:{port}").list_shards(StreamName="plays")
    with Process(*arguments, "--port", port) as second:
        client = kinesis(second.address)
        later = client.put_record(StreamName="plays", Data=b"after", PartitionKey="k")
        back = read(client, later["ShardId"])
        assert second.terminate() == 0
    assert [record["Data"] for record in back] == [b"before", b"after"]
    assert back[0]["SequenceNumber"] == sent["SequenceNumber"] == sequence_number(1)
    assert later["SequenceNumber"] > sent["SequenceNumber"]


def test_a_body_that_is_no_call_is_refused(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    with app.test_client() as client:
        for body in (b"{", b"[]"):
            answer = client.post("/", data=body, headers={"X-Amz-Target": "Kinesis_20131202.PutRecord"})
            assert answer.status_code == 400
            assert json.loads(answer.text)["__type"] == "SerializationException"
    app.config["STORE"].close()
