"""The Kinesis sink: one ``PutRecords`` at a time, and which of its entries the stream really took."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from config import Code, OohError, ProofConfig
from player.delivery._iot import iot_provider
from player.delivery._kinesis_errors import aws_error, is_throttle, sdk_error
from player.delivery._packing import Aggregates, Entry
from player.delivery._sink import Accepted, Refused, Sent

MAX_RECORD_BYTES = 1_048_576
"""Data and partition key of one record (PutRecords, default quota: 1 MiB)."""
MAX_RECORDS = 500
"""Records of one request (PutRecords)."""

_CONNECT_S = 5
_READ_S = 15


class Client(Protocol):
    """What is used of botocore's Kinesis client."""

    def put_records(self, *, StreamName: str, Records: Sequence[Mapping[str, object]]) -> Mapping[str, Any]:  # noqa: N803 - the API's own names
        """See the API reference of Kinesis Data Streams, ``PutRecords``."""


def open_client(proof: ProofConfig, *, connect_s: float = _CONNECT_S, read_s: float = _READ_S) -> Client:
    """botocore's client: one attempt a call (the player is the one retry layer).

    Credentials come by AWS's own chain, or from the AWS IoT credential provider and nowhere else.
    """
    session = Session()
    if proof.credentials == "iot":
        session.register_component("credential_provider", iot_provider(proof))
    client: Any = session.create_client(
        "kinesis",
        region_name=proof.region,
        endpoint_url=proof.endpoint or None,
        config=ClientConfig(
            retries={"total_max_attempts": 1},
            connect_timeout=connect_s,
            read_timeout=read_s,
            max_pool_connections=1,
            tcp_keepalive=True,
        ),
    )
    kinesis: Client = client  # its methods are made at run time
    return kinesis


class KinesisSink:
    """A Kinesis data stream. The partition key is the screen id: one screen's plays stay in one shard, in order."""

    name = "kinesis"
    max_entry_bytes = MAX_RECORD_BYTES
    max_entries = MAX_RECORDS

    def __init__(
        self, client: Client, stream: str, screen_id: str, *, reopen: Callable[[], Client] | None = None
    ) -> None:
        """``reopen`` makes a new client after credentials were not good: botocore looks for them only once."""
        self._client = client
        self._stream = stream
        self._reopen = reopen
        self._stale = False
        self.partition_key = screen_id
        self.packing = Aggregates(screen_id)

    def send(self, entries: Sequence[Entry]) -> Sent:
        """One request. An entry counts as accepted only with its ``SequenceNumber``.

        Raises ``OohError``, DELIVERY_*: ``UNAVAILABLE`` (also a lost reply: the entries may be in the stream, and are
        sent again), ``THROTTLED``, ``CLOCK``, ``CREDENTIALS``, ``DENIED``, ``NO_RECEIVER``, ``TOO_LARGE``, ``REFUSED``.
        """
        try:
            answer = self._put([{"Data": entry.data, "PartitionKey": self.partition_key} for entry in entries])
        except OohError as error:
            self._stale = error.code is Code.DELIVERY_CREDENTIALS
            raise
        return _read(entries, answer.get("Records"))

    def _put(self, records: Sequence[Mapping[str, object]]) -> Mapping[str, Any]:
        try:
            if self._stale and self._reopen is not None:
                self._client = self._reopen()
                self._stale = False
            return self._client.put_records(StreamName=self._stream, Records=records)
        except ClientError as error:
            raise aws_error(error) from error
        except BotoCoreError as error:
            raise sdk_error(error) from error


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
            code = Code.DELIVERY_THROTTLED if is_throttle(reason) else Code.DELIVERY_UNAVAILABLE
            refused.append(Refused(entry, code, reason))
    return Sent(tuple(accepted), tuple(refused))
