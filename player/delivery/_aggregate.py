"""The aggregate: many plays in one Kinesis record, in the format of Amazon's Kinesis Producer Library.

Format (awslabs/amazon-kinesis-producer, ``aggregation-format.md``)::

    F3 89 9A C2 | AggregatedRecord as protobuf | MD5 of the protobuf

    message Record           { required uint64 partition_key_index = 1; required bytes data = 3; }
    message AggregatedRecord { repeated string partition_key_table = 1; repeated Record records = 3; }

An aggregate holds exactly one partition key: a consumer that finds keys of other shards in it drops it whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

MAGIC = b"\xf3\x89\x9a\xc2"
MD5_BYTES = 16

_KEY_TABLE = 0x0A  # field 1, length-delimited
_RECORDS = 0x1A  # field 3, length-delimited
_KEY_INDEX_0 = b"\x08\x00"  # field 1, varint: the first (and only) key of the table
_DATA = 0x1A  # field 3, length-delimited


def varint(value: int) -> bytes:
    """A protobuf base-128 varint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def encode(partition_key: str, records: Iterable[bytes]) -> bytes:
    """The aggregate of ``records``, byte for byte as Google's protobuf encoder and Amazon's library write it."""
    body = b"".join((_key_table(partition_key), *(_framed(record) for record in records)))
    # MD5 is the format's check sum, not a guard against anybody.
    return MAGIC + body + hashlib.md5(body, usedforsecurity=False).digest()


def overhead_bytes(partition_key: str) -> int:
    """The size of an aggregate without records."""
    return len(MAGIC) + len(_key_table(partition_key)) + MD5_BYTES


def added_bytes(record_bytes: int) -> int:
    """By how much one more record of that length makes an aggregate longer."""
    inner = len(_KEY_INDEX_0) + 1 + len(varint(record_bytes)) + record_bytes
    return 1 + len(varint(inner)) + inner


def _key_table(partition_key: str) -> bytes:
    key = partition_key.encode()
    return bytes((_KEY_TABLE,)) + varint(len(key)) + key


def _framed(record: bytes) -> bytes:
    inner = _KEY_INDEX_0 + bytes((_DATA,)) + varint(len(record)) + record
    return bytes((_RECORDS,)) + varint(len(inner)) + inner
