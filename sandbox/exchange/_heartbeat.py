"""Reading heartbeats: gzip or plain JSON, an object or an array of them, within a size."""

from __future__ import annotations

import json
import zlib
from typing import Any

MAX_BYTES = 1_000_000
_GZIP = 16 + zlib.MAX_WBITS


class BadHeartbeatError(ValueError):
    """The body is not a heartbeat; the message says why."""


def read_heartbeats(body: bytes, encoding: str) -> list[dict[str, Any]]:
    """The documents of one request, in order. Unpacks no more than :data:`MAX_BYTES`.

    Raises :class:`BadHeartbeatError`.
    """
    if encoding.lower() == "gzip":
        body = _unpack(body)
    elif encoding:
        msg = f"content-encoding {encoding} is not gzip"
        raise BadHeartbeatError(msg)
    try:
        document = json.loads(body)
    except ValueError as error:
        msg = f"not JSON: {error}"
        raise BadHeartbeatError(msg) from error
    documents = document if isinstance(document, list) else [document]
    if not documents or not all(isinstance(one, dict) for one in documents):
        msg = "not a JSON object, or an array of them"
        raise BadHeartbeatError(msg)
    return documents


def _unpack(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        data = unpacker.decompress(body, MAX_BYTES)
    except zlib.error as error:
        msg = f"not gzip: {error}"
        raise BadHeartbeatError(msg) from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        msg = f"gzip is cut short, or holds more than {MAX_BYTES} bytes"
        raise BadHeartbeatError(msg)
    return data
