"""A heartbeat as bytes, within its bounds."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

MOST_PACKED_BYTES = 16_000
"""Of one heartbeat as sent, without its picture."""

_MOST_TEXT = 300
_DISPENSABLE = ("jobs", "exchanges", "feeds", "processes", "errors", "queues", "links")
"""What goes first when a heartbeat is too large; their names are told in ``trimmed``."""
_EMPTY: Mapping[str, Any] = {"errors": {"by_code": {}, "since_last": {}}, "links": []}


@dataclass(frozen=True, slots=True)
class Beat:
    """One heartbeat as it is sent and kept."""

    seq: int
    at: str
    """Its own time, RFC 3339."""
    body: bytes
    """JSON."""


def beat_of(document: dict[str, Any]) -> Beat:
    """The document as JSON, small enough. The same document gives the same bytes."""
    cut: dict[str, Any] = _cut(document)
    picture, cut["thumbnail"] = document.get("thumbnail"), None
    for name in _DISPENSABLE:
        if len(squeezed(msgspec.json.encode(cut))) <= MOST_PACKED_BYTES:
            break
        cut |= {name: _EMPTY.get(name, {}), "trimmed": [*cut["trimmed"], name]}
    cut["thumbnail"] = picture
    return Beat(int(cut["seq"]), str(cut["sent_at"]), msgspec.json.encode(cut))


def without_picture(beat: Beat) -> Beat:
    """As it is kept: a picture of an hour ago is not worth its bytes."""
    document = msgspec.json.decode(beat.body)
    if document.get("thumbnail") is None:
        return beat
    return Beat(beat.seq, beat.at, msgspec.json.encode({**document, "thumbnail": None}))


def pack(beats: Sequence[Beat]) -> bytes:
    """The body of a request: one object, or an array of them in order; gzip."""
    bodies = [beat.body for beat in beats]
    return squeezed(bodies[0] if len(bodies) == 1 else b"[" + b",".join(bodies) + b"]")


def squeezed(data: bytes) -> bytes:
    """Gzip without a time of its own."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def _cut(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Names that others chose may be long."""
    if isinstance(value, str):
        return value if len(value) <= _MOST_TEXT else f"{value[: _MOST_TEXT - 1]}…"
    if isinstance(value, Mapping):
        return {_cut(str(name)): _cut(item) for name, item in value.items()}
    return [_cut(item) for item in value] if isinstance(value, (list, tuple)) else value
