"""Reading a stream back over the Kinesis API: de-aggregated by a decoder of its own, and counted by play."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Any

MAGIC = b"\xf3\x89\x9a\xc2"
_DIGEST_BYTES = 16
_TIP_ANSWERS = 2
"""Empty answers at the tip of a shard that end the reading."""


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """One record as its sender made it. ``sequence_number`` is that of the aggregate it came in."""

    shard_id: str
    sequence_number: str
    partition_key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Tally:
    """What the records say. ``plays``: by id, the first copy of each."""

    plays: Mapping[str, Mapping[str, Any]]
    repeats: int
    """Copies of a play that say the same: allowed, Kinesis cannot prevent them; a consumer drops them by id."""
    conflicting: tuple[str, ...]
    """Ids of plays whose copies differ: never allowed."""
    malformed: int
    """Records that are not one JSON object with an ``id``, ended by a newline."""


class NotAggregatedError(ValueError):
    """The bytes are not a whole aggregate."""


def read_back(endpoint: str, stream: str, region: str = "us-east-1") -> tuple[ReadRecord, ...]:
    """Every record of every shard, from the oldest. Needs no real credentials against ``endpoint``."""
    client = _client(endpoint, region)
    shards = client.list_shards(StreamName=stream)["Shards"]
    return tuple(record for shard in shards for record in _read_shard(client, stream, shard["ShardId"]))


def tally(records: Iterable[ReadRecord]) -> Tally:
    """Count plays by id."""
    first: dict[str, dict[str, Any]] = {}
    repeats: Counter[str] = Counter()
    conflicting: dict[str, None] = {}
    malformed = 0
    for record in records:
        play = _play(record.data)
        if play is None:
            malformed += 1
        elif play["id"] not in first:
            first[play["id"]] = play
        elif first[play["id"]] == play:
            repeats[play["id"]] += 1
        else:
            conflicting[play["id"]] = None
    return Tally(first, repeats.total(), tuple(conflicting), malformed)


def deaggregate(data: bytes) -> tuple[tuple[str, bytes], ...]:
    """``(partition key, data)`` of each record in a KPL aggregate. Raises :class:`NotAggregatedError`.

    The format (awslabs/amazon-kinesis-producer, aggregation-format.md): magic, protobuf, MD5 of the protobuf.
    """
    if len(data) < len(MAGIC) + _DIGEST_BYTES or not data.startswith(MAGIC):
        msg = "no magic at the start"
        raise NotAggregatedError(msg)
    body, digest = data[len(MAGIC) : -_DIGEST_BYTES], data[-_DIGEST_BYTES:]
    if md5(body, usedforsecurity=False).digest() != digest:
        msg = "the digest is not that of the body"
        raise NotAggregatedError(msg)
    keys: list[str] = []
    records: list[tuple[int, bytes]] = []
    for field, value in _fields(body):
        if field == 1 and isinstance(value, bytes):
            keys.append(value.decode())
        elif field == 3 and isinstance(value, bytes):
            records.append(_record(value))
    try:
        return tuple((keys[at], record) for at, record in records)
    except IndexError as error:
        msg = "a record names a key that is not in the table"
        raise NotAggregatedError(msg) from error


def _client(endpoint: str, region: str) -> Any:  # noqa: ANN401 - botocore makes its methods at run time
    from botocore.config import Config  # noqa: PLC0415 - half a second, only for those who read
    from botocore.session import Session  # noqa: PLC0415

    return Session().create_client(
        "kinesis",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",  # noqa: S106 - the sandbox has no accounts
        config=Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 5}),
    )


def _read_shard(client: Any, stream: str, shard_id: str) -> Iterator[ReadRecord]:  # noqa: ANN401 - as above
    iterator = client.get_shard_iterator(StreamName=stream, ShardId=shard_id, ShardIteratorType="TRIM_HORIZON")
    position, empty = iterator["ShardIterator"], 0
    while position is not None and empty < _TIP_ANSWERS:
        answer = client.get_records(ShardIterator=position)
        position = answer.get("NextShardIterator")
        at_tip = not answer["Records"] and not answer.get("MillisBehindLatest")
        empty = empty + 1 if at_tip else 0
        for record in answer["Records"]:
            yield from _unpack(shard_id, record)


def _unpack(shard_id: str, record: Mapping[str, Any]) -> Iterator[ReadRecord]:
    """The records within, or the record itself when it is no aggregate (as AWS's own consumers do)."""
    try:
        inner = deaggregate(record["Data"])
    except NotAggregatedError:
        inner = ((record["PartitionKey"], record["Data"]),)
    for key, data in inner:
        yield ReadRecord(shard_id, record["SequenceNumber"], key, data)


def _play(data: bytes) -> dict[str, Any] | None:
    """The play in a record, or None when there is not exactly one."""
    if not data.endswith(b"\n"):
        return None
    try:
        play = json.loads(data)
    except ValueError:
        return None
    return play if isinstance(play, dict) and isinstance(play.get("id"), str) else None


def _record(body: bytes) -> tuple[int, bytes]:
    """The index of the key and the data of one protobuf ``Record``."""
    key_index, data = 0, b""
    for field, value in _fields(body):
        if field == 1 and isinstance(value, int):
            key_index = value
        elif field == 3 and isinstance(value, bytes):
            data = value
    return key_index, data


def _fields(body: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protobuf message: varints and length-delimited ones, which are all that the format has."""
    at = 0
    while at < len(body):
        tag, at = _varint(body, at)
        field, wire = tag >> 3, tag & 7
        value, at = _varint(body, at)
        if wire == 0:
            yield field, value
        elif wire == 2:
            if at + value > len(body):
                msg = "a field goes beyond the end"
                raise NotAggregatedError(msg)
            yield field, body[at : at + value]
            at += value
        else:
            msg = f"wire type {wire} does not belong there"
            raise NotAggregatedError(msg)


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(body):
        byte = body[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    msg = "a number goes beyond the end"
    raise NotAggregatedError(msg)
