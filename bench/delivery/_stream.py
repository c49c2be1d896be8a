"""A stream for measuring: takes everything at once, keeps nothing but counts. A process of its own."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from sandbox.reader import NotAggregatedError, deaggregate

UNIT_BYTES = 25_000
"""A PUT payload unit: Amazon says 25 KB, and does not say of which kilobytes; this is the dearer reading."""


@dataclass
class Received:
    """Since it was last asked."""

    requests: int = 0
    records: int = 0
    units: int = 0
    plays: int = 0

    def take(self, record: dict[str, Any]) -> None:
        """Count one Kinesis record."""
        data = base64.b64decode(record["Data"])
        self.records += 1
        self.units += -(-(len(data) + len(record["PartitionKey"])) // UNIT_BYTES)
        try:
            self.plays += len(deaggregate(data))
        except NotAggregatedError:
            self.plays += 1


def serve(pipe: Connection) -> None:
    """Serve until the process is ended; tells its address first, then counts whenever it is asked."""
    counts = [Received()]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            records = body.get("Records")
            counts[0].requests += 1
            for record in [body] if records is None else records:
                counts[0].take(record)
            taken = {"SequenceNumber": "1", "ShardId": "shardId-000000000000"}
            whole = {"FailedRecordCount": 0, "Records": [taken] * len(records)} if records is not None else taken
            answer = json.dumps(whole).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(f"http://127.0.0.1:{server.server_address[1]}")
    while pipe.recv():
        told, counts[0] = counts[0], Received()
        pipe.send(told)
