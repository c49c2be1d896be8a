"""A download: streamed to a file and hashed on the way; what broke off goes on where it ended."""

from __future__ import annotations

import time
from pathlib import Path

from config import Code, OohError
from player.fetch._partial import Partial, StaleError, partial
from player.fetch._shapes import Fetched, HttpAnswer, HttpStream

_MOST_TRIES = 5
_PASSING = frozenset({408, 425, 429})


def fetch(
    http: HttpStream, url: str, *, max_bytes: int, timeout_s: float, into: Path, keep: Path | None = None
) -> Fetched:
    """Download ``url`` into a new file in the folder ``into`` (made when missing), within ``timeout_s`` in all.

    A connection that breaks is taken up again where it broke, when the server names the file by a strong validator
    and gives parts; with ``keep``, a folder on the same disk, also by a later call or another process. The sha256 is
    always that of the whole file. A server that gives no parts sends it all again.

    The bytes are not judged: an empty body or a web page is the prepare process's to refuse.
    Raises ``OohError``: FETCH_STATUS on anything but 200 (or a fitting 206), FETCH_REFUSED, FETCH_NETWORK,
    FETCH_TIMEOUT, FETCH_TOO_LARGE. ``OSError`` when the disk fails.
    """
    ends_at_s = time.monotonic() + timeout_s
    with partial(url, into, keep, max_bytes) as found:
        answer = _get(http, url, found, max_bytes, ends_at_s)
        path = found.finish(into)
    mime = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(path, found.sha256, found.size_bytes, mime or None, found.resumed_bytes)


def _get(http: HttpStream, url: str, found: Partial, max_bytes: int, ends_at_s: float) -> HttpAnswer:
    """All of it, in as many tries as bring it forward."""
    for left in reversed(range(_MOST_TRIES)):
        had_bytes = found.size_bytes
        try:
            return _once(http, url, found, max_bytes, ends_at_s)
        except StaleError:
            found.restart()
        except OohError as error:
            broke_off = error.code is Code.FETCH_NETWORK and found.validator and found.size_bytes > had_bytes
            if not (broke_off and left and time.monotonic() < ends_at_s):
                raise
    raise OohError(Code.FETCH_NETWORK, "the server sends parts that do not fit together")


def _once(http: HttpStream, url: str, found: Partial, max_bytes: int, ends_at_s: float) -> HttpAnswer:
    asks = found.asks()
    left_s = max(ends_at_s - time.monotonic(), 0.001)
    answer = http.stream(url, timeout_s=left_s, max_bytes=max_bytes, headers=asks, sink=found.take, begin=found.begin)
    if answer.status == 200 or (answer.status == 206 and asks):
        return answer
    if answer.status == 416 and asks:
        raise StaleError
    if answer.status < 500 and answer.status not in _PASSING:
        found.restart()
    raise OohError(Code.FETCH_STATUS, f"status {answer.status}")
