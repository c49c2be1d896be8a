"""Reading back: our own decoder against AWS's encoder, and an honest tally."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aws_kinesis_agg.aggregator import RecordAggregator
from hypothesis import given
from hypothesis import strategies as st

from sandbox.reader import NotAggregatedError, ReadRecord, deaggregate, read_back, tally
from sandbox.stream import make_app
from tests.sandbox.servers import kinesis, running


def aggregate(records: list[tuple[str, bytes]]) -> bytes:
    """As AWS's own library makes it."""
    aggregator = RecordAggregator()
    for key, data in records:
        aggregator.add_user_record(key, data)
    _, _, body = aggregator.clear_and_get().get_contents()
    return bytes(body)


def record(data: bytes) -> ReadRecord:
    return ReadRecord("shardId-000000000000", "1", "k", data)


def play(play_id: str, **more: object) -> bytes:
    return json.dumps({"id": play_id, **more}).encode() + b"\n"


@given(st.lists(st.tuples(st.sampled_from(["a", "screen-1", "ü"]), st.binary(max_size=300)), min_size=1, max_size=20))
def test_aws_aggregates_are_read(records: list[tuple[str, bytes]]) -> None:
    assert list(deaggregate(aggregate(records))) == records


@given(st.binary(max_size=200))
def test_other_bytes_are_not_aggregates(data: bytes) -> None:
    with pytest.raises(NotAggregatedError):
        deaggregate(data)


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_changed_byte_is_noticed(at: int, flip: int) -> None:
    whole = bytearray(aggregate([("screen-1", b"x" * 150)]))
    at %= len(whole)
    whole[at] ^= flip
    with pytest.raises(NotAggregatedError):
        deaggregate(bytes(whole))


def test_the_tally_tells_repeats_from_conflicts() -> None:
    told = tally(
        record(data)
        for data in (
            play("1"),
            play("1"),
            play("2", shown_ms=5),
            play("2", shown_ms=6),
            b"{}\n",
            b"junk",
            play("3")[:-1],
        )
    )
    assert set(told.plays) == {"1", "2"}
    assert (told.repeats, told.conflicting, told.malformed) == (1, ("2",), 3)


def test_a_stream_is_read_back_whole(tmp_path: Path) -> None:
    app = make_app(tmp_path, streams=["plays:2"])
    with running(app) as address:
        client = kinesis(address)
        for at in range(12):
            whole = aggregate([(f"screen-{at}", play(f"{at}-{of}")) for of in range(5)])
            client.put_record(StreamName="plays", Data=whole, PartitionKey=f"screen-{at}")
        client.put_record(StreamName="plays", Data=play("plain"), PartitionKey="screen-x")
        back = read_back(address, "plays")
    app.config["STORE"].close()
    told = tally(back)
    assert len(told.plays) == len(back) == 61
    assert {read.shard_id for read in back} == {"shardId-000000000000", "shardId-000000000001"}
