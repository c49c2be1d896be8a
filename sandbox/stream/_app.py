"""The stream's HTTP face: AWS JSON 1.1, one URL, the operation in a header."""

from __future__ import annotations

import json
import logging
import socket
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask, Response, jsonify, request

from sandbox.stream._describe import Describer
from sandbox.stream._errors import KinesisError
from sandbox.stream._faults import Faults
from sandbox.stream._get import Reader
from sandbox.stream._put import Writer
from sandbox.stream._store import Store

TARGET = "Kinesis_20131202."
CONTENT_TYPE = "application/x-amz-json-1.1"
_MAX_BODY_BYTES = 16 * 1024 * 1024
"""10 MiB of records in base64, and their keys."""

Operation = Callable[[Mapping[str, Any]], dict[str, Any]]
log = logging.getLogger("ooh.sandbox")


def make_app(folder: Path, faults: Faults | None = None, streams: Sequence[str] = ()) -> Flask:
    """The stream server on a folder. ``streams``: ``NAME`` or ``NAME:SHARDS``, made if they are not there."""
    faults = faults or Faults()
    store = Store(folder)
    for wanted in streams:
        name, _, shards = wanted.partition(":")
        store.create(name, int(shards or 1))
    writer = Writer(store, faults)
    operations = _operations(writer, Reader(store), Describer(store))
    requests = _Requests()
    app = Flask("sandbox.stream", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY_BYTES
    app.config["STORE"] = store

    @app.post("/")
    def call() -> Response:
        name = request.headers.get("X-Amz-Target", "").removeprefix(TARGET)
        number = requests.count(name)
        try:
            answer = _run(operations, name)
        except KinesisError as error:
            return _error(error)
        if name.startswith("Put") and faults.loses_answer(number):
            requests.count("lost")
            log.info("stream.answer_lost", extra={"facts": {"request": number}})
            _hang_up()
        return Response(json.dumps(answer), content_type=CONTENT_TYPE)

    @app.get("/_state")
    def state() -> Response:
        return jsonify(requests.state() | {"records": store.count()} | dict(writer.counts))

    return app


class _Requests:
    """Counts of requests by operation; puts are numbered together."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()

    def count(self, name: str) -> int:
        """How many of its kind came before."""
        kind = "put" if name.startswith("Put") else name
        with self._lock:
            self._counts[kind] += 1
            return self._counts[kind] - 1

    def state(self) -> dict[str, Any]:
        with self._lock:
            return {"put_requests": self._counts["put"], "lost_answers": self._counts["lost"]}


def _operations(writer: Writer, reader: Reader, describer: Describer) -> dict[str, Operation]:
    return {
        "CreateStream": describer.create_stream,
        "DescribeStream": describer.describe_stream,
        "DescribeStreamSummary": describer.describe_stream_summary,
        "ListShards": describer.list_shards,
        "ListStreams": describer.list_streams,
        "PutRecord": writer.put_record,
        "PutRecords": writer.put_records,
        "GetShardIterator": reader.shard_iterator,
        "GetRecords": reader.records,
    }


def _run(operations: Mapping[str, Operation], name: str) -> dict[str, Any]:
    if name not in operations:
        raise KinesisError("UnknownOperationException", f"{name or 'no operation'} is not known here")
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError as error:
        message = "the body is not JSON"
        raise KinesisError("SerializationException", message) from error
    if not isinstance(body, dict):
        message = "the body is not a JSON object"
        raise KinesisError("SerializationException", message)
    return operations[name](body)


def _error(error: KinesisError) -> Response:
    body = json.dumps({"__type": error.code, "message": error.message})
    return Response(body, status=error.status, content_type=CONTENT_TYPE)


def _hang_up() -> None:
    """Close the connection before the answer: the client cannot know that the records were stored."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
