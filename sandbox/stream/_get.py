"""GetShardIterator and GetRecords: reading back, from any position."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.stream import _arguments as arguments
from sandbox.stream._errors import KinesisError, invalid, not_found
from sandbox.stream._shards import shards
from sandbox.stream._store import Store, number_of, sequence_number

MAX_RECORDS = 10_000
MAX_BYTES = 10 * 1024 * 1024
_VALID_S = 300.0
"""An iterator lives five minutes."""


@dataclass(frozen=True, slots=True)
class _Iterator:
    """A position: the next record is the first behind ``after``."""

    stream: str
    shard: int
    after: int
    made_at: float

    def token(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def parse(cls, token: str) -> _Iterator:
        try:
            return cls(**json.loads(base64.urlsafe_b64decode(token)))
        except (ValueError, TypeError) as error:
            message = "Invalid ShardIterator."
            raise invalid(message) from error


class Reader:
    """Reads records."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def shard_iterator(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's GetShardIterator."""
        name = arguments.stream_name(call)
        found = self._store.stream(name)
        if found is None:
            raise not_found(name)
        shard_id = arguments.text(call, "ShardId")
        shard = next((shard.number for shard in shards(found[0]) if shard.id == shard_id), None)
        if shard is None:
            message = f"Shard {shard_id} in stream {name} not found"
            raise KinesisError("ResourceNotFoundException", message)
        after = self._position(call, name, shard)
        return {"ShardIterator": _Iterator(name, shard, after, time.time()).token()}

    def _position(self, call: Mapping[str, Any], name: str, shard: int) -> int:
        kind = arguments.text(call, "ShardIteratorType")
        if kind == "TRIM_HORIZON":
            return 0
        if kind == "LATEST":
            return self._store.last_number(name, shard)
        if kind == "AT_TIMESTAMP" and isinstance(call.get("Timestamp"), int | float):
            return self._store.number_before(name, shard, float(call["Timestamp"]))
        if kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"):
            try:
                number = number_of(arguments.text(call, "StartingSequenceNumber"))
            except ValueError as error:
                raise invalid(str(error)) from error
            return number - 1 if kind == "AT_SEQUENCE_NUMBER" else number
        message = f"ShardIteratorType {kind} is not one, or lacks its argument"
        raise invalid(message)

    def records(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's GetRecords: up to 10,000 records or 10 MiB."""
        position = _Iterator.parse(arguments.text(call, "ShardIterator"))
        if time.time() - position.made_at > _VALID_S:
            message = "Iterator expired."
            raise KinesisError("ExpiredIteratorException", message)
        limit = arguments.integer(call, "Limit", 1, MAX_RECORDS, MAX_RECORDS)
        taken: list[dict[str, Any]] = []
        size_bytes, after = 0, position.after
        for record in self._store.after(position.stream, position.shard, position.after, limit):
            size_bytes += len(record.data)
            if taken and size_bytes > MAX_BYTES:
                break
            after = record.number
            taken.append(
                {
                    "SequenceNumber": sequence_number(record.number),
                    "ApproximateArrivalTimestamp": round(record.arrived_at, 3),
                    "Data": base64.b64encode(record.data).decode(),
                    "PartitionKey": record.partition_key,
                }
            )
        return {
            "Records": taken,
            "NextShardIterator": _Iterator(position.stream, position.shard, after, time.time()).token(),
            "MillisBehindLatest": self._behind_ms(position, after),
        }

    def _behind_ms(self, position: _Iterator, after: int) -> int:
        """0 at the tip; else the age of the next record that waits."""
        waiting = self._store.after(position.stream, position.shard, after, 1)
        return max(1, int((time.time() - waiting[0].arrived_at) * 1000)) if waiting else 0
