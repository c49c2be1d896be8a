"""Posting heartbeats: gzip JSON over HTTPS."""

from __future__ import annotations

from collections.abc import Sequence

from cache import Clock
from config import Code, HeartbeatConfig, OohError, read_secret
from player.backoff import ThrottledError, retry_after_s
from player.fetch import Http
from player.heartbeat._pack import Beat, pack

_TIMEOUT_S = 15.0
_MOST_ANSWER_BYTES = 65_536
_THROTTLED = (429, 503)
_REFUSED = (400, 413, 415, 422)
"""What the same body will be answered with again."""


class RefusedError(OohError):
    """The receiver does not take this body, and will not take it later."""


class Heartbeat:
    """The receiver of heartbeats."""

    def __init__(self, config: HeartbeatConfig, http: Http, clock: Clock) -> None:
        """Raises ``ConfigError`` when the token's file cannot be read."""
        self._url = config.url
        self._http = http
        self._clock = clock
        self._headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        if config.token_file:
            self._headers["Authorization"] = f"Bearer {read_secret(config.token_file)}"

    def send(self, beats: Sequence[Beat]) -> None:
        """Post one, or several in one request.

        Raises ``OohError``: FETCH_*; ``ThrottledError`` on 429 and 503; ``RefusedError`` on 400, 413, 415 and 422.
        """
        answer = self._http.request(
            "POST",
            self._url,
            headers=self._headers,
            body=pack(beats),
            timeout_s=_TIMEOUT_S,
            max_bytes=_MOST_ANSWER_BYTES,
        )
        told = f"heartbeat: status {answer.status}"
        if answer.status in _THROTTLED:
            wait_s = retry_after_s(answer.headers.get("retry-after"), self._clock.now())
            raise ThrottledError(Code.FETCH_STATUS, told, wait_s)
        if answer.status in _REFUSED:
            raise RefusedError(Code.FETCH_STATUS, told)
        if answer.status >= 300:
            raise OohError(Code.FETCH_STATUS, told)
