"""The network of one HTML5 creative while it is taken in: guarded as every download, and within limits of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from config import Code, FetchConfig, OohError
from player.fetch._shapes import Http

if TYPE_CHECKING:
    from renderer.prepare import Resource

_MOST_REQUESTS = 200
_ONE_TIMEOUT_S = 10.0
_ONE_BYTES = 10_000_000
_HEADERS = {"Accept": "*/*", "Accept-Language": "en"}


class GuardedResources:
    """``renderer.prepare.Resources`` over the guarded HTTP client, for one creative; safe to use from several threads.

    In all it gives at most ``limits.max_bytes`` within ``limits.timeout_seconds``, in 200 requests.
    """

    def __init__(self, http: Http, limits: FetchConfig, now_s: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._now_s = now_s
        self._ends_at_s = now_s() + limits.timeout_seconds
        self._left_bytes = limits.max_bytes
        self._left_requests = _MOST_REQUESTS
        self._lock = threading.Lock()

    def get(self, url: str) -> Resource:
        """GET one address; any status is an answer.

        Raises ``OohError``: FETCH_REFUSED, FETCH_NETWORK, FETCH_TIMEOUT, FETCH_TOO_LARGE.
        """
        from renderer.prepare import Resource  # noqa: PLC0415 - who only downloads should not load the painter

        with self._lock:
            self._left_requests -= 1
            left_bytes = self._left_bytes
        left_s = self._ends_at_s - self._now_s()
        if self._left_requests < 0 or left_bytes <= 0:
            raise OohError(Code.FETCH_TOO_LARGE, "one creative asks for too much")
        if left_s <= 0:
            raise OohError(Code.FETCH_TIMEOUT, "one creative asks for too long")
        answer = self._http.request(
            "GET",
            url,
            headers=_HEADERS,
            body=None,
            timeout_s=min(left_s, _ONE_TIMEOUT_S),
            max_bytes=min(left_bytes, _ONE_BYTES),
        )
        with self._lock:
            self._left_bytes -= len(answer.body)
        return Resource(answer.status, answer.headers.get("content-type", ""), answer.body, answer.url)
