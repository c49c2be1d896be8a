"""PutRecord and PutRecords: limits checked, shard chosen, rate kept, faults played, then stored."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sandbox.stream import _arguments as arguments
from sandbox.stream._errors import KinesisError, invalid, not_found, over_rate, validation
from sandbox.stream._faults import Faults
from sandbox.stream._shards import HASH_KEYS, Shard, hash_key, shard_for
from sandbox.stream._store import NewRecord, Store, sequence_number
from sandbox.stream._throttle import Bucket

MAX_RECORDS = 500
MAX_REQUEST_BYTES = 10 * 1024 * 1024
MAX_RECORD_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Entry:
    """One record of a request, read and measured. ``size_bytes``: data and key, as Kinesis counts."""

    shard: Shard
    record: NewRecord
    size_bytes: int


class Writer:
    """Writes records; one token bucket per shard of each stream."""

    def __init__(self, store: Store, faults: Faults, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._faults = faults
        self._monotonic_s = monotonic_s
        self._lock = Lock()
        self._buckets: dict[tuple[str, int], Bucket] = {}
        self._record_number = 0
        self.counts: Counter[str] = Counter()

    def put_records(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's PutRecords: 200 even when some or all records failed."""
        name, entries = self._entries(call)
        with self._lock:
            errors = [self._refusal(name, entry) for entry in entries]
        good = [entry for entry, error in zip(entries, errors, strict=True) if error is None]
        numbers = iter(self._store.append(name, [entry.record for entry in good]))
        results = [
            {"ShardId": entry.shard.id, "SequenceNumber": sequence_number(next(numbers))}
            if error is None
            else {"ErrorCode": error.code, "ErrorMessage": error.message}
            for entry, error in zip(entries, errors, strict=True)
        ]
        return {"FailedRecordCount": len(entries) - len(good), "Records": results}

    def put_record(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's PutRecord."""
        name = arguments.stream_name(call)
        entry = self._entry(call, self._shard_count(name))
        with self._lock:
            error = self._refusal(name, entry)
        if error is not None:
            raise error
        (number,) = self._store.append(name, [entry.record])
        return {"ShardId": entry.shard.id, "SequenceNumber": sequence_number(number)}

    def _entries(self, call: Mapping[str, Any]) -> tuple[str, list[_Entry]]:
        name = arguments.stream_name(call)
        records = call.get("Records")
        if not isinstance(records, list) or not 1 <= len(records) <= MAX_RECORDS:
            message = (
                f"Value at 'records' failed to satisfy constraint: Member must have length between 1 and {MAX_RECORDS}"
            )
            raise validation(message)
        shard_count = self._shard_count(name)
        entries = [self._entry(record, shard_count) for record in records]
        if sum(entry.size_bytes for entry in entries) > MAX_REQUEST_BYTES:
            message = f"Records size exceeds {MAX_REQUEST_BYTES} bytes"
            raise invalid(message)
        return name, entries

    def _shard_count(self, name: str) -> int:
        found = self._store.stream(name)
        if found is None:
            raise not_found(name)
        return found[0]

    def _entry(self, record: Mapping[str, Any], shard_count: int) -> _Entry:
        data, key = arguments.data(record), arguments.partition_key(record)
        if len(data) > MAX_RECORD_BYTES:
            message = f"Value at 'data' failed to satisfy constraint: Member must have length <= {MAX_RECORD_BYTES}"
            raise validation(message)
        explicit = record.get("ExplicitHashKey")
        wanted = hash_key(key) if explicit is None else _explicit(explicit)
        shard = shard_for(wanted, shard_count)
        return _Entry(shard, NewRecord(shard.number, key, data), len(data) + len(key.encode()))

    def _refusal(self, name: str, entry: _Entry) -> KinesisError | None:
        """Why this record is not taken: a fault on purpose, or the shard's rate; None when it is."""
        number = self._record_number
        self._record_number += 1
        code = self._faults.refuses(number)
        if code == "InternalFailure":
            self.counts["failed"] += 1
            return KinesisError(code, "Internal Service Failure", status=500)
        bucket = self._buckets.setdefault((name, entry.shard.number), Bucket(self._monotonic_s))
        if code is None and bucket.take(entry.size_bytes):
            self.counts["stored"] += 1
            return None
        self.counts["throttled" if code is None else "failed"] += 1
        return over_rate(name, entry.shard.id)


def _explicit(value: object) -> int:
    if not isinstance(value, str) or not value.isdigit() or int(value) >= HASH_KEYS:
        message = f"Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, {HASH_KEYS - 1}]."
        raise invalid(message)
    return int(value)
