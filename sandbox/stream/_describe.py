"""Streams themselves: making, describing and listing them and their shards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.stream import _arguments as arguments
from sandbox.stream._errors import ACCOUNT, KinesisError, not_found
from sandbox.stream._shards import Shard, shards
from sandbox.stream._store import Store, sequence_number

MAX_SHARDS = 100


class Describer:
    """Answers questions about streams."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create_stream(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's CreateStream; the stream is active at once."""
        name = arguments.text(call, "StreamName")
        if not self._store.create(name, arguments.integer(call, "ShardCount", 1, MAX_SHARDS, 1)):
            message = f"Stream {name} under account {ACCOUNT} already exists."
            raise KinesisError("ResourceInUseException", message)
        return {}

    def describe_stream(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's DescribeStream."""
        name, count, created_at = self._known(call)
        described = _common(name, created_at)
        described["Shards"] = [_shard(shard) for shard in shards(count)]
        described["HasMoreShards"] = False
        return {"StreamDescription": described}

    def describe_stream_summary(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's DescribeStreamSummary."""
        name, count, created_at = self._known(call)
        return {"StreamDescriptionSummary": {**_common(name, created_at), "OpenShardCount": count, "ConsumerCount": 0}}

    def list_shards(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's ListShards."""
        _, count, _ = self._known(call)
        return {"Shards": [_shard(shard) for shard in shards(count)]}

    def list_streams(self, _call: Mapping[str, Any]) -> dict[str, Any]:
        """The API's ListStreams."""
        return {"StreamNames": self._store.names(), "HasMoreStreams": False}

    def _known(self, call: Mapping[str, Any]) -> tuple[str, int, float]:
        name = arguments.stream_name(call)
        found = self._store.stream(name)
        if found is None:
            raise not_found(name)
        return name, *found


def _common(name: str, created_at: float) -> dict[str, Any]:
    return {
        "StreamName": name,
        "StreamARN": f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/{name}",
        "StreamStatus": "ACTIVE",
        "StreamModeDetails": {"StreamMode": "PROVISIONED"},
        "RetentionPeriodHours": 24,
        "StreamCreationTimestamp": round(created_at, 3),
        "EnhancedMonitoring": [{"ShardLevelMetrics": []}],
        "EncryptionType": "NONE",
    }


def _shard(shard: Shard) -> dict[str, Any]:
    return {
        "ShardId": shard.id,
        "HashKeyRange": {"StartingHashKey": str(shard.first_key), "EndingHashKey": str(shard.last_key)},
        "SequenceNumberRange": {"StartingSequenceNumber": sequence_number(0)},
    }
