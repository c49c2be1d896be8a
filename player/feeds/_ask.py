"""One GET of a feed: the status judged, the JSON read."""

from __future__ import annotations

from cache import Clock
from config import Code, OohError
from player import _loose as loose
from player.backoff import ThrottledError, retry_after_s
from player.fetch import Http

_TIMEOUT_S = 20.0
_MOST_BYTES = 4_000_000
_THROTTLES = frozenset({429, 503})


def get_json(http: Http, url: str, clock: Clock) -> loose.Node:
    """The JSON object at ``url``.

    Raises ``OohError``: FEED_INVALID when it is none, FETCH_STATUS on an error status
    (``ThrottledError`` on 429 and 503), and what ``Http.request`` raises.
    """
    answer = http.request(
        "GET", url, headers={"Accept": "application/json"}, body=None, timeout_s=_TIMEOUT_S, max_bytes=_MOST_BYTES
    )
    if answer.status in _THROTTLES:
        wait_s = retry_after_s(answer.headers.get("retry-after"), clock.now())
        raise ThrottledError(Code.FETCH_STATUS, f"status {answer.status}", wait_s)
    try:
        found = loose.decode(answer.body) if answer.body.strip() else {}
    except ValueError as error:
        found = error
    reason = loose.label(found, "reason", 200)
    if not answer.good:
        raise OohError(Code.FETCH_STATUS, f"status {answer.status}{f': {reason}' if reason else ''}")
    if isinstance(found, ValueError):
        raise OohError(Code.FEED_INVALID, f"not JSON: {found}") from found
    if not isinstance(found, dict):
        raise OohError(Code.FEED_INVALID, "a JSON object was expected")
    return found
