"""A small Kinesis stream over HTTP for tests: throttles, fails in part and loses replies as it is told."""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aws_kinesis_agg import deaggregator


@dataclass
class Stream:
    """What the server holds, and what it shall do with the next requests."""

    url: str = ""
    data: list[bytes] = field(default_factory=list)
    requests: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)
    orders: deque[str] = field(default_factory=deque)
    """One a request: ``take``, ``lose`` (keep, but do not answer), ``odd`` (refuse every second entry), ``http:500``,
    ``error:ThrottlingException`` …; empty: take."""

    def plays(self) -> list[str]:
        """The ids of all plays in it, by Amazon's own consumer library."""
        return [json.loads(line)["id"] for entry in self.data for line in read_entry(entry)]

    def answer(self, request: dict[str, Any], order: str) -> tuple[int, dict[str, Any]]:
        if order.startswith("http:"):
            return int(order[5:]), {"message": "no"}
        if order.startswith("error:"):
            return 400, {"__type": order[6:], "message": "no"}
        rows: list[dict[str, str]] = []
        for number, record in enumerate(request["Records"]):
            if order == "odd" and number % 2:
                rows.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"})
            else:
                self.data.append(base64.b64decode(record["Data"]))
                rows.append({"SequenceNumber": str(len(self.data)), "ShardId": "shardId-000000000000"})
        return 200, {"FailedRecordCount": sum("ErrorCode" in row for row in rows), "Records": rows}


def read_entry(entry: bytes) -> list[bytes]:
    """The plays of one aggregate, read by Amazon's library."""
    record = {"SequenceNumber": "1", "PartitionKey": "", "ApproximateArrivalTimestamp": None, "Data": entry}
    got = deaggregator.iter_deaggregate_records([record], data_format="Boto3")
    return [base64.b64decode(one["kinesis"]["data"]) for one in got]


@contextmanager
def serving(stream: Stream) -> Iterator[Stream]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["X-Amz-Target"] == "Kinesis_20131202.PutRecords"
            stream.requests += 1
            stream.headers.append(dict(self.headers.items()))
            order = stream.orders.popleft() if stream.orders else "take"
            status, document = stream.answer(request, order)
            self.close_connection = order == "lose"
            if self.close_connection:
                return
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    stream.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stream
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
