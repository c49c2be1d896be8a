"""The aggregate is what Amazon's and Google's own code read and write."""

from __future__ import annotations

import base64
import hashlib
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aws_kinesis_agg import deaggregator
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from player.delivery import Aggregates, Entry, encode, pack
from player.delivery._aggregate import added_bytes, overhead_bytes, varint

keys = st.text(min_size=1, max_size=64)
records = st.lists(st.binary(max_size=400), max_size=12)


@dataclass(frozen=True)
class Waiting:
    play_id: str
    record: bytes
    attempts: int = 0


def aggregated_record() -> type[Message]:
    """The message of aggregation-format.md, described to Google's runtime field by field."""
    Field = descriptor_pb2.FieldDescriptorProto  # noqa: N806 - a class
    optional, repeated, required = Field.LABEL_OPTIONAL, Field.LABEL_REPEATED, Field.LABEL_REQUIRED
    file = descriptor_pb2.FileDescriptorProto(name="kpl.proto", package="kpl", syntax="proto2")
    record = file.message_type.add(name="Record")
    record.field.add(name="partition_key_index", number=1, type=Field.TYPE_UINT64, label=required)
    record.field.add(name="explicit_hash_key_index", number=2, type=Field.TYPE_UINT64, label=optional)
    record.field.add(name="data", number=3, type=Field.TYPE_BYTES, label=required)
    whole = file.message_type.add(name="AggregatedRecord")
    whole.field.add(name="partition_key_table", number=1, type=Field.TYPE_STRING, label=repeated)
    whole.field.add(name="explicit_hash_key_table", number=2, type=Field.TYPE_STRING, label=repeated)
    whole.field.add(name="records", number=3, type=Field.TYPE_MESSAGE, type_name=".kpl.Record", label=repeated)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("kpl.AggregatedRecord"))


AggregatedRecord: Any = aggregated_record()


def by_google(key: str, data: list[bytes]) -> bytes:
    message = AggregatedRecord()
    message.partition_key_table.append(key)
    for one in data:
        record = message.records.add()
        record.partition_key_index = 0
        record.data = one
    body: bytes = message.SerializeToString()
    return b"\xf3\x89\x9a\xc2" + body + hashlib.md5(body).digest()  # noqa: S324


def by_amazon(entry: Entry, key: str) -> list[bytes]:
    record = {"SequenceNumber": "1", "PartitionKey": key, "ApproximateArrivalTimestamp": datetime.now(UTC)}
    got = list(deaggregator.iter_deaggregate_records([{**record, "Data": entry.data}], data_format="Boto3"))
    assert all(one["kinesis"]["partitionKey"] == key for one in got)
    return [base64.b64decode(one["kinesis"]["data"]) for one in got]


@given(keys, records)
def test_bytes_are_those_of_googles_encoder(key: str, data: list[bytes]) -> None:
    assert encode(key, data) == by_google(key, data)


@given(keys, records)
def test_size_is_known_before_encoding(key: str, data: list[bytes]) -> None:
    assert len(encode(key, data)) == overhead_bytes(key) + sum(added_bytes(len(one)) for one in data)


def test_sizes_around_every_varint_step() -> None:
    for size in (0, 1, 120, 121, 122, 123, 124, 125, 126, 127, 128, 16_376, 16_380, 16_383, 16_384, 100_000):
        data = [b"x" * size, b"y"]
        assert encode("screen-1", data) == by_google("screen-1", data)
        assert len(encode("screen-1", data)) == overhead_bytes("screen-1") + sum(added_bytes(len(one)) for one in data)


def test_varint() -> None:
    assert [varint(value) for value in (0, 127, 128, 300)] == [b"\x00", b"\x7f", b"\x80\x01", b"\xac\x02"]


@given(st.lists(st.binary(min_size=1, max_size=600), max_size=30), st.integers(200, 2_000))
def test_pack_keeps_order_and_bounds(data: list[bytes], fill_bytes: int) -> None:
    plays = [Waiting(str(number), one) for number, one in enumerate(data)]
    entries = list(pack(Aggregates("screen-1"), plays, fill_bytes))
    assert [play_id for entry in entries for play_id in entry.play_ids] == [play.play_id for play in plays]
    for entry in entries:
        assert len(entry.data) <= fill_bytes or len(entry.play_ids) == 1
    for entry, after in itertools.pairwise(entries):
        first = data[int(after.play_ids[0])] + b"\n"
        assert len(entry.data) + added_bytes(len(first)) > fill_bytes, "an aggregate was closed before it was full"


def test_amazons_consumer_reads_every_play_with_its_newline() -> None:
    plays = [Waiting(str(number), b'{"id":"%d"}' % number) for number in range(50)]
    entries = list(pack(Aggregates("berlin-alex-3"), plays, 300))
    assert len(entries) > 3
    got = [record for entry in entries for record in by_amazon(entry, "berlin-alex-3")]
    assert got == [play.record + b"\n" for play in plays]


def test_nothing_packs_to_nothing() -> None:
    assert list(pack(Aggregates("screen-1"), [], 25_000)) == []
