"""The Kinesis sink: one ``PutRecords`` at a time, and which of its entries the stream really took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from botocore.config import Config as ClientConfig
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)
from botocore.session import Session

from config import Code, OohError, ProofConfig
from player.delivery._sink import Accepted, Refused, Sent

if TYPE_CHECKING:
    from player.delivery._aggregate import Entry

MAX_RECORD_BYTES = 1_048_576
"""Data and partition key of one record (PutRecords, default quota: 1 MiB)."""

_CONNECT_S = 5
_READ_S = 15
_THROTTLED = frozenset(
    {
        "KMSThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_NO_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    ProfileNotFound,
    TokenRetrievalError,
)


class Client(Protocol):
    """What is used of botocore's Kinesis client."""

    def put_records(self, *, StreamName: str, Records: Sequence[Mapping[str, object]]) -> Mapping[str, Any]:  # noqa: N803 - the API's own names
        """See the API reference of Kinesis Data Streams, ``PutRecords``."""


def open_client(proof: ProofConfig) -> Client:
    """botocore's client: credentials by AWS's own chain, one attempt a call (the player is the one retry layer)."""
    client: Any = Session().create_client(
        "kinesis",
        region_name=proof.region,
        endpoint_url=proof.endpoint or None,
        config=ClientConfig(
            retries={"total_max_attempts": 1},
            connect_timeout=_CONNECT_S,
            read_timeout=_READ_S,
            max_pool_connections=1,
            tcp_keepalive=True,
        ),
    )
    kinesis: Client = client  # its methods are made at run time
    return kinesis


class KinesisSink:
    """A Kinesis data stream. The partition key is the screen id: one screen's plays stay in one shard, in order."""

    name = "kinesis"

    def __init__(self, client: Client, stream: str, screen_id: str) -> None:
        self._client = client
        self._stream = stream
        self.partition_key = screen_id
        self.max_entry_bytes = MAX_RECORD_BYTES - len(screen_id.encode())

    def send(self, entries: Sequence[Entry]) -> Sent:
        """One request. An entry counts as accepted only with its ``SequenceNumber``.

        Raises ``OohError``: ``DELIVERY_THROTTLED``, ``DELIVERY_UNAVAILABLE`` (also a lost reply: the entries may be
        in the stream, and are sent again) or ``DELIVERY_REFUSED``.
        """
        records = [{"Data": entry.data, "PartitionKey": self.partition_key} for entry in entries]
        try:
            answer = self._client.put_records(StreamName=self._stream, Records=records)
        except ClientError as error:
            raise _from_answer(error) from error
        except _NO_CREDENTIALS as error:
            raise OohError(Code.DELIVERY_REFUSED, str(error)) from error
        except BotoCoreError as error:
            raise OohError(Code.DELIVERY_UNAVAILABLE, str(error)) from error
        return _read(entries, answer.get("Records"))


def _read(entries: Sequence[Entry], results: object) -> Sent:
    """HTTP 200 says nothing yet: every entry has a result of its own, in the order of the request."""
    rows = results if isinstance(results, list) else []
    accepted: list[Accepted] = []
    refused: list[Refused] = []
    for number, entry in enumerate(entries):
        row = rows[number] if number < len(rows) and isinstance(rows[number], dict) else {}
        sequence_number = row.get("SequenceNumber")
        if sequence_number and not row.get("ErrorCode"):
            accepted.append(Accepted(entry, row.get("ShardId"), str(sequence_number)))
        else:
            reason = str(row.get("ErrorCode") or "no SequenceNumber in the answer")
            code = Code.DELIVERY_THROTTLED if reason in _THROTTLED else Code.DELIVERY_UNAVAILABLE
            refused.append(Refused(entry, code, reason))
    return Sent(tuple(accepted), tuple(refused))


def _from_answer(error: ClientError) -> OohError:
    reason = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if reason in _THROTTLED or status == 429:
        return OohError(Code.DELIVERY_THROTTLED, str(error))
    if status >= 500 or status == 408:
        return OohError(Code.DELIVERY_UNAVAILABLE, str(error))
    return OohError(Code.DELIVERY_REFUSED, str(error))
