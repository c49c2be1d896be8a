"""Shards: where a partition key goes (MD5 of the key, by range of hash keys)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import md5

HASH_KEYS = 1 << 128


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard and its range of hash keys, both ends included."""

    number: int
    first_key: int
    last_key: int

    @property
    def id(self) -> str:
        """Kinesis' name for it."""
        return f"shardId-{self.number:012d}"


def shards(count: int) -> tuple[Shard, ...]:
    """``count`` shards with equal parts of the hash keys; the last takes the rest."""
    width = HASH_KEYS // count
    return tuple(
        Shard(number, number * width, HASH_KEYS - 1 if number == count - 1 else (number + 1) * width - 1)
        for number in range(count)
    )


def hash_key(partition_key: str) -> int:
    """MD5 as an integer: Kinesis' own rule, no secret in it."""
    return int.from_bytes(md5(partition_key.encode(), usedforsecurity=False).digest(), "big")


def shard_for(key: int, count: int) -> Shard:
    """The shard whose range holds the hash key."""
    return shards(count)[min(key // (HASH_KEYS // count), count - 1)]
